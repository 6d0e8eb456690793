package app.undertone.live

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.BoxWithConstraints
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ColumnScope
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.Spacer
import androidx.compose.foundation.layout.WindowInsets
import androidx.compose.foundation.layout.fillMaxHeight
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.safeDrawing
import androidx.compose.foundation.layout.width
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.layout.windowInsetsPadding
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.HorizontalDivider
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.Immutable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.keepScreenOn
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.Dp
import androidx.compose.ui.unit.coerceIn
import androidx.compose.ui.unit.dp
import app.undertone.R
import app.undertone.model.Emotion
import app.undertone.recording.Listening
import app.undertone.theme.hasLargeFont
import app.undertone.ui.EmotionHero
import app.undertone.ui.SegmentSheet
import app.undertone.ui.chart.ArousalValenceChart
import app.undertone.ui.chart.ProbabilityBars

/** What can be tapped on the Live screen. */
@Immutable
data class LiveActions(
    val onRecord: () -> Unit,
    val onPause: () -> Unit,
    val onMark: () -> Unit,
    val onNotice: (LiveNotice) -> Unit,
    val onSegmentOpen: (place: Int?) -> Unit,
    val onCorrect: (Emotion?) -> Unit,
    val onHistory: () -> Unit,
    val onSettings: () -> Unit,
    val onFile: () -> Unit = {},
    val saved: SavedActions = SavedActions(),
)

/**
 * One glance: is the voice heard, what does it sound like, how likely is that.
 *
 * @param sound the state with the newest level and waveform: read while drawing, so that these do not compose [state]'s page again.
 */
@Composable
fun LiveScreen(state: LiveUiState, actions: LiveActions, modifier: Modifier = Modifier, sound: () -> LiveUiState = { state }) {
    Surface(modifier.fillMaxSize().then(if (state.isListening && state.keepsScreenOn) Modifier.keepScreenOn() else Modifier)) {
        BoxWithConstraints(Modifier.windowInsetsPadding(WindowInsets.safeDrawing)) {
            val isLow = maxHeight < LOW_BELOW && maxWidth > maxHeight
            val hasLargeFont = LocalDensity.current.hasLargeFont
            val belowHero = when {
                hasLargeFont -> if (state.needsStatusLine) BELOW_HERO_LARGE_FONT + STATUS_LINE else BELOW_HERO_LARGE_FONT
                state.recognised?.arousalValence == null -> BELOW_HERO
                else -> BELOW_HERO + AROUSAL_VALENCE
            }
            val heroSize = when {
                isLow && hasLargeFont -> SMALLEST_HERO
                isLow -> (maxHeight * 0.42f).coerceIn(SMALLEST_HERO, 160.dp)
                maxWidth >= TABLET_FROM -> minOf(maxWidth * 0.4f, maxHeight * 0.36f).coerceIn(SMALLEST_HERO, 420.dp)
                state.recognised == null -> (maxHeight * 0.36f).coerceIn(SMALLEST_HERO, LARGEST_HERO)
                else -> minOf(maxHeight * 0.27f, maxHeight - belowHero).coerceIn(SMALLEST_HERO, LARGEST_HERO)
            }
            val notice = state.notice?.takeIf { it.fillsScreen }
            when {
                notice != null -> NoticeScreen(notice, actions, isLow)
                isLow -> Low(state, heroSize, actions, sound)
                maxWidth >= TABLET_FROM && maxWidth > maxHeight -> Wide(state, heroSize, actions, sound)
                maxWidth >= TABLET_FROM -> Tall(state, heroSize, actions, sound)
                else -> OneColumn(state, heroSize, actions, sound)
            }
        }
        if (state.openSegment != null) {
            SegmentSheet(state.ribbon, state.openSegment, state.settledSegments, actions.onSegmentOpen, actions.onCorrect)
        }
        if (state.saved != null) SavedSheet(state.saved, actions.saved)
    }
}

/** In errors, what helps is the only button. */
@Composable
private fun NoticeScreen(notice: LiveNotice, actions: LiveActions, isLow: Boolean) {
    Page(Modifier.fillMaxSize(), header = { LiveTopBar(null, actions) }) { NoticePage(notice, { actions.onNotice(notice) }, isLow = isLow) }
}

@Composable
private fun OneColumn(state: LiveUiState, heroSize: Dp, actions: LiveActions, sound: () -> LiveUiState) {
    Column(Modifier.fillMaxSize()) {
        Page(Modifier.weight(1f), header = { LiveTopBar(state, actions) }) {
            Result(state, heroSize, sound)
            Recorded(state, actions.onSegmentOpen, sound)
        }
        Controls(state, actions)
    }
}

/** Phones on their side: the buttons stand at the end, under the thumb, and the figures have the whole height. */
@Composable
private fun Low(state: LiveUiState, heroSize: Dp, actions: LiveActions, sound: () -> LiveUiState) {
    Row(Modifier.fillMaxSize()) {
        Page(
            Modifier.weight(1f),
            header = {
                LiveTitle(state, Modifier.heightIn(min = TOP_BAR_HEIGHT))
                StatusLine(state)
            },
        ) {
            HeroAndWords(state, heroSize, sound)
            Remark(state)
            PrivacyFooter(state)
        }
        if (state.hasRecorded) Page(Modifier.weight(1f)) { BarsAndTrack(state, actions, sound) }
        Column(Modifier.fillMaxHeight().padding(end = MARGIN - TOP_ICON_INSET), horizontalAlignment = Alignment.CenterHorizontally) {
            TopIcons(actions, Modifier.heightIn(min = TOP_BAR_HEIGHT))
            Box(Modifier.weight(1f).padding(horizontal = TOP_ICON_INSET), Alignment.Center) {
                RecordControls(state, actions.onRecord, actions.onPause, actions.onMark, actions.onFile, isVertical = true)
            }
        }
    }
}

/** Tablets upright: the result above its figures. */
@Composable
private fun Tall(state: LiveUiState, heroSize: Dp, actions: LiveActions, sound: () -> LiveUiState) {
    Column(Modifier.fillMaxSize()) {
        Page(Modifier.weight(1f), header = { LiveTopBar(state, actions) }) {
            HeroAndWords(state, heroSize, sound, isLarge = true)
            Remark(state)
            if (state.hasRecorded) Figures(state, actions, sound)
        }
        Controls(state, actions)
    }
}

/** Tablets on their side: the result beside its figures, the buttons below both. */
@Composable
private fun Wide(state: LiveUiState, heroSize: Dp, actions: LiveActions, sound: () -> LiveUiState) {
    Column(Modifier.fillMaxSize(), horizontalAlignment = Alignment.CenterHorizontally) {
        Box(Modifier.padding(horizontal = MARGIN)) { LiveTopBar(state, actions) }
        Row(Modifier.weight(1f).widthIn(max = WIDEST_PAGE)) {
            Page(Modifier.weight(1f)) {
                HeroAndWords(state, heroSize, sound, isLarge = true)
                Remark(state)
            }
            if (state.hasRecorded) Page(Modifier.weight(1f)) { Figures(state, actions, sound) }
        }
        Controls(state, actions)
    }
}

/** On a card that holds them together on a large screen. */
@Composable
private fun Figures(state: LiveUiState, actions: LiveActions, sound: () -> LiveUiState) {
    Surface(Modifier.padding(top = 16.dp).widthIn(max = WIDEST_CARD), RoundedCornerShape(28.dp), MaterialTheme.colorScheme.surfaceContainerLow) {
        Column(Modifier.padding(24.dp), Arrangement.spacedBy(24.dp), Alignment.CenterHorizontally) { BarsAndTrack(state, actions, sound) }
    }
}

@Composable
private fun BarsAndTrack(state: LiveUiState, actions: LiveActions, sound: () -> LiveUiState) {
    if (state.recognised != null) Bars(state)
    Recorded(state, actions.onSegmentOpen, sound)
}

/** A header that stays and, in the middle of what is left, the content, which scrolls when a small screen makes it too high. */
@Composable
private fun Page(modifier: Modifier, header: @Composable ColumnScope.() -> Unit = { Spacer(Modifier) }, content: @Composable ColumnScope.() -> Unit) {
    Column(modifier) {
        Column(Modifier.padding(horizontal = MARGIN), content = header)
        Scrolling(Modifier.weight(1f)) {
            Spacer(Modifier)
            Column(
                Modifier.fillMaxWidth().padding(vertical = 4.dp),
                verticalArrangement = Arrangement.spacedBy(12.dp),
                horizontalAlignment = Alignment.CenterHorizontally,
                content = content,
            )
            Spacer(Modifier)
        }
    }
}

/** As high as its place, with a line where something is below the edge. */
@Composable
private fun Scrolling(modifier: Modifier, content: @Composable ColumnScope.() -> Unit) {
    val scroll = rememberScrollState()
    BoxWithConstraints(modifier) {
        Column(
            Modifier
                .verticalScroll(scroll)
                .heightIn(min = maxHeight)
                .padding(horizontal = MARGIN),
            verticalArrangement = Arrangement.SpaceBetween,
            content = content,
        )
        if (scroll.canScrollForward) HorizontalDivider(Modifier.align(Alignment.BottomCenter))
    }
}

@Composable
private fun Result(state: LiveUiState, heroSize: Dp, sound: () -> LiveUiState) {
    HeroAndWords(state, heroSize, sound)
    Remark(state)
    if (state.recognised != null) Bars(state, Modifier.padding(top = 4.dp))
}

@Composable
private fun Bars(state: LiveUiState, modifier: Modifier = Modifier) =
    ProbabilityBars(state.recognised, modifier.widthIn(max = WIDEST), isPaused = state.status == LiveStatus.Paused)

@Composable
private fun HeroAndWords(state: LiveUiState, heroSize: Dp, sound: () -> LiveUiState, isLarge: Boolean = false) {
    Hero(state, heroSize, sound)
    Headline(state, isLarge)
}

@Composable
private fun Hero(state: LiveUiState, size: Dp, sound: () -> LiveUiState) {
    val isRecorded = if (state.isRecording) state.isListening else null
    EmotionHero(state.recognised, isRecorded, levelDbfs = { sound().levelDbfs }, Modifier.width(size))
}

/** Before the first result the headline says it. */
@Composable
private fun Remark(state: LiveUiState) {
    if (state.notice != null && state.recognised != null) NoticeLine(state.notice)
}

/** What came in, once something is recorded. Below it, out of the way, what is experimental. */
@Composable
private fun Recorded(state: LiveUiState, onSegmentOpen: (place: Int?) -> Unit, sound: () -> LiveUiState) {
    if (!state.hasRecorded) return
    MomentTrack(state, sound, onSegmentOpen, Modifier.widthIn(max = WIDEST).fillMaxWidth())
    val bottom = if (LocalDensity.current.hasLargeFont) 16.dp else 0.dp
    state.recognised?.arousalValence?.let { ArousalValenceChart(it, Modifier.widthIn(max = WIDEST).padding(bottom = bottom)) }
}

/** Stays in place whatever scrolls above it. */
@Composable
private fun Controls(state: LiveUiState, actions: LiveActions) {
    Column(
        Modifier.fillMaxWidth().padding(horizontal = MARGIN, vertical = 8.dp),
        verticalArrangement = Arrangement.spacedBy(8.dp),
        horizontalAlignment = Alignment.CenterHorizontally,
    ) {
        RecordControls(state, actions.onRecord, actions.onPause, actions.onMark, actions.onFile)
        PrivacyFooter(state)
    }
}

/** It was read before the recording; while one goes on, what a large font shows needs its place. */
@Composable
private fun PrivacyFooter(state: LiveUiState) {
    if (state.isRecording && LocalDensity.current.hasLargeFont) return
    Text(
        stringResource(if (state.keepsAudio) R.string.privacy_footer_kept else R.string.privacy_footer),
        style = MaterialTheme.typography.bodySmall,
        color = MaterialTheme.colorScheme.onSurfaceVariant,
        textAlign = TextAlign.Center,
    )
}

private val LiveUiState.hasRecorded: Boolean get() = isRecording || ribbon.isNotEmpty()

private val MARGIN = 24.dp
private val SMALLEST_HERO = 96.dp
private val LARGEST_HERO = 240.dp
private val WIDEST = 480.dp

/** What words, bars, track and buttons take at normal font size, in the script with the highest lines. */
private val BELOW_HERO = 540.dp
private val AROUSAL_VALENCE = 84.dp

/** What bar, words, bars, the levels of the track and buttons take at 200 %: the page's lower edge cuts neither a row nor a glyph. */
private val BELOW_HERO_LARGE_FONT = 572.dp
private val STATUS_LINE = 42.dp
private val WIDEST_PAGE = 1040.dp
private val WIDEST_CARD = WIDEST + 48.dp

/** Phones on their side. */
private val LOW_BELOW = 480.dp

/** Material's medium window class. */
private val TABLET_FROM = 600.dp
