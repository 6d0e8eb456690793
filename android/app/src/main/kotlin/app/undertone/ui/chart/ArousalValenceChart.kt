package app.undertone.ui.chart

import androidx.annotation.StringRes
import androidx.compose.foundation.Canvas
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.width
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.geometry.CornerRadius
import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.geometry.Size
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.LayoutDirection
import androidx.compose.ui.unit.dp
import app.undertone.R
import app.undertone.engine.ArousalValence
import app.undertone.theme.hasLargeFont

/**
 * Arousal and valence, each a bar from the middle towards one of two words, the higher value where lines of the language end: as low as two
 * lines, so that it fits below everything else. Says that it is experimental, and is read out as one phrase, in words: the numbers are not
 * that exact.
 */
@Composable
internal fun ArousalValenceChart(said: ArousalValence, modifier: Modifier = Modifier) {
    val description = stringResource(
        R.string.arousal_valence_description,
        stringResource(wordOf(said.arousal, R.string.arousal_low, R.string.arousal_middle, R.string.arousal_high)),
        stringResource(wordOf(said.valence, R.string.valence_low, R.string.valence_middle, R.string.valence_high)),
    )
    Column(
        modifier.fillMaxWidth().clearAndSetSemantics { contentDescription = description },
        Arrangement.spacedBy(4.dp),
        Alignment.CenterHorizontally,
    ) {
        Text(
            stringResource(R.string.arousal_valence_title),
            style = MaterialTheme.typography.bodyMedium,
            color = MaterialTheme.colorScheme.onSurfaceVariant,
            textAlign = TextAlign.Center,
        )
        Axis(said.arousal, R.string.arousal_low, R.string.arousal_high)
        Axis(said.valence, R.string.valence_low, R.string.valence_high)
    }
}

/** With a large font the words stand above the bar: beside it they would leave it no width. */
@Composable
private fun Axis(value: Float, @StringRes low: Int, @StringRes high: Int) {
    if (LocalDensity.current.hasLargeFont) {
        Column(Modifier.fillMaxWidth()) {
            Row(Modifier.fillMaxWidth(), Arrangement.SpaceBetween) {
                AxisEnd(low)
                AxisEnd(high)
            }
            AxisBar(value, Modifier.fillMaxWidth())
        }
    } else {
        // As wide on both sides and in both rows: the middles line up.
        val wordWidth = with(LocalDensity.current) { MaterialTheme.typography.bodySmall.fontSize.toDp() } * WORD_EMS
        Row(Modifier.fillMaxWidth(), Arrangement.spacedBy(8.dp), Alignment.CenterVertically) {
            Box(Modifier.width(wordWidth), Alignment.CenterEnd) { AxisEnd(low) }
            AxisBar(value, Modifier.weight(1f))
            Box(Modifier.width(wordWidth), Alignment.CenterStart) { AxisEnd(high) }
        }
    }
}

@Composable
private fun AxisEnd(@StringRes word: Int) {
    Text(
        stringResource(word),
        style = MaterialTheme.typography.bodySmall,
        color = MaterialTheme.colorScheme.onSurfaceVariant,
        maxLines = 1,
    )
}

@Composable
private fun AxisBar(value: Float, modifier: Modifier) {
    val colors = MaterialTheme.colorScheme
    Canvas(modifier.height(16.dp)) {
        val thickness = 8.dp.toPx()
        val cap = thickness / 2
        val top = center.y - cap
        drawRoundRect(colors.surfaceContainerHighest, Offset(0f, top), Size(size.width, thickness), CornerRadius(cap))
        drawLine(colors.outline, Offset(center.x, 0f), Offset(center.x, size.height), strokeWidth = 2.dp.toPx())
        // The output of the model is not bounded; its bar is.
        val half = if (layoutDirection == LayoutDirection.Ltr) center.x - cap else cap - center.x
        val end = center.x + value.coerceIn(-1f, 1f) * half
        val left = minOf(center.x, end) - cap
        val right = maxOf(center.x, end) + cap
        drawRoundRect(colors.primary, Offset(left, top), Size(right - left, thickness), CornerRadius(cap))
    }
}

@StringRes
private fun wordOf(value: Float, @StringRes low: Int, @StringRes middle: Int, @StringRes high: Int): Int = when {
    value <= -CLEAR_FROM -> low
    value >= CLEAR_FROM -> high
    else -> middle
}

private const val WORD_EMS = 4.75f

/** A third of the way from the middle to an end. */
private const val CLEAR_FROM = 1 / 3f
