package app.undertone.ui.chart

import androidx.annotation.StringRes
import androidx.compose.foundation.Canvas
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.aspectRatio
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.widthIn
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.geometry.CornerRadius
import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.platform.LocalLayoutDirection
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.Dp
import androidx.compose.ui.unit.LayoutDirection
import androidx.compose.ui.unit.dp
import app.undertone.R
import app.undertone.engine.ArousalValence
import app.undertone.ui.word

/**
 * A dot in a square: arousal upwards, valence to the right in every language. Says that it is experimental, and is read out as one phrase,
 * in words: the numbers are not that exact.
 *
 * @param widest the square's side, where the words leave it that much.
 */
@Composable
internal fun ArousalValenceChart(said: ArousalValence, modifier: Modifier = Modifier, widest: Dp = 120.dp) {
    val description = stringResource(
        R.string.arousal_valence_description,
        stringResource(wordOf(said.arousal, R.string.arousal_low, R.string.arousal_middle, R.string.arousal_high)),
        stringResource(wordOf(said.valence, R.string.valence_low, R.string.valence_middle, R.string.valence_high)),
    )
    Column(
        modifier.fillMaxWidth().clearAndSetSemantics { contentDescription = description },
        Arrangement.spacedBy(8.dp),
        Alignment.CenterHorizontally,
    ) {
        Text(
            stringResource(R.string.arousal_valence_title),
            style = MaterialTheme.typography.bodyMedium,
            color = MaterialTheme.colorScheme.onSurfaceVariant,
            textAlign = TextAlign.Center,
        )
        CompositionLocalProvider(LocalLayoutDirection provides LayoutDirection.Ltr) {
            Row(horizontalArrangement = Arrangement.spacedBy(8.dp), verticalAlignment = Alignment.CenterVertically) {
                AxisEnd(R.string.valence_low)
                // The words get the width that they need, the square what is left of it.
                Column(
                    Modifier.weight(1f, fill = false).widthIn(max = widest),
                    Arrangement.spacedBy(4.dp),
                    Alignment.CenterHorizontally,
                ) {
                    AxisEnd(R.string.arousal_high)
                    Square(said)
                    AxisEnd(R.string.arousal_low)
                }
                AxisEnd(R.string.valence_high)
            }
        }
    }
}

@Composable
private fun AxisEnd(@StringRes word: Int) {
    Text(
        stringResource(word),
        style = MaterialTheme.typography.bodySmall,
        color = MaterialTheme.colorScheme.onSurfaceVariant,
        softWrap = false,
    )
}

@Composable
private fun Square(said: ArousalValence) {
    val colors = MaterialTheme.colorScheme
    Canvas(Modifier.fillMaxWidth().aspectRatio(1f)) {
        drawRoundRect(colors.surfaceContainerHighest, cornerRadius = CornerRadius(4.dp.toPx()))
        drawLine(colors.outline, Offset(0f, center.y), Offset(size.width, center.y), strokeWidth = 1.dp.toPx())
        drawLine(colors.outline, Offset(center.x, 0f), Offset(center.x, size.height), strokeWidth = 1.dp.toPx())
        val radius = 8.dp.toPx()
        // The output of the model is not bounded; its dot stays in the square.
        val reach = size.width / 2 - radius
        val place = center + Offset(said.valence.coerceIn(-1f, 1f) * reach, -said.arousal.coerceIn(-1f, 1f) * reach)
        drawCircle(colors.primary, radius, place)
    }
}

@StringRes
private fun wordOf(value: Float, @StringRes low: Int, @StringRes middle: Int, @StringRes high: Int): Int = when {
    value <= -CLEAR_FROM -> low
    value >= CLEAR_FROM -> high
    else -> middle
}

/** A third of the way from the middle to an end. */
private const val CLEAR_FROM = 1 / 3f
