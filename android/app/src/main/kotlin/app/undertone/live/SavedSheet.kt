package app.undertone.live

import androidx.compose.animation.core.Animatable
import androidx.compose.animation.core.FastOutSlowInEasing
import androidx.compose.animation.core.tween
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.BoxWithConstraints
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ColumnScope
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.shape.CircleShape
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.ButtonDefaults
import androidx.compose.material3.ExperimentalMaterial3Api
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.ModalBottomSheet
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.material3.TextButton
import androidx.compose.material3.rememberModalBottomSheetState
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.Immutable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.drawWithContent
import androidx.compose.ui.graphics.drawscope.clipRect
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.platform.LocalLayoutDirection
import androidx.compose.ui.platform.LocalResources
import androidx.compose.ui.res.painterResource
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.LayoutDirection
import androidx.compose.ui.unit.dp
import app.undertone.R
import app.undertone.model.Session
import app.undertone.model.summary.RibbonWindow
import app.undertone.model.summary.emotionTimes
import app.undertone.model.summary.ribbonBlocks
import app.undertone.theme.hasLargeFont
import app.undertone.ui.FailureText
import app.undertone.ui.MainButton
import app.undertone.ui.TextDialog
import app.undertone.ui.chart.Legend
import app.undertone.ui.chart.RibbonCanvas
import app.undertone.ui.chart.StackedBar
import app.undertone.ui.hasRoomBeside
import app.undertone.ui.position
import app.undertone.ui.reachingIntoMargin
import app.undertone.ui.sentence
import app.undertone.ui.stoppedAfterSilenceSentence

/** What can be done with a recording that just ended. */
@Immutable
data class SavedActions(
    val onOpen: (sessionId: Long) -> Unit = {},
    val onRename: (String) -> Unit = {},
    val onDiscard: () -> Unit = {},
    val onBringBack: () -> Unit = {},
    val onClose: () -> Unit = {},
)

/** Rises when a recording ends: what was saved, as a story, and the way to it. */
@OptIn(ExperimentalMaterial3Api::class)
@Composable
internal fun SavedSheet(saved: SavedRecording, actions: SavedActions) {
    ModalBottomSheet(onDismissRequest = actions.onClose, sheetState = rememberModalBottomSheetState(skipPartiallyExpanded = true)) {
        SavedSummary(saved, actions)
    }
}

@Composable
internal fun SavedSummary(saved: SavedRecording, actions: SavedActions, modifier: Modifier = Modifier) {
    BoxWithConstraints(modifier) {
        val hasLargeFont = LocalDensity.current.hasLargeFont
        val isBeside = hasRoomBeside && !hasLargeFont
        Column(
            Modifier
                .verticalScroll(rememberScrollState())
                .fillMaxWidth()
                .padding(start = 24.dp, end = 24.dp, bottom = 24.dp)
                .semantics { liveRegion = LiveRegionMode.Polite },
            // The buttons are to be in sight.
            verticalArrangement = Arrangement.spacedBy(if (hasLargeFont) 12.dp else 16.dp),
        ) {
            if (saved.isNotStored) FailureText(stringResource(R.string.history_not_stored))
            if (saved.isDiscarded) Discarded(actions) else Saved(saved, actions, isBeside)
        }
    }
}

/** @param isBeside the shares and the ways on stand beside the story, as below it they would be out of sight. */
@Composable
private fun Saved(saved: SavedRecording, actions: SavedActions, isBeside: Boolean) {
    var isNaming by rememberSaveable { mutableStateOf(false) }
    val onName = { isNaming = true }
    if (isBeside) {
        Row(horizontalArrangement = Arrangement.spacedBy(24.dp)) {
            Column(Modifier.weight(1f), Arrangement.spacedBy(16.dp)) { SavedStory(saved) }
            Column(Modifier.weight(1f), Arrangement.spacedBy(16.dp)) {
                Shares(saved)
                WaysOn(saved, actions, onName)
            }
        }
    } else {
        SavedStory(saved)
        Shares(saved)
        WaysOn(saved, actions, onName)
    }
    if (isNaming) {
        TextDialog(R.string.name_it, R.string.session_name, saved.session.title.orEmpty(), onDismiss = { isNaming = false }) {
            isNaming = false
            actions.onRename(it)
        }
    }
}

@Composable
private fun SavedStory(saved: SavedRecording) {
    Occasion(saved.session)
    Text(saved.story.sentence(), Modifier.semantics { heading() }, style = MaterialTheme.typography.headlineMedium)
    if (saved.segments.isEmpty()) {
        Text(
            stringResource(R.string.session_no_speech),
            style = MaterialTheme.typography.bodyLarge,
            color = MaterialTheme.colorScheme.onSurfaceVariant,
        )
    } else {
        DrawnRibbon(saved)
    }
}

@Composable
private fun Shares(saved: SavedRecording) {
    if (saved.segments.isEmpty()) return
    val times = saved.segments.emotionTimes()
    StackedBar(times, Modifier.padding(top = 4.dp))
    Legend(times.filter { it.timeMs > 0 }.sortedByDescending { it.timeMs }.take(2))
}

@Composable
private fun WaysOn(saved: SavedRecording, actions: SavedActions, onName: () -> Unit) {
    MainButton(stringResource(R.string.history_open), { actions.onOpen(saved.session.id) }, Modifier.padding(top = 8.dp).fillMaxWidth())
    FlowRow(Modifier.reachingIntoMargin().fillMaxWidth(), Arrangement.SpaceBetween) {
        TextButton(onName) { Text(stringResource(R.string.name_it)) }
        TextButton(actions.onDiscard, colors = ButtonDefaults.textButtonColors(contentColor = MaterialTheme.colorScheme.error)) {
            Text(stringResource(R.string.discard))
        }
    }
}

/** That it is saved, its length, its name, and why it ended where nobody ended it. */
@Composable
private fun Occasion(session: Session) = Column(verticalArrangement = Arrangement.spacedBy(4.dp)) {
    val quiet = MaterialTheme.colorScheme.onSurfaceVariant
    Row(verticalAlignment = Alignment.CenterVertically, horizontalArrangement = Arrangement.spacedBy(8.dp)) {
        Icon(painterResource(R.drawable.ic_check), null, Modifier.size(20.dp), tint = MaterialTheme.colorScheme.primary)
        Text(stringResource(R.string.saved, position(session.lengthMs)), style = MaterialTheme.typography.titleMedium, color = quiet)
        session.title?.let { Text(it, style = MaterialTheme.typography.titleMedium) }
    }
    session.stoppedAfterSilenceMin?.let {
        Text(LocalResources.current.stoppedAfterSilenceSentence(it), style = MaterialTheme.typography.bodyMedium, color = quiet)
    }
}

/** The whole recording, drawing itself once from its start. */
@Composable
private fun DrawnRibbon(saved: SavedRecording) {
    val window = RibbonWindow.of(saved.session, saved.segments)
    val blocks = remember(saved) { ribbonBlocks(saved.segments, window, RIBBON_COLUMNS) }
    val drawn = remember { Animatable(0f) }
    LaunchedEffect(Unit) { drawn.animateTo(1f, tween(DRAWING_MS, easing = FastOutSlowInEasing)) }
    CompositionLocalProvider(LocalLayoutDirection provides LayoutDirection.Ltr) {
        Column(verticalArrangement = Arrangement.spacedBy(4.dp)) {
            RibbonCanvas(
                blocks,
                Modifier
                    .fillMaxWidth()
                    .height(40.dp)
                    .drawWithContent { clipRect(right = size.width * drawn.value) { this@drawWithContent.drawContent() } },
            )
            Row(Modifier.fillMaxWidth().clearAndSetSemantics {}, Arrangement.SpaceBetween) {
                for (timeMs in listOf(0L, window.toMs)) {
                    Text(position(timeMs), style = MaterialTheme.typography.bodySmall, color = MaterialTheme.colorScheme.onSurfaceVariant)
                }
            }
        }
    }
}

@Composable
private fun ColumnScope.Discarded(actions: SavedActions) {
    Row(verticalAlignment = Alignment.CenterVertically, horizontalArrangement = Arrangement.spacedBy(16.dp)) {
        Surface(Modifier.size(56.dp), CircleShape, MaterialTheme.colorScheme.surfaceContainerHighest) {
            Icon(painterResource(R.drawable.ic_delete), null, Modifier.padding(16.dp))
        }
        Column {
            Text(stringResource(R.string.discarded), Modifier.semantics { heading() }, style = MaterialTheme.typography.headlineMedium)
            Text(
                stringResource(R.string.discarded_explained),
                style = MaterialTheme.typography.bodyLarge,
                color = MaterialTheme.colorScheme.onSurfaceVariant,
            )
        }
    }
    MainButton(stringResource(R.string.history_undo), actions.onBringBack, Modifier.padding(top = 8.dp).fillMaxWidth())
    TextButton(actions.onClose, Modifier.align(Alignment.CenterHorizontally)) { Text(stringResource(R.string.close)) }
}

private const val RIBBON_COLUMNS = 40
private const val DRAWING_MS = 800
