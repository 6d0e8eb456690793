package app.undertone.live

import android.view.HapticFeedbackConstants
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.Spacer
import androidx.compose.foundation.layout.size
import androidx.compose.material3.FilledTonalIconButton
import androidx.compose.material3.Icon
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalView
import androidx.compose.ui.res.painterResource
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.semantics.stateDescription
import androidx.compose.ui.unit.dp
import app.undertone.R
import app.undertone.ui.position

/**
 * Record in the middle; before it pause and after it a mark, while a recording is open, and the way to audio files, while none is. A tap on
 * record or mark can be felt unless the system says otherwise.
 *
 * @param isVertical one above the other, where width is not scarce and height is.
 */
@Composable
internal fun RecordControls(
    state: LiveUiState,
    onRecord: () -> Unit,
    onPause: () -> Unit,
    onMark: () -> Unit,
    onFile: () -> Unit,
    modifier: Modifier = Modifier,
    isVertical: Boolean = false,
) {
    if (isVertical) {
        Column(modifier, Arrangement.spacedBy(GAP), Alignment.CenterHorizontally) { Buttons(state, onRecord, onPause, onMark, onFile) }
    } else {
        Row(modifier, Arrangement.spacedBy(GAP), Alignment.CenterVertically) { Buttons(state, onRecord, onPause, onMark, onFile) }
    }
}

@Composable
private fun Buttons(state: LiveUiState, onRecord: () -> Unit, onPause: () -> Unit, onMark: () -> Unit, onFile: () -> Unit) {
    val view = LocalView.current
    if (state.isRecording) {
        FilledTonalIconButton(onPause, Modifier.size(SIDE)) {
            val (icon, label) = if (state.isListening) R.drawable.ic_pause to R.string.pause else R.drawable.ic_resume to R.string.resume
            Icon(painterResource(icon), stringResource(label))
        }
    } else {
        Spacer(Modifier.size(SIDE))
    }
    RecordButton(
        isRecording = state.isRecording,
        isEnabled = state.status != LiveStatus.Loading && state.status != LiveStatus.Unavailable,
        onClick = {
            view.performHapticFeedback(HapticFeedbackConstants.CONTEXT_CLICK)
            onRecord()
        },
    )
    if (state.isRecording) {
        MarkButton(state) {
            view.performHapticFeedback(HapticFeedbackConstants.CONTEXT_CLICK)
            onMark()
        }
    } else {
        FilledTonalIconButton(onFile, Modifier.size(SIDE)) {
            Icon(painterResource(R.drawable.ic_audio_file), stringResource(R.string.analyse_file))
        }
    }
}

/** Its state is the last mark: TalkBack reads it out when it changes. */
@Composable
private fun MarkButton(state: LiveUiState, onMark: () -> Unit) {
    val marked = state.marksMs.lastOrNull()?.let { stringResource(R.string.marked_at, position(it)) }
    FilledTonalIconButton(
        onMark,
        Modifier.size(SIDE).semantics { if (marked != null) stateDescription = marked },
        enabled = state.isListening,
    ) { Icon(painterResource(R.drawable.ic_flag), stringResource(R.string.mark_moment)) }
}

private val GAP = 24.dp
private val SIDE = 56.dp
