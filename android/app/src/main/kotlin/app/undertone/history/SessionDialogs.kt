package app.undertone.history

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.selection.selectable
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.AlertDialog
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.OutlinedTextField
import androidx.compose.material3.RadioButton
import androidx.compose.material3.Text
import androidx.compose.material3.TextButton
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.unit.dp
import app.undertone.R
import app.undertone.live.Emotion

@Composable
internal fun SessionDialog(dialog: SessionDialog, session: Session, callbacks: SessionDetailCallbacks) = when (dialog) {
    SessionDialog.Rename ->
        TextDialog(R.string.session_rename, R.string.session_name, session.title.orEmpty(), callbacks.onDismissDialog, callbacks.onRename)
    SessionDialog.Tags ->
        TextDialog(R.string.session_tags, R.string.session_tags_hint, session.tags.joinToString(", "), callbacks.onDismissDialog, callbacks.onTag)
    is SessionDialog.Correct ->
        CorrectionDialog(dialog.segment, callbacks.onDismissDialog) { callbacks.onCorrect(dialog.segment, it) }
}

@Composable
internal fun TextDialog(title: Int, label: Int, initial: String, onDismiss: () -> Unit, onSave: (String) -> Unit) {
    var text by rememberSaveable { mutableStateOf(initial) }
    AlertDialog(
        onDismissRequest = onDismiss,
        title = { Text(stringResource(title)) },
        text = { OutlinedTextField(text, { text = it }, Modifier.fillMaxWidth(), label = { Text(stringResource(label)) }, singleLine = true) },
        confirmButton = { TextButton({ onSave(text) }) { Text(stringResource(R.string.session_save)) } },
        dismissButton = { TextButton(onDismiss) { Text(stringResource(R.string.history_cancel)) } },
    )
}

/** A choice is made with one tap: it can be made again as easily. */
@Composable
private fun CorrectionDialog(segment: SpokenSegment, onDismiss: () -> Unit, onCorrect: (Emotion?) -> Unit) = AlertDialog(
    onDismissRequest = onDismiss,
    title = { Text(stringResource(R.string.session_correct_title)) },
    text = {
        Column(Modifier.verticalScroll(rememberScrollState()), Arrangement.spacedBy(8.dp)) {
            CorrectionTiles(segment.correctedTo, onCorrect)
            val recognised = segment.emotion.takeUnless { segment.isUncertain }
            Choice(
                stringResource(R.string.session_as_recognised, stringResource(recognised.heardWord)),
                recognised,
                isChosen = segment.correctedTo == null,
            ) { onCorrect(null) }
        }
    },
    confirmButton = { TextButton(onDismiss) { Text(stringResource(R.string.history_cancel)) } },
)

@Composable
private fun Choice(words: String, heard: Emotion?, isChosen: Boolean, onChoose: () -> Unit) {
    Row(
        Modifier
            .fillMaxWidth()
            .heightIn(min = 48.dp)
            .selectable(isChosen, role = Role.RadioButton, onClick = onChoose)
            .padding(vertical = 4.dp),
        horizontalArrangement = Arrangement.spacedBy(12.dp),
        verticalAlignment = Alignment.CenterVertically,
    ) {
        RadioButton(isChosen, onClick = null)
        HeardMark(heard, Modifier.size(20.dp))
        Text(words, style = MaterialTheme.typography.bodyLarge)
    }
}
