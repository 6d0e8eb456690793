package app.undertone.history

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.LazyListScope
import androidx.compose.foundation.lazy.items
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.remember
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.dp
import app.undertone.R
import app.undertone.history.export.ExportFormat
import app.undertone.history.export.hasWholeAudio
import app.undertone.live.Emotion
import app.undertone.model.startedOn
import app.undertone.model.story
import app.undertone.theme.hasLargeFont

/** What can be done on the page of one session. */
class SessionDetailCallbacks(
    val onBack: () -> Unit = {},
    val onAsk: (SessionDialog) -> Unit = {},
    val onDismissDialog: () -> Unit = {},
    val onRename: (String) -> Unit = {},
    val onTag: (String) -> Unit = {},
    val onCorrect: (SpokenSegment, Emotion?) -> Unit = { _, _ -> },
    val onDelete: () -> Unit = {},
    val onNoticeShown: () -> Unit = {},
    val onExport: (ExportFormat) -> Unit = {},
    val onShareAudio: () -> Unit = {},
    val onSaveAudio: () -> Unit = {},
    val onTogglePlayback: () -> Unit = {},
    val onSeek: (Long) -> Unit = {},
    val onPlayFrom: (Long) -> Unit = {},
)

/**
 * One session: what was heard when, in sum, and segment by segment.
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
    HistoryScaffold(
        title = null,
        onBack = callbacks.onBack.takeUnless { isPane },
        notice = state.notice,
        zone = state.zone,
        onUndo = {},
        onNoticeShown = { callbacks.onNoticeShown() },
        modifier = modifier,
        menu = if (state.session == null) emptyList() else menu(state.session, callbacks),
        bottomBar = {
            if (state.playback.status != PlaybackStatus.None) PlayerBar(state.playback, state.segments, callbacks.onTogglePlayback, callbacks.onSeek)
        },
    ) { insets ->
        if (state.session != null) Page(state, state.session, callbacks, insets)
    }
    if (state.session != null && state.dialog != null) SessionDialog(state.dialog, state.session, callbacks)
}

private fun menu(session: Session, callbacks: SessionDetailCallbacks) = listOfNotNull(
    MenuItem(R.string.session_rename) { callbacks.onAsk(SessionDialog.Rename) },
    MenuItem(R.string.session_tags) { callbacks.onAsk(SessionDialog.Tags) },
    MenuItem(R.string.session_share_audio, callbacks.onShareAudio).takeIf { session.hasWholeAudio },
    MenuItem(R.string.session_save_audio, callbacks.onSaveAudio).takeIf { session.hasWholeAudio },
    MenuItem(R.string.session_export_csv) { callbacks.onExport(ExportFormat.Csv) },
    MenuItem(R.string.session_export_json) { callbacks.onExport(ExportFormat.Json) },
    MenuItem(R.string.session_delete, callbacks.onDelete),
)

@Composable
private fun Page(state: SessionDetailUiState, session: Session, callbacks: SessionDetailCallbacks, insets: PaddingValues) {
    val isPlayable = state.playback.status == PlaybackStatus.Paused || state.playback.status == PlaybackStatus.Playing
    val playedSegmentId = state.playedSegmentId
    LazyColumn(Modifier.fillMaxSize(), contentPadding = insets, horizontalAlignment = Alignment.CenterHorizontally) {
        item(key = "title") { Title(session, state, Modifier.pageWidth()) }
        if (state.segments.isEmpty()) {
            item(key = "no speech") { NoSpeech(Modifier.pageWidth().padding(top = 48.dp)) }
            return@LazyColumn
        }
        item(key = "ribbon") {
            ZoomableRibbon(
                session,
                state.segments,
                positionMs = state.playback.positionMs.takeIf { isPlayable },
                isPlaying = state.playback.status == PlaybackStatus.Playing,
                onSeek = callbacks.onSeek.takeIf { isPlayable },
                Modifier.pageWidth().padding(top = 16.dp),
            )
        }
        chart("shares", R.string.session_shares) {
            StackedBar(state.heardTimes)
            Legend(state.heardTimes.filter { it.timeMs > 0 })
            ToneChanges(state.steadiness)
        }
        chart("segments", R.string.session_segments) {}
        items(state.segments, key = { it.id }, contentType = { "segment" }) { segment ->
            SegmentRow(
                segment,
                isPlayed = segment.id == playedSegmentId,
                onPlay = if (isPlayable) ({ callbacks.onPlayFrom(segment.startMs) }) else null,
                onCorrect = { callbacks.onAsk(SessionDialog.Correct(segment)) },
                Modifier.pageWidth(),
            )
        }
    }
}

private fun LazyListScope.chart(key: String, title: Int, content: @Composable () -> Unit) = item(key) {
    Column(Modifier.pageWidth().padding(top = 24.dp), verticalArrangement = Arrangement.spacedBy(12.dp)) {
        Text(stringResource(title), Modifier.semantics { heading() }, style = MaterialTheme.typography.titleLarge)
        content()
    }
}

@Composable
private fun Title(session: Session, state: SessionDetailUiState, modifier: Modifier) {
    val story = remember(state.segments, session.lengthMs) { state.segments.story(session.lengthMs) }
    Column(modifier, verticalArrangement = Arrangement.spacedBy(8.dp)) {
        Text(session.name(state.zone), Modifier.semantics { heading() }, style = MaterialTheme.typography.headlineMedium)
        Text(session.occasion(state), style = MaterialTheme.typography.bodyMedium, color = MaterialTheme.colorScheme.onSurfaceVariant)
        Text(story.sentence(), style = MaterialTheme.typography.titleLarge)
        if (session.tags.isNotEmpty()) Tags(session.tags)
    }
}

@Composable
private fun NoSpeech(modifier: Modifier) {
    Column(modifier, Arrangement.spacedBy(24.dp), Alignment.CenterHorizontally) {
        if (!LocalDensity.current.hasLargeFont) NothingHere(R.drawable.ic_microphone)
        Text(
            stringResource(R.string.session_no_speech),
            Modifier.widthIn(max = 480.dp),
            style = MaterialTheme.typography.bodyLarge,
            color = MaterialTheme.colorScheme.onSurfaceVariant,
            textAlign = TextAlign.Center,
        )
    }
}

/** Day, time where the name does not say it, length, and whether it has an end. */
@Composable
private fun Session.occasion(state: SessionDetailUiState): String {
    val day = dayHeading(startedOn(state.zone), state.today)
    return stringResource(R.string.history_facts, day, extent(state.zone))
}
