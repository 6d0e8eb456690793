package app.undertone.session

import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.setValue
import app.undertone.R
import app.undertone.history.Tags
import app.undertone.model.Session
import app.undertone.ui.SegmentSheet
import app.undertone.ui.TextDialog

@Composable
internal fun SessionDialog(dialog: SessionDialog, session: Session, state: SessionDetailUiState, callbacks: SessionDetailCallbacks) = when (dialog) {
    SessionDialog.Rename ->
        TextDialog(R.string.session_rename, R.string.session_name, session.title.orEmpty(), callbacks.onDismissDialog, callbacks.onRename)
    SessionDialog.Tags ->
        TextDialog(R.string.session_tags, R.string.session_tags_hint, session.tags.joinToString(", "), callbacks.onDismissDialog, callbacks.onTag)
    is SessionDialog.Moment -> MomentSheet(dialog.segmentId, state, callbacks)
}

/** As on Live, with the sound where it was kept; stays open while one corrects, and goes from moment to moment. */
@Composable
private fun MomentSheet(segmentId: Long, state: SessionDetailUiState, callbacks: SessionDetailCallbacks) {
    val segments = state.segments
    val place = segments.indexOfFirst { it.id == segmentId }
    // Its recording may just be deleted.
    if (place < 0) return
    SegmentSheet(
        segments,
        place,
        count = segments.size,
        onOpen = { if (it == null) callbacks.onDismissDialog() else callbacks.onAsk(SessionDialog.Moment(segments[it].id)) },
        onCorrect = { callbacks.onCorrect(segments[place], it) },
        onPlay = if (!state.playback.isPlayable) {
            null
        } else {
            { startMs ->
                callbacks.onDismissDialog()
                callbacks.onPlayFrom(startMs)
            }
        },
    )
}
