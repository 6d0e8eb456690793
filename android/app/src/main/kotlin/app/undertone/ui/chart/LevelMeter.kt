package app.undertone.ui.chart

import androidx.compose.foundation.Canvas
import androidx.compose.foundation.layout.height
import androidx.compose.material3.MaterialTheme
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.geometry.CornerRadius
import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.geometry.Size
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.drawscope.DrawScope
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.unit.LayoutDirection
import app.undertone.R
import app.undertone.ui.word

/**
 * The input level, and whether the speech gate is open: in colour and in a word.
 *
 * @param isWaiting the gate does not decide now.
 */
@Composable
internal fun LevelMeter(levelDbfs: Float, isGateOpen: Boolean, modifier: Modifier = Modifier, isWaiting: Boolean = false) {
    val colors = MaterialTheme.colorScheme
    val gate = when {
        isWaiting -> R.string.gate_waiting
        isGateOpen -> R.string.gate_open
        else -> R.string.gate_closed
    }
    val lit = if (isGateOpen && !isWaiting) colors.primary else colors.outline
    BarRow(
        word = stringResource(R.string.level_label),
        value = stringResource(gate),
        style = MaterialTheme.typography.bodyMedium.copy(color = colors.onSurfaceVariant),
        modifier = modifier,
        isBarBelow = true,
    ) {
        Canvas(it) {
            val step = size.width / SEGMENTS
            val segment = Size(step * 0.6f, size.height)
            val litSegments = litSegments(levelDbfs)
            repeat(SEGMENTS) { i ->
                val place = if (layoutDirection == LayoutDirection.Rtl) SEGMENTS - 1 - i else i
                drawRoundRect(
                    color = if (i < litSegments) lit else colors.surfaceContainerHighest,
                    topLeft = Offset(place * step + step * 0.2f, 0f),
                    size = segment,
                    cornerRadius = CornerRadius(segment.width / 2),
                )
            }
        }
    }
}

private const val SEGMENTS = 24

/** Below the noise floor of a phone's microphone. */
private const val FLOOR_DBFS = -72f

internal fun litSegments(levelDbfs: Float): Int =
    ((levelDbfs - FLOOR_DBFS) / -FLOOR_DBFS * SEGMENTS).toInt().coerceIn(0, SEGMENTS)

/** Of a bar for a level, in 0..1 of the height there is. */
internal fun barHeight(levelDbfs: Float): Float = (1 - levelDbfs / BAR_FLOOR_DBFS).coerceIn(0f, 1f)

/**
 * A bar of a waveform, around the middle of the height there is; a dot at least.
 *
 * @param share of that height.
 * @param drawnPx its width, where not all of it is there yet.
 */
internal fun DrawScope.drawWaveBar(color: Color, leftPx: Float, widthPx: Float, share: Float, drawnPx: Float = widthPx) {
    val heightPx = maxOf(widthPx, share * size.height)
    drawRoundRect(color, Offset(leftPx, (size.height - heightPx) / 2), Size(drawnPx, heightPx), CornerRadius(widthPx / 2))
}

/** What a phone's microphone hears in a quiet room is flat. */
private const val BAR_FLOOR_DBFS = -66f
