package app.undertone.session

import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.lazy.rememberLazyListState
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.derivedStateOf
import androidx.compose.runtime.getValue
import androidx.compose.runtime.remember
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalConfiguration
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.unit.dp
import app.undertone.R
import app.undertone.history.HistoryNotice
import app.undertone.history.HistoryScaffold
import app.undertone.history.MenuItem
import app.undertone.history.Tags
import app.undertone.history.export.ExportFormat
import app.undertone.model.Emotion
import app.undertone.model.Mark
import app.undertone.model.SpokenSegment
import app.undertone.theme.hasLargeFont
import app.undertone.ui.name

/** What can be done on the page of one session. */
class SessionDetailCallbacks(
    val onBack: () -> Unit = {},
    val onAsk: (SessionDialog) -> Unit = {},
    val onDismissDialog: () -> Unit = {},
    val onRename: (String) -> Unit = {},
    val onTag: (String) -> Unit = {},
    val onCorrect: (SpokenSegment, Emotion?) -> Unit = { _, _ -> },
    val onDelete: () -> Unit = {},
    val onDeleteMark: (Mark) -> Unit = {},
    val onUndo: () -> Unit = {},
    val onNoticeShown: () -> Unit = {},
    val onExport: (ExportFormat) -> Unit = {},
    val onShareAudio: () -> Unit = {},
    val onSaveAudio: () -> Unit = {},
    val onTogglePlayback: () -> Unit = {},
    val onSeek: (Long) -> Unit = {},
    val onPlayFrom: (Long) -> Unit = {},
    val onSpeed: (Float) -> Unit = {},
)

/**
 * One session: what was heard when, in sum, and moment by moment.
 *
 * @param isPane the list stands beside it.
 */
@Composable
fun SessionDetailScreen(
    state: SessionDetailUiState,
    callbacks: SessionDetailCallbacks,
    modifier: Modifier = Modifier,
    isPane: Boolean = false,
) {
    val session = state.session
    val list = rememberLazyListState()
    val timeline = session?.let { rememberTimelineState(it, state.segments) }
    // On a low screen the bar has the name and, where there is room beside it, the occasion, and leaves the rest to the timeline.
    val screen = LocalConfiguration.current
    val isLow = screen.screenHeightDp < LOW_BELOW_DP
    val hasOccasionInBar = isLow && !isPane && screen.screenWidthDp >= OCCASION_FROM_DP && !LocalDensity.current.hasLargeFont
    val isMissing = state.playback.status == PlaybackStatus.Failed
    val isPinned = isTimelinePinned(isLow)
    val isCollapsed by remember { derivedStateOf { list.firstVisibleItemIndex > 0 } }
    HistoryScaffold(
        title = session?.name(state.zone)?.takeIf { isLow || isCollapsed },
        onBack = callbacks.onBack.takeUnless { isPane },
        // The page says it for as long as one looks at it.
        notice = state.notice.takeUnless { it == HistoryNotice.NoAudio && isMissing },
        zone = state.zone,
        onUndo = callbacks.onUndo,
        onNoticeShown = { callbacks.onNoticeShown() },
        modifier = modifier,
        // Below a pinned timeline the line is its own.
        isScrolled = { list.canScrollBackward && !(isPinned && isCollapsed) },
        actions = {
            if (hasOccasionInBar && session != null) {
                Text(
                    session.occasion(state),
                    Modifier.padding(horizontal = 8.dp),
                    style = MaterialTheme.typography.bodyMedium,
                    color = MaterialTheme.colorScheme.onSurfaceVariant,
                    maxLines = 1,
                )
            }
        },
        menu = if (session == null) emptyList() else menu(hasAudio = session.hasWholeAudio && !isMissing, callbacks),
        bottomBar = {
            if (state.playback.isPlayable) PlayerBar(state.playback, state.segments, callbacks)
        },
    ) { insets ->
        if (session != null && timeline != null) {
            SessionPage(state, session, timeline, list, callbacks, insets, isLow, isPane, isPinned, hasOccasion = !hasOccasionInBar)
        }
    }
    if (session != null && state.dialog != null) SessionDialog(state.dialog, session, state, callbacks)
}

private fun menu(hasAudio: Boolean, callbacks: SessionDetailCallbacks) = listOfNotNull(
    MenuItem(R.string.session_rename) { callbacks.onAsk(SessionDialog.Rename) },
    MenuItem(R.string.session_tags) { callbacks.onAsk(SessionDialog.Tags) },
    MenuItem(R.string.session_share_audio, onClick = callbacks.onShareAudio).takeIf { hasAudio },
    MenuItem(R.string.session_save_audio, onClick = callbacks.onSaveAudio).takeIf { hasAudio },
    MenuItem(R.string.session_export_csv) { callbacks.onExport(ExportFormat.Csv) },
    MenuItem(R.string.session_export_json) { callbacks.onExport(ExportFormat.Json) },
    MenuItem(R.string.session_delete, onClick = callbacks.onDelete),
)

/** Phones on their side. */
private const val LOW_BELOW_DP = 480

/** Of a width, for name and occasion side by side. */
private const val OCCASION_FROM_DP = 600
