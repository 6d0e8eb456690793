package app.undertone.history

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.remember
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalLayoutDirection
import androidx.compose.ui.res.pluralStringResource
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.unit.LayoutDirection
import androidx.compose.ui.unit.dp
import app.undertone.R

/** When each emotion was heard: a lane for each, read out as one phrase. Time runs from left to right in every language. */
@Composable
internal fun TimelineChart(session: Session, segments: List<SpokenSegment>, times: List<HeardTime>, modifier: Modifier = Modifier) {
    val window = RibbonWindow.of(session, segments)
    CompositionLocalProvider(LocalLayoutDirection provides LayoutDirection.Ltr) {
        Column(modifier.fillMaxWidth(), verticalArrangement = Arrangement.spacedBy(8.dp)) {
            for (time in times) {
                val lane = remember(segments, time.emotion) { segments.filter { it.heard == time.emotion } }
                val blocks = remember(lane, window) { ribbonBlocks(lane, window, LANE_COLUMNS) }
                val count = pluralStringResource(R.plurals.session_segment_count, lane.size, lane.size)
                val word = stringResource(time.emotion.heardWord)
                val phrase = if (lane.isEmpty()) count else stringResource(R.string.history_list, count, length(time.timeMs))
                val description = stringResource(R.string.bar_description, word, phrase)
                Row(
                    Modifier.clearAndSetSemantics { contentDescription = description },
                    horizontalArrangement = Arrangement.spacedBy(8.dp),
                    verticalAlignment = Alignment.CenterVertically,
                ) {
                    HeardMark(time.emotion, Modifier.size(20.dp))
                    RibbonCanvas(blocks, Modifier.weight(1f).height(20.dp))
                }
            }
            Row(Modifier.fillMaxWidth().padding(start = 28.dp).clearAndSetSemantics {}, Arrangement.SpaceBetween) {
                for (positionMs in listOf(0L, window.toMs)) {
                    Text(
                        position(positionMs),
                        style = MaterialTheme.typography.bodySmall,
                        color = MaterialTheme.colorScheme.onSurfaceVariant,
                    )
                }
            }
        }
    }
}

/** How often the tone changed from one sure moment to the next; nothing where that cannot be told. */
@Composable
internal fun ToneChanges(steadiness: Steadiness?, modifier: Modifier = Modifier) {
    if (steadiness == null) return
    val changes = steadiness.steps - steadiness.kept
    Text(
        if (changes == 0) stringResource(R.string.tone_kept) else pluralStringResource(R.plurals.tone_changes, changes, changes),
        modifier,
        style = MaterialTheme.typography.bodyLarge,
    )
}

private const val LANE_COLUMNS = 300
