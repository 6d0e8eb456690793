package app.undertone.ui

import androidx.compose.foundation.layout.padding
import androidx.compose.material3.AlertDialog
import androidx.compose.material3.ButtonDefaults
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.material3.TextButton
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.unit.dp
import androidx.compose.ui.window.DialogProperties
import app.undertone.R

/**
 * A dialog of the app. It takes Material's width, up to 560 dp, and leaves 24 dp at both sides: the platform's own width for dialogs is
 * 320 dp, which on a phone of 320 dp is the whole screen, and on others leaves less to long words and large letters than there is.
 */
@Composable
internal fun TitledDialog(
    title: String,
    onDismiss: () -> Unit,
    confirmButton: @Composable () -> Unit,
    dismissButton: (@Composable () -> Unit)? = null,
    content: @Composable () -> Unit,
) = AlertDialog(
    onDismissRequest = onDismiss,
    confirmButton = confirmButton,
    modifier = Modifier.padding(horizontal = 24.dp, vertical = 16.dp),
    dismissButton = dismissButton,
    title = { Text(title) },
    text = content,
    properties = DialogProperties(usePlatformDefaultWidth = false),
)

/** Asks before something is deleted that cannot be had back. */
@Composable
internal fun DeletionDialog(question: String, consequence: String, confirm: String, onConfirm: () -> Unit, onDismiss: () -> Unit) = TitledDialog(
    question,
    onDismiss,
    confirmButton = {
        TextButton(onConfirm, colors = ButtonDefaults.textButtonColors(contentColor = MaterialTheme.colorScheme.error)) { Text(confirm) }
    },
    dismissButton = { TextButton(onDismiss) { Text(stringResource(R.string.cancel)) } },
) { Text(consequence) }
