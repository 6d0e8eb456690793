package app.undertone.live

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.BoxWithConstraints
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ColumnScope
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.Spacer
import androidx.compose.foundation.layout.WindowInsets
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.offset
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.safeDrawing
import androidx.compose.foundation.layout.width
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.layout.windowInsetsPadding
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.HorizontalDivider
import androidx.compose.material3.Icon
import androidx.compose.material3.IconButton
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.Immutable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.keepScreenOn
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.res.painterResource
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.Dp
import androidx.compose.ui.unit.coerceIn
import androidx.compose.ui.unit.dp
import app.undertone.R
import app.undertone.theme.hasLargeFont

/** What can be tapped on the Live screen. */
@Immutable
data class LiveActions(
    val onRecord: () -> Unit,
    val onPause: () -> Unit,
    val onNotice: (LiveNotice) -> Unit,
    val onSegmentOpen: (place: Int?) -> Unit,
    val onCorrect: (Emotion?) -> Unit,
    val onHistory: () -> Unit,
    val onSettings: () -> Unit,
)

/** One glance: does it hear me, what did it hear, how sure is it. */
@Composable
fun LiveScreen(state: LiveUiState, actions: LiveActions, modifier: Modifier = Modifier) {
    Surface(modifier.fillMaxSize().then(if (state.isListening) Modifier.keepScreenOn() else Modifier)) {
        BoxWithConstraints(Modifier.windowInsetsPadding(WindowInsets.safeDrawing)) {
            val badgeSize = (minOf(maxWidth, maxHeight) * 0.4f).coerceIn(SMALLEST_BADGE, 240.dp)
            when {
                maxHeight < LOW_BELOW && maxWidth > maxHeight -> TwoColumns(state, actions) { LowResult(state, actions.onNotice) }
                maxWidth >= TABLET_FROM -> TwoColumns(state, actions) { Result(state, badgeSize, actions.onNotice) }
                else -> OneColumn(state, badgeSize, actions)
            }
        }
        SegmentSheet(state, actions.onSegmentOpen, actions.onCorrect)
    }
}

@Composable
private fun OneColumn(state: LiveUiState, badgeSize: Dp, actions: LiveActions) {
    Column(Modifier.fillMaxSize()) {
        Page(
            Modifier.weight(1f),
            header = {
                Column(Modifier.fillMaxWidth(), verticalArrangement = Arrangement.spacedBy(4.dp)) {
                    TopBar(actions)
                    StatusChip(state.status)
                }
            },
        ) {
            Result(state, badgeSize, actions.onNotice)
            if (state.showsResult) Recorded(state, 48.dp, actions.onSegmentOpen)
        }
        Controls(state, actions)
    }
}

@Composable
private fun TwoColumns(state: LiveUiState, actions: LiveActions, result: @Composable () -> Unit) {
    Row(Modifier.fillMaxSize()) {
        Page(Modifier.weight(1f), header = { TitleAndStatus(state) }) { result() }
        Column(Modifier.weight(1f)) {
            Page(Modifier.weight(1f), header = { TopButtons(actions, Modifier.align(Alignment.End)) }) {
                if (state.showsResult) Recorded(state, 80.dp, actions.onSegmentOpen)
            }
            Controls(state, actions)
        }
    }
}

/** A header and, in the middle of what is left, the content. Scrolls when a large font or a small screen makes it too high. */
@Composable
private fun Page(modifier: Modifier, header: @Composable ColumnScope.() -> Unit, content: @Composable ColumnScope.() -> Unit) {
    val scroll = rememberScrollState()
    BoxWithConstraints(modifier) {
        Column(
            Modifier
                .verticalScroll(scroll)
                .heightIn(min = maxHeight)
                .padding(horizontal = 24.dp, vertical = 8.dp),
            verticalArrangement = Arrangement.SpaceBetween,
        ) {
            header()
            Column(
                Modifier.fillMaxWidth().padding(vertical = 4.dp),
                verticalArrangement = Arrangement.spacedBy(12.dp),
                horizontalAlignment = Alignment.CenterHorizontally,
                content = content,
            )
            Spacer(Modifier)
        }
        if (scroll.canScrollForward) HorizontalDivider(Modifier.align(Alignment.BottomCenter))
    }
}

@Composable
private fun TopBar(actions: LiveActions) {
    Row(Modifier.fillMaxWidth(), Arrangement.SpaceBetween, Alignment.CenterVertically) {
        Title()
        TopButtons(actions)
    }
}

/** As high as the buttons of the other column. */
@Composable
private fun TitleAndStatus(state: LiveUiState) {
    Box(Modifier.heightIn(min = 48.dp), contentAlignment = Alignment.Center) {
        FlowRow(
            Modifier.fillMaxWidth(),
            horizontalArrangement = Arrangement.SpaceBetween,
            itemVerticalAlignment = Alignment.CenterVertically,
        ) {
            Title()
            StatusChip(state.status)
        }
    }
}

@Composable
private fun Title(modifier: Modifier = Modifier) {
    Text(stringResource(R.string.app_name), modifier.semantics { heading() }, style = MaterialTheme.typography.titleLarge)
}

/** The icons line up with the edge of what is below them. */
@Composable
private fun TopButtons(actions: LiveActions, modifier: Modifier = Modifier) {
    Row(modifier.offset(x = 12.dp)) {
        IconButton(actions.onHistory) { Icon(painterResource(R.drawable.ic_history), stringResource(R.string.open_history)) }
        IconButton(actions.onSettings) { Icon(painterResource(R.drawable.ic_settings), stringResource(R.string.open_app_settings)) }
    }
}

/** What was heard, unless a notice takes its place. */
@Composable
private fun Result(state: LiveUiState, badgeSize: Dp, onNotice: (LiveNotice) -> Unit) {
    if (state.notice?.fillsScreen == true) {
        NoticePage(state.notice, { onNotice(state.notice) })
    } else {
        EmotionBadge(state.heard, Modifier.width(badgeSize))
        Headline(state)
        Remark(state, onNotice)
        ProbabilityBars(state.heard, Modifier.widthIn(max = WIDEST).padding(top = 4.dp))
    }
}

/** The same where height is scarce: the words stand beside the shape. */
@Composable
private fun LowResult(state: LiveUiState, onNotice: (LiveNotice) -> Unit) {
    if (state.notice?.fillsScreen == true || LocalDensity.current.hasLargeFont) {
        Result(state, SMALLEST_BADGE, onNotice)
    } else {
        Row(Modifier.fillMaxWidth(), Arrangement.spacedBy(16.dp), Alignment.CenterVertically) {
            EmotionBadge(state.heard, Modifier.width(SMALLEST_BADGE))
            Headline(state, Modifier.weight(1f))
        }
        Remark(state, onNotice)
        ProbabilityBars(state.heard)
    }
}

@Composable
private fun Remark(state: LiveUiState, onNotice: (LiveNotice) -> Unit) {
    if (state.notice != null) NoticeLine(state.notice, { onNotice(state.notice) })
}

/** What came in: the last seconds, and the whole recording. Below it, out of the way, what is experimental. */
@Composable
private fun Recorded(state: LiveUiState, waveformHeight: Dp, onSegmentOpen: (place: Int?) -> Unit) {
    WaveformChart(state, Modifier.widthIn(max = WIDEST).fillMaxWidth().height(waveformHeight))
    Ribbon(
        segments = state.ribbon,
        settled = state.settledSegments,
        // By whole seconds: the ribbon does not have to be drawn again for each frame.
        lengthMs = (state.waveform.lengthMs / 1_000 + 1) * 1_000,
        onOpen = onSegmentOpen,
        modifier = Modifier.widthIn(max = WIDEST),
    )
    state.heard?.arousalValence?.let { ArousalValenceChart(it, Modifier.widthIn(max = WIDEST)) }
}

/** Stays in place whatever scrolls above it. */
@Composable
private fun Controls(state: LiveUiState, actions: LiveActions) {
    Column(
        Modifier.fillMaxWidth().padding(horizontal = 24.dp, vertical = 12.dp),
        verticalArrangement = Arrangement.spacedBy(12.dp),
        horizontalAlignment = Alignment.CenterHorizontally,
    ) {
        RecordControls(state, actions.onRecord, actions.onPause)
        Text(
            stringResource(if (state.keepsAudio) R.string.privacy_footer_kept else R.string.privacy_footer),
            style = MaterialTheme.typography.bodySmall,
            color = MaterialTheme.colorScheme.onSurfaceVariant,
            textAlign = TextAlign.Center,
        )
    }
}

private val LiveUiState.showsResult: Boolean get() = notice?.fillsScreen != true

private val SMALLEST_BADGE = 96.dp
private val WIDEST = 480.dp

/** Phones on their side. */
private val LOW_BELOW = 480.dp

/** Material's medium window class. */
private val TABLET_FROM = 600.dp
