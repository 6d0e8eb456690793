package app.undertone.ui

import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.material3.OutlinedTextField
import androidx.compose.material3.Text
import androidx.compose.material3.TextButton
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.res.stringResource
import app.undertone.R
import app.undertone.theme.hasLargeFont

@Composable
internal fun TextDialog(title: Int, label: Int, initial: String, onDismiss: () -> Unit, onSave: (String) -> Unit) {
    var text by rememberSaveable { mutableStateOf(initial) }
    TitledDialog(
        stringResource(title),
        onDismiss,
        confirmButton = { TextButton({ onSave(text) }) { Text(stringResource(R.string.session_save)) } },
        dismissButton = { TextButton(onDismiss) { Text(stringResource(R.string.cancel)) } },
    ) {
        val words = @Composable { Text(stringResource(label)) }
        // Large letters may need two lines, which would run over the outline and the text where a label stands.
        val isBelow = LocalDensity.current.hasLargeFont
        OutlinedTextField(
            text,
            { text = it },
            Modifier.fillMaxWidth(),
            label = words.takeUnless { isBelow },
            supportingText = words.takeIf { isBelow },
            singleLine = true,
        )
    }
}
