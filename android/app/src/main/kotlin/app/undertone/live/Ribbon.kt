package app.undertone.live

import androidx.compose.foundation.Canvas
import androidx.compose.foundation.gestures.detectTapGestures
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.material3.MaterialTheme
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.rememberUpdatedState
import androidx.compose.ui.Modifier
import androidx.compose.ui.geometry.CornerRadius
import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.geometry.Size
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.drawscope.DrawScope
import androidx.compose.ui.graphics.drawscope.inset
import androidx.compose.ui.input.pointer.pointerInput
import androidx.compose.ui.res.pluralStringResource
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.onClick
import androidx.compose.ui.semantics.role
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import app.undertone.R
import app.undertone.history.SpokenSegment
import app.undertone.theme.EmotionColors
import app.undertone.theme.LocalEmotionColors
import app.undertone.theme.drawEmotion
import app.undertone.theme.drawUncertain
import kotlin.math.abs

/**
 * The whole recording from left to right, as on a tape, with each segment in the colour and, where there is room, the shape of its
 * emotion. A tap opens the nearest of the first [settled] segments; TalkBack opens the last one, and goes on from there.
 *
 * @param lengthMs of the recording until now.
 */
@Composable
internal fun Ribbon(segments: List<SpokenSegment>, settled: Int, lengthMs: Long, onOpen: (place: Int) -> Unit, modifier: Modifier = Modifier) {
    val colors = MaterialTheme.colorScheme
    val emotionColors = LocalEmotionColors.current
    val shownMs = maxOf(lengthMs, SHORTEST_MS)
    val description = pluralStringResource(R.plurals.ribbon, settled, settled)
    val label = stringResource(R.string.open_last_segment)
    val tapped by rememberUpdatedState<(Float) -> Unit> { place ->
        segments.take(settled).nearest((place * shownMs).toLong())?.let(onOpen)
    }
    Canvas(
        modifier
            .fillMaxWidth()
            .height(48.dp)
            .pointerInput(Unit) { detectTapGestures { tapped(it.x / size.width) } }
            .semantics {
                contentDescription = description
                if (settled > 0) {
                    role = Role.Button
                    onClick(label) {
                        onOpen(settled - 1)
                        true
                    }
                }
            },
    ) {
        val thickness = 24.dp.toPx()
        inset(horizontal = 0f, vertical = (size.height - thickness) / 2) {
            drawRoundRect(colors.surfaceContainerHighest, cornerRadius = CornerRadius(CORNER.toPx()))
            segments.forEach { drawSegment(it, shownMs, emotionColors, colors.outline, colors.surface) }
        }
    }
}

/** The place of the segment at [timeMs], or the one nearest to it; null where there is none. */
internal fun List<SpokenSegment>.nearest(timeMs: Long): Int? =
    indices.minByOrNull { abs(timeMs - timeMs.coerceIn(this[it].startMs, this[it].endMs)) }

private fun DrawScope.drawSegment(
    segment: SpokenSegment,
    shownMs: Long,
    emotionColors: EmotionColors,
    uncertainColor: Color,
    surface: Color,
) {
    val left = segment.startMs * size.width / shownMs
    // A word in an hour is still a line that can be seen.
    val width = maxOf(segment.durationMs * size.width / shownMs - 1.dp.toPx(), 2.dp.toPx())
    val heard = segment.heard
    val color = if (heard == null) uncertainColor else emotionColors[heard]
    drawRoundRect(color, Offset(left, 0f), Size(width, size.height), CornerRadius(minOf(CORNER.toPx(), width / 2)))
    val mark = 14.dp.toPx()
    if (width < mark + 4.dp.toPx()) return
    inset(left, 0f, size.width - left - width, 0f) {
        if (heard == null) drawUncertain(segment.emotion, surface, mark) else drawEmotion(heard, surface, mark)
    }
}

private val CORNER = 4.dp

/** A single word does not fill the ribbon. */
private const val SHORTEST_MS = 15_000L
