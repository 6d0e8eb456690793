package app.undertone.ui

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.BoxWithConstraints
import androidx.compose.foundation.layout.BoxWithConstraintsScope
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.ExperimentalMaterial3Api
import androidx.compose.material3.FilledTonalButton
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.ModalBottomSheet
import androidx.compose.material3.Text
import androidx.compose.material3.TextButton
import androidx.compose.material3.rememberModalBottomSheetState
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.res.painterResource
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import app.undertone.R
import app.undertone.model.Emotion
import app.undertone.model.RecognisedSegment
import app.undertone.model.SpokenSegment
import app.undertone.ui.chart.ArousalValenceChart
import app.undertone.ui.chart.EmotionMark
import app.undertone.ui.chart.ProbabilityBars

/**
 * The details of one of [segments], above the screen.
 *
 * @param count of those that can be opened, from the first on.
 * @param onPlay takes where the segment begins; null where nothing can be played.
 */
@OptIn(ExperimentalMaterial3Api::class)
@Composable
internal fun SegmentSheet(
    segments: List<SpokenSegment>,
    place: Int,
    count: Int,
    onOpen: (place: Int?) -> Unit,
    onCorrect: (Emotion?) -> Unit,
    onPlay: ((startMs: Long) -> Unit)? = null,
) {
    ModalBottomSheet(onDismissRequest = { onOpen(null) }, sheetState = rememberModalBottomSheetState(skipPartiallyExpanded = true)) {
        SegmentDetails(segments[place], place, count, onOpen, onCorrect, onPlay = onPlay)
    }
}

/**
 * When it was, how likely each emotion is, and what the user heard instead; with the way to its neighbours. On a phone on its side the last
 * two stand beside the first, as below them they would be out of sight.
 */
@Composable
internal fun SegmentDetails(
    segment: SpokenSegment,
    place: Int,
    count: Int,
    onOpen: (place: Int) -> Unit,
    onCorrect: (Emotion?) -> Unit,
    modifier: Modifier = Modifier,
    onPlay: ((startMs: Long) -> Unit)? = null,
) {
    val recognised = segment.asRecognised()
    val answer = @Composable {
        SegmentTitle(segment, recognised)
        if (onPlay != null) PlayFromHere { onPlay(segment.startMs) }
        ProbabilityBars(recognised, Modifier.widthIn(max = WIDEST))
    }
    val corrected = @Composable {
        segment.arousalValence?.let { ArousalValenceChart(it, Modifier.widthIn(max = WIDEST)) }
        Column(Modifier.fillMaxWidth(), Arrangement.spacedBy(8.dp)) {
            Text(stringResource(R.string.correct_title), Modifier.semantics { heading() }, style = MaterialTheme.typography.titleMedium)
            CorrectionTiles(segment.correctedTo, onCorrect, Modifier.widthIn(max = WIDEST))
        }
        Neighbours(place, count, onOpen)
    }
    BoxWithConstraints(modifier) {
        val page = Modifier.verticalScroll(rememberScrollState()).padding(horizontal = 24.dp).padding(bottom = 24.dp)
        if (hasRoomBeside) {
            Row(page, Arrangement.spacedBy(24.dp)) {
                for (half in listOf(answer, corrected)) {
                    Column(Modifier.weight(1f), Arrangement.spacedBy(16.dp)) { half() }
                }
            }
        } else {
            Column(page, Arrangement.spacedBy(16.dp)) {
                answer()
                corrected()
            }
        }
    }
}

/** Whether a sheet is that of a phone on its side: what is below its fold elsewhere stands beside the rest. */
internal val BoxWithConstraintsScope.hasRoomBeside: Boolean get() = maxHeight < LOW_BELOW && maxWidth >= BESIDE_FROM

@Composable
private fun SegmentTitle(segment: SpokenSegment, recognised: RecognisedSegment) {
    Row(
        Modifier.fillMaxWidth().semantics(mergeDescendants = true) {
            heading()
            liveRegion = LiveRegionMode.Polite
        },
        Arrangement.spacedBy(16.dp),
        Alignment.CenterVertically,
    ) {
        EmotionMark(segment.emotion.takeUnless { segment.isUncertain }, Modifier.size(56.dp))
        Column {
            Text(stringResource(recognised.headline), style = MaterialTheme.typography.headlineMedium)
            for (line in listOf(
                recognised.certainty(),
                stringResource(R.string.time_span, position(segment.startMs), position(segment.endMs)),
            )) {
                Text(line, style = MaterialTheme.typography.bodyLarge, color = MaterialTheme.colorScheme.onSurfaceVariant)
            }
        }
    }
}

@Composable
private fun PlayFromHere(onPlay: () -> Unit) {
    FilledTonalButton(onPlay, Modifier.heightIn(min = 48.dp)) {
        Icon(painterResource(R.drawable.ic_play), null, Modifier.padding(end = 8.dp).size(20.dp))
        Text(stringResource(R.string.session_play_from_here))
    }
}

@Composable
private fun Neighbours(place: Int, count: Int, onOpen: (place: Int) -> Unit) {
    FlowRow(Modifier.reachingIntoMargin().fillMaxWidth(), Arrangement.SpaceBetween) {
        TextButton({ onOpen(place - 1) }, enabled = place > 0) { Text(stringResource(R.string.previous_segment)) }
        TextButton({ onOpen(place + 1) }, enabled = place + 1 < count) { Text(stringResource(R.string.next_segment)) }
    }
}

private val WIDEST = 480.dp

/** Phones on their side. */
private val LOW_BELOW = 400.dp
private val BESIDE_FROM = 520.dp
