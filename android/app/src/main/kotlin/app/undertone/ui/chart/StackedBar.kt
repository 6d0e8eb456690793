package app.undertone.ui.chart

import androidx.compose.foundation.Canvas
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.BoxWithConstraints
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.Spacer
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.Dp
import androidx.compose.ui.unit.LayoutDirection
import androidx.compose.ui.unit.dp
import app.undertone.R
import app.undertone.model.summary.EmotionTime
import app.undertone.theme.LocalEmotionColors
import app.undertone.theme.drawMoment
import app.undertone.ui.percentText
import app.undertone.ui.recognisedWord
import kotlin.math.ceil

/**
 * How much of the speech each emotion was, side by side in one bar, in the direction of the language: shares are no time. What is not sure is
 * hatched. Says nothing to TalkBack: [Legend] does.
 */
@Composable
internal fun StackedBar(times: List<EmotionTime>, modifier: Modifier = Modifier) {
    val emotionColors = LocalEmotionColors.current
    Canvas(modifier.fillMaxWidth().height(20.dp).clip(RoundedCornerShape(10.dp))) {
        val gap = 2.dp.toPx()
        var start = 0f
        val parts = times.filter { it.timeMs > 0 }
        for (time in parts) {
            val width = time.share.toFloat() * size.width
            val drawn = maxOf(if (time === parts.last()) size.width - start else width - gap, 1.dp.toPx())
            val left = if (layoutDirection == LayoutDirection.Ltr) start else size.width - start - drawn
            drawMoment(time.emotion, emotionColors[time.emotion], left, drawn, cornerPx = 2.dp.toPx())
            start += width
        }
    }
}

/** The shape, the word and the share of each of [times], in columns of equal width: as many as fit, unless fewer make as few rows. */
@Composable
internal fun Legend(times: List<EmotionTime>, modifier: Modifier = Modifier) {
    val side = with(LocalDensity.current) { MaterialTheme.typography.bodyLarge.fontSize.toDp() }
    BoxWithConstraints(modifier) {
        val fitting = ((maxWidth + COLUMN_GAP) / (side * COLUMN_EMS + COLUMN_GAP)).toInt().coerceAtLeast(1)
        val rows = ceil(times.size / fitting.toFloat())
        val columns = ceil(times.size / rows.coerceAtLeast(1f)).toInt().coerceAtLeast(1)
        Column(verticalArrangement = Arrangement.spacedBy(8.dp)) {
            for (row in times.chunked(columns)) {
                Row(horizontalArrangement = Arrangement.spacedBy(COLUMN_GAP)) {
                    for (time in row) LegendEntry(time, side, Modifier.weight(1f))
                    repeat(columns - row.size) { Spacer(Modifier.weight(1f)) }
                }
            }
        }
    }
}

@Composable
private fun LegendEntry(time: EmotionTime, side: Dp, modifier: Modifier) {
    Row(
        modifier.semantics(mergeDescendants = true) {},
        horizontalArrangement = Arrangement.spacedBy(8.dp),
        verticalAlignment = Alignment.CenterVertically,
    ) {
        EmotionMark(time.emotion, Modifier.size(side))
        Text(stringResource(R.string.history_share, stringResource(time.emotion.recognisedWord), percentText(time.share)))
    }
}

private val COLUMN_GAP = 16.dp

/** As wide as the shape, "Not sure" and its share in any of the languages. */
private const val COLUMN_EMS = 9f
