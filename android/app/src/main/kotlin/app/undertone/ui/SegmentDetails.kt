package app.undertone.ui

import androidx.compose.foundation.layout.Arrangement
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

/** When it was, how likely each emotion is, and what the user heard instead; with the way to its neighbours. */
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
    Column(
        modifier.verticalScroll(rememberScrollState()).padding(horizontal = 24.dp).padding(bottom = 24.dp),
        verticalArrangement = Arrangement.spacedBy(16.dp),
    ) {
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
                Text(
                    recognised.certainty(),
                    style = MaterialTheme.typography.bodyLarge,
                    color = MaterialTheme.colorScheme.onSurfaceVariant,
                )
                Text(
                    stringResource(R.string.time_span, position(segment.startMs), position(segment.endMs)),
                    style = MaterialTheme.typography.bodyLarge,
                    color = MaterialTheme.colorScheme.onSurfaceVariant,
                )
            }
        }
        if (onPlay != null) {
            FilledTonalButton({ onPlay(segment.startMs) }, Modifier.heightIn(min = 48.dp)) {
                Icon(painterResource(R.drawable.ic_play), null, Modifier.padding(end = 8.dp).size(20.dp))
                Text(stringResource(R.string.session_play_from_here))
            }
        }
        ProbabilityBars(recognised, Modifier.widthIn(max = 480.dp))
        segment.arousalValence?.let { ArousalValenceChart(it, Modifier.widthIn(max = 480.dp)) }
        Column(Modifier.fillMaxWidth(), Arrangement.spacedBy(8.dp)) {
            Text(stringResource(R.string.correct_title), Modifier.semantics { heading() }, style = MaterialTheme.typography.titleMedium)
            CorrectionTiles(segment.correctedTo, onCorrect, Modifier.widthIn(max = 480.dp))
        }
        FlowRow(Modifier.fillMaxWidth(), Arrangement.SpaceBetween) {
            TextButton({ onOpen(place - 1) }, enabled = place > 0) { Text(stringResource(R.string.previous_segment)) }
            TextButton({ onOpen(place + 1) }, enabled = place + 1 < count) { Text(stringResource(R.string.next_segment)) }
        }
    }
}
