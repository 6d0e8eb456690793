package app.undertone.ui.chart

import androidx.compose.foundation.Canvas
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Row
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
import androidx.compose.ui.unit.LayoutDirection
import androidx.compose.ui.unit.dp
import app.undertone.R
import app.undertone.model.summary.EmotionTime
import app.undertone.theme.LocalEmotionColors
import app.undertone.theme.drawMoment
import app.undertone.ui.percentText
import app.undertone.ui.recognisedWord

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

/** The shape, the word and the share of each of [times]. */
@Composable
internal fun Legend(times: List<EmotionTime>, modifier: Modifier = Modifier) {
    val side = with(LocalDensity.current) { MaterialTheme.typography.bodyLarge.fontSize.toDp() }
    FlowRow(modifier, horizontalArrangement = Arrangement.spacedBy(20.dp), verticalArrangement = Arrangement.spacedBy(8.dp)) {
        for (time in times) {
            Row(
                Modifier.semantics(mergeDescendants = true) {},
                horizontalArrangement = Arrangement.spacedBy(8.dp),
                verticalAlignment = Alignment.CenterVertically,
            ) {
                EmotionMark(time.emotion, Modifier.size(side))
                Text(stringResource(R.string.history_share, stringResource(time.emotion.recognisedWord), percentText(time.share)))
            }
        }
    }
}
