package app.undertone.live

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.BoxWithConstraints
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ColumnScope
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.Spacer
import androidx.compose.foundation.layout.WindowInsets
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.safeDrawing
import androidx.compose.foundation.layout.width
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.layout.windowInsetsPadding
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.HorizontalDivider
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.keepScreenOn
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.Dp
import androidx.compose.ui.unit.coerceIn
import androidx.compose.ui.unit.dp
import app.undertone.R
import app.undertone.theme.hasLargeFont

/** One glance: does it hear me, what did it hear, how sure is it. */
@Composable
fun LiveScreen(state: LiveUiState, onRecord: () -> Unit, onNoticeAction: (LiveNotice) -> Unit, modifier: Modifier = Modifier) {
    Surface(modifier.fillMaxSize().then(if (state.isListening) Modifier.keepScreenOn() else Modifier)) {
        BoxWithConstraints(Modifier.windowInsetsPadding(WindowInsets.safeDrawing)) {
            val badgeSize = (minOf(maxWidth, maxHeight) * 0.4f).coerceIn(SMALLEST_BADGE, 240.dp)
            if (maxWidth > maxHeight) {
                // Low and with a large font: the words need the height more than the shape does.
                TwoColumns(state, if (LocalDensity.current.hasLargeFont) SMALLEST_BADGE else badgeSize, onRecord, onNoticeAction)
            } else {
                OneColumn(state, badgeSize, onRecord, onNoticeAction)
            }
        }
    }
}

@Composable
private fun OneColumn(state: LiveUiState, badgeSize: Dp, onRecord: () -> Unit, onNoticeAction: (LiveNotice) -> Unit) {
    Column(Modifier.fillMaxSize()) {
        Page(
            Modifier.weight(1f),
            header = {
                Column(Modifier.fillMaxWidth(), verticalArrangement = Arrangement.spacedBy(12.dp)) {
                    Title()
                    StatusChip(state.status)
                }
            },
        ) {
            ResultOrNotice(state, badgeSize, onNoticeAction) { Measures(state, Modifier.padding(top = 8.dp)) }
        }
        Controls(state, onRecord)
    }
}

@Composable
private fun TwoColumns(state: LiveUiState, badgeSize: Dp, onRecord: () -> Unit, onNoticeAction: (LiveNotice) -> Unit) {
    Row(Modifier.fillMaxSize()) {
        Page(
            Modifier.weight(1f),
            header = {
                FlowRow(
                    Modifier.fillMaxWidth(),
                    horizontalArrangement = Arrangement.SpaceBetween,
                    itemVerticalAlignment = Alignment.CenterVertically,
                ) {
                    Title()
                    StatusChip(state.status)
                }
            },
        ) {
            ResultOrNotice(state, badgeSize, onNoticeAction)
        }
        Column(Modifier.weight(1f)) {
            Page(Modifier.weight(1f), header = {}) { Measures(state) }
            Controls(state, onRecord)
        }
    }
}

/** A header and, in the middle of what is left, the content. Scrolls when a large font or a small screen makes it too high. */
@Composable
private fun Page(modifier: Modifier, header: @Composable () -> Unit, content: @Composable ColumnScope.() -> Unit) {
    val scroll = rememberScrollState()
    BoxWithConstraints(modifier) {
        Column(
            Modifier
                .verticalScroll(scroll)
                .heightIn(min = maxHeight)
                .padding(horizontal = 24.dp, vertical = 12.dp),
            verticalArrangement = Arrangement.SpaceBetween,
        ) {
            header()
            Column(
                Modifier.fillMaxWidth().padding(vertical = 12.dp),
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
private fun Title(modifier: Modifier = Modifier) {
    Text(stringResource(R.string.app_name), modifier.semantics { heading() }, style = MaterialTheme.typography.titleLarge)
}

/** What was heard and what is [below] it, unless a notice takes its place. */
@Composable
private fun ResultOrNotice(state: LiveUiState, badgeSize: Dp, onNoticeAction: (LiveNotice) -> Unit, below: @Composable () -> Unit = {}) {
    val notice = state.notice
    if (notice?.fillsScreen == true) {
        NoticePage(notice, { onNoticeAction(notice) })
    } else {
        EmotionBadge(state.heard, Modifier.width(badgeSize))
        Headline(state)
        if (notice != null) NoticeLine(notice, { onNoticeAction(notice) })
        below()
    }
}

@Composable
private fun Measures(state: LiveUiState, modifier: Modifier = Modifier) {
    Column(modifier.widthIn(max = 480.dp), verticalArrangement = Arrangement.spacedBy(20.dp)) {
        ProbabilityBars(state.heard)
        LevelMeter(state.levelDbfs, state.isListening, state.isGateOpen)
    }
}

/** Stays in place whatever scrolls above it. */
@Composable
private fun Controls(state: LiveUiState, onRecord: () -> Unit) {
    Column(
        Modifier.fillMaxWidth().padding(horizontal = 24.dp, vertical = 12.dp),
        verticalArrangement = Arrangement.spacedBy(12.dp),
        horizontalAlignment = Alignment.CenterHorizontally,
    ) {
        val isEnabled = state.status != LiveStatus.Loading && state.status != LiveStatus.Unavailable
        RecordButton(state.isRecording, isEnabled, onRecord)
        Text(
            stringResource(R.string.privacy_footer),
            style = MaterialTheme.typography.bodySmall,
            color = MaterialTheme.colorScheme.onSurfaceVariant,
            textAlign = TextAlign.Center,
        )
    }
}

private val SMALLEST_BADGE = 96.dp
