package app.undertone.session

import android.view.accessibility.AccessibilityManager
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.calculateEndPadding
import androidx.compose.foundation.layout.calculateStartPadding
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.LazyListScope
import androidx.compose.foundation.lazy.LazyListState
import androidx.compose.foundation.lazy.itemsIndexed
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalConfiguration
import androidx.compose.ui.platform.LocalContext
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.platform.LocalLayoutDirection
import androidx.compose.ui.res.painterResource
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.LineBreak
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.dp
import app.undertone.R
import app.undertone.history.Tags
import app.undertone.history.ending
import app.undertone.history.extent
import app.undertone.model.Session
import app.undertone.model.startedOn
import app.undertone.model.summary.emotionTimes
import app.undertone.model.summary.momentRuns
import app.undertone.model.summary.placeAt
import app.undertone.model.summary.steadiness
import app.undertone.model.summary.story
import app.undertone.theme.hasLargeFont
import app.undertone.ui.NothingHere
import app.undertone.ui.TITLE_START
import app.undertone.ui.chart.Legend
import app.undertone.ui.chart.StackedBar
import app.undertone.ui.dayHeading
import app.undertone.ui.edgeWhen
import app.undertone.ui.name
import app.undertone.ui.pageWidth
import app.undertone.ui.sentence

/**
 * Title, timeline, shares and moments of [session]. The timeline stays in sight while the rest scrolls, where that leaves room for it.
 *
 * @param isLow the name stands in the bar, and all begins where it does.
 * @param isPane the list stands beside it.
 * @param isPinned of the timeline, as [isTimelinePinned] says.
 * @param hasOccasion false where the bar has it.
 */
@Composable
internal fun SessionPage(
    state: SessionDetailUiState,
    session: Session,
    timeline: TimelineState,
    list: LazyListState,
    callbacks: SessionDetailCallbacks,
    insets: PaddingValues,
    isLow: Boolean,
    isPane: Boolean,
    isPinned: Boolean,
    hasOccasion: Boolean,
) {
    val runs = remember(state.segments) { state.segments.momentRuns() }
    val rows = remember(runs, state.marks) { rowsOf(runs, state.marks) }
    val isPlaying = state.playback.status == PlaybackStatus.Playing
    val playedRun = if (isPlaying) runs.placeAt(state.playback.positionMs)?.let(runs::get) else null
    val playedPlace = playedRun?.let { played -> rows.indexOfFirst { it is PageRow.Spoken && it.run === played } }
    val direction = LocalLayoutDirection.current
    val ribbon = @Composable { modifier: Modifier ->
        SessionTimeline(
            timeline,
            state.segments,
            state.marks,
            state.envelope,
            positionMs = state.playback.positionMs.takeIf { state.playback.isPlayable },
            isPlaying = isPlaying,
            onSeek = callbacks.onSeek.takeIf { state.playback.isPlayable },
            modifier.pageWidth(),
        )
    }
    FollowPlayed(list, playedPlace, isPinned)
    LazyColumn(
        // A pinned item stands at the edge of the list, not at its padding.
        Modifier.fillMaxSize().padding(top = insets.calculateTopPadding()),
        list,
        PaddingValues(
            start = insets.calculateStartPadding(direction) + if (isLow && !isPane) BELOW_TITLE else 0.dp,
            end = insets.calculateEndPadding(direction),
            bottom = insets.calculateBottomPadding() + 16.dp,
        ),
        horizontalAlignment = if (isLow) Alignment.Start else Alignment.CenterHorizontally,
    ) {
        item(key = "title") {
            Title(session, state, isLow, hasOccasion, Modifier.pageWidth().padding(bottom = if (isLow) 4.dp else 12.dp))
        }
        if (state.segments.isEmpty()) {
            item(key = "no speech") { NoSpeech(isLow, Modifier.pageWidth().padding(top = if (isLow) 24.dp else 36.dp, bottom = 16.dp)) }
            if (rows.isNotEmpty()) moments(rows, playedPlace, state, callbacks)
            return@LazyColumn
        }
        if (isPinned) {
            stickyHeader(key = RIBBON) {
                Surface(Modifier.fillMaxWidth().edgeWhen { list.isBelowPinned }) { Centred { ribbon(Modifier.padding(top = 4.dp, bottom = 8.dp)) } }
            }
        } else {
            // What follows begins below a low screen, rather than cut by its player.
            item(key = RIBBON) { ribbon(Modifier.padding(top = 4.dp, bottom = if (isLow) 20.dp else 0.dp)) }
        }
        chart("shares", R.string.session_shares) {
            StackedBar(state.emotionTimes)
            Legend(state.emotionTimes.filter { it.timeMs > 0 })
            ToneChanges(state.steadiness)
        }
        moments(rows, playedPlace, state, callbacks)
    }
}

/** Tones and marks in order of time, below a heading. */
private fun LazyListScope.moments(rows: List<PageRow>, playedPlace: Int?, state: SessionDetailUiState, callbacks: SessionDetailCallbacks) {
    chart("moments", R.string.session_segments) {}
    itemsIndexed(rows, key = { _, row -> row.key }, contentType = { _, row -> row is PageRow.Marked }) { place, row ->
        val modifier = Modifier.pageWidth().padding(vertical = 2.dp)
        when (row) {
            is PageRow.Spoken ->
                MomentRow(row.run, isPlayed = place == playedPlace, onOpen = { callbacks.onAsk(SessionDialog.Moment(row.run.id)) }, modifier)
            is PageRow.Marked -> {
                val jump = { callbacks.onSeek(row.mark.positionMs) }
                MarkedRow(row.mark, jump.takeIf { state.playback.isPlayable }, { callbacks.onDeleteMark(row.mark) }, modifier)
            }
        }
    }
}

/** Kept with the list's state, so of a type that Android can store. */
private val PageRow.key: Any
    get() = when (this) {
        is PageRow.Spoken -> run.id
        is PageRow.Marked -> "mark ${mark.id}"
    }

/** Not where a low screen or large letters leave no room, nor for TalkBack, which would move to rows below what is pinned. */
@Composable
internal fun isTimelinePinned(isLow: Boolean): Boolean = !isLow && !LocalDensity.current.hasLargeFont && !isExploredByTouch()

/** Whether a part of the page has gone below the timeline, the second of its items. */
private val LazyListState.isBelowPinned: Boolean
    get() = firstVisibleItemIndex > 1 || (firstVisibleItemIndex == 1 && firstVisibleItemScrollOffset > 0)

/** Scrolls to the run that is heard, as long as the one before it was in sight: who looks elsewhere stays there. */
@Composable
private fun FollowPlayed(list: LazyListState, playedPlace: Int?, isPinned: Boolean) {
    var followed by remember { mutableStateOf<Int?>(null) }
    LaunchedEffect(playedPlace) {
        if (playedPlace == null) return@LaunchedEffect
        val layout = list.layoutInfo
        val pinned = layout.visibleItemsInfo.firstOrNull { isPinned && it.key == RIBBON }?.size ?: 0
        val inSight = layout.visibleItemsInfo
            .filter { it.offset >= pinned && it.offset + it.size <= layout.viewportEndOffset - layout.afterContentPadding }
            .map { it.index - ABOVE_MOMENTS }
        if (followed in inSight && playedPlace !in inSight) list.animateScrollToItem(ABOVE_MOMENTS + playedPlace, -pinned)
        followed = playedPlace
    }
}

/** Whether a screen reader reads what is touched. */
@Composable
private fun isExploredByTouch(): Boolean {
    val context = LocalContext.current
    return remember(context) { context.getSystemService(AccessibilityManager::class.java)?.isTouchExplorationEnabled == true }
}

@Composable
private fun Centred(content: @Composable () -> Unit) =
    Column(Modifier.fillMaxWidth(), horizontalAlignment = Alignment.CenterHorizontally) { content() }

private fun LazyListScope.chart(key: String, title: Int, content: @Composable () -> Unit) = item(key) {
    Column(Modifier.pageWidth().padding(top = 16.dp, bottom = 4.dp), verticalArrangement = Arrangement.spacedBy(12.dp)) {
        Text(stringResource(title), Modifier.semantics { heading() }, style = MaterialTheme.typography.titleLarge)
        content()
    }
}

/** @param hasOccasion that is no part of the bar. */
@Composable
private fun Title(session: Session, state: SessionDetailUiState, isLow: Boolean, hasOccasion: Boolean, modifier: Modifier) {
    val story = remember(state.segments, session.lengthMs) { state.segments.story(session.lengthMs) }
    val hasLargeFont = LocalDensity.current.hasLargeFont
    val nameStyle = MaterialTheme.typography.run { if (hasLargeFont) headlineSmall else headlineMedium }
    val storyStyle = MaterialTheme.typography.run { if (hasLargeFont) titleMedium else titleLarge }.copy(lineBreak = LineBreak.Heading)
    Column(modifier, verticalArrangement = Arrangement.spacedBy(8.dp)) {
        if (!isLow) Text(session.name(state.zone), Modifier.semantics { heading() }, style = nameStyle)
        if (hasOccasion) {
            Text(session.occasion(state), style = MaterialTheme.typography.bodyMedium, color = MaterialTheme.colorScheme.onSurfaceVariant)
        }
        session.ending()?.let { Ending(it, isWarning = session.isFinished && session.isCutOff) }
        if (isLow) {
            FlowRow(Modifier.fillMaxWidth(), Arrangement.SpaceBetween, itemVerticalAlignment = Alignment.CenterVertically) {
                Text(story.sentence(), style = storyStyle)
                if (session.tags.isNotEmpty()) Tags(session.tags)
            }
        } else {
            Text(story.sentence(), style = storyStyle)
            if (session.tags.isNotEmpty()) Tags(session.tags)
        }
        if (state.playback.status == PlaybackStatus.Failed) PlaybackFailed()
    }
}

/** What is to be said of the end, as a sentence of its own. */
@Composable
private fun Ending(words: String, isWarning: Boolean) {
    val scheme = MaterialTheme.colorScheme
    val style = MaterialTheme.typography.bodyMedium
    val locale = LocalConfiguration.current.locales[0]
    Row(horizontalArrangement = Arrangement.spacedBy(8.dp), verticalAlignment = Alignment.CenterVertically) {
        if (isWarning) {
            val side = with(LocalDensity.current) { style.lineHeight.toDp() }
            Icon(painterResource(R.drawable.ic_warning), null, Modifier.size(side), tint = scheme.error)
        }
        Text(
            words.replaceFirstChar { it.titlecase(locale) },
            style = style,
            color = if (isWarning) scheme.onSurface else scheme.onSurfaceVariant,
        )
    }
}

/** Part of the page, where the player would only stand in the way. */
@Composable
private fun PlaybackFailed() {
    val scheme = MaterialTheme.colorScheme
    Surface(Modifier.fillMaxWidth().padding(top = 4.dp), RoundedCornerShape(20.dp), scheme.errorContainer, scheme.onErrorContainer) {
        Row(Modifier.padding(16.dp), Arrangement.spacedBy(16.dp), Alignment.CenterVertically) {
            Icon(painterResource(R.drawable.ic_warning), null)
            Text(
                stringResource(R.string.session_playback_failed),
                Modifier.semantics { liveRegion = LiveRegionMode.Polite },
                style = MaterialTheme.typography.bodyMedium,
            )
        }
    }
}

@Composable
private fun NoSpeech(isLow: Boolean, modifier: Modifier) {
    val sign = @Composable {
        if (!LocalDensity.current.hasLargeFont) NothingHere(R.drawable.ic_no_speech, container = MaterialTheme.colorScheme.surfaceContainerHigh)
    }
    val words = @Composable { align: TextAlign ->
        Text(
            stringResource(R.string.session_without_speech),
            Modifier.widthIn(max = 480.dp),
            style = MaterialTheme.typography.bodyLarge,
            color = MaterialTheme.colorScheme.onSurfaceVariant,
            textAlign = align,
        )
    }
    if (isLow) {
        Row(modifier, Arrangement.spacedBy(24.dp), Alignment.CenterVertically) {
            sign()
            words(TextAlign.Start)
        }
    } else {
        Column(modifier, Arrangement.spacedBy(24.dp), Alignment.CenterHorizontally) {
            sign()
            words(TextAlign.Center)
        }
    }
}

/** Day, time where the name does not say it, and length. */
@Composable
internal fun Session.occasion(state: SessionDetailUiState): String {
    val day = dayHeading(startedOn(state.zone), state.today)
    return stringResource(R.string.history_facts, day, extent(state.zone))
}

/** From the margin of the page, which is 16 dp, to where the title of its bar begins. */
private val BELOW_TITLE = TITLE_START - 16.dp
private const val RIBBON = "ribbon"

/** Title, timeline, shares and the heading. */
private const val ABOVE_MOMENTS = 4
