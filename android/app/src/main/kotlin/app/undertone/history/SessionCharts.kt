package app.undertone.history

import androidx.annotation.StringRes
import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.Spacer
import androidx.compose.foundation.layout.fillMaxHeight
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.remember
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.platform.LocalLayoutDirection
import androidx.compose.ui.res.pluralStringResource
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.unit.LayoutDirection
import androidx.compose.ui.unit.dp
import app.undertone.R
import app.undertone.live.BarRow
import app.undertone.theme.LocalEmotionColors
import kotlin.math.roundToInt

/** How much of the speech each emotion was, always in the same order, as in Live. */
@Composable
internal fun ShareChart(times: List<HeardTime>, modifier: Modifier = Modifier) {
    val emotionColors = LocalEmotionColors.current
    val outline = MaterialTheme.colorScheme.outline
    Column(modifier.fillMaxWidth(), verticalArrangement = Arrangement.spacedBy(12.dp)) {
        for (time in times) {
            BarRow(
                word = stringResource(time.emotion.heardWord),
                value = percent(time.share),
                style = MaterialTheme.typography.bodyLarge,
                icon = { HeardMark(time.emotion, it) },
            ) { Bar(time.share, time.emotion?.let(emotionColors::get) ?: outline, it) }
        }
    }
}

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

/** [Steadiness] as a bar, and in words what it means. */
@Composable
internal fun SteadinessChart(steadiness: Steadiness?, modifier: Modifier = Modifier) {
    Column(modifier.fillMaxWidth(), verticalArrangement = Arrangement.spacedBy(12.dp)) {
        if (steadiness != null) {
            BarRow(
                word = stringResource(steadiness.word),
                value = percent(steadiness.share),
                style = MaterialTheme.typography.bodyLarge,
            ) { Bar(steadiness.share, MaterialTheme.colorScheme.primary, it) }
        }
        Text(
            if (steadiness == null) {
                stringResource(R.string.session_steadiness_unknown)
            } else {
                pluralStringResource(R.plurals.session_steadiness_steps, steadiness.steps, steadiness.kept, steadiness.steps)
            },
            style = MaterialTheme.typography.bodyMedium,
            color = MaterialTheme.colorScheme.onSurfaceVariant,
        )
    }
}

@get:StringRes
private val Steadiness.word: Int
    get() = when {
        share >= STEADY_FROM -> R.string.session_steady
        share >= MIXED_FROM -> R.string.session_mixed
        else -> R.string.session_changing
    }

@Composable
private fun Bar(share: Double, color: Color, modifier: Modifier) {
    Box(modifier.clip(BAR_SHAPE).background(MaterialTheme.colorScheme.surfaceContainerHighest)) {
        Spacer(Modifier.fillMaxHeight().fillMaxWidth(share.toFloat()).clip(BAR_SHAPE).background(color))
    }
}

@Composable
private fun percent(share: Double): String = stringResource(R.string.percent, (share * 100).roundToInt())

private val BAR_SHAPE = RoundedCornerShape(4.dp)
private const val LANE_COLUMNS = 300
private const val STEADY_FROM = 0.75
private const val MIXED_FROM = 0.5
