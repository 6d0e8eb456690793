package app.undertone.theme

import androidx.compose.ui.geometry.CornerRadius
import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.geometry.Rect
import androidx.compose.ui.geometry.RoundRect
import androidx.compose.ui.geometry.Size
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.Path
import androidx.compose.ui.graphics.StrokeJoin
import androidx.compose.ui.graphics.drawscope.DrawScope
import androidx.compose.ui.graphics.drawscope.Fill
import androidx.compose.ui.graphics.drawscope.Stroke
import androidx.compose.ui.graphics.drawscope.clipPath
import androidx.compose.ui.unit.dp
import app.undertone.model.Emotion

/**
 * The shape of an [emotion], filled; the cloud of "not sure", for null, is hatched on every screen.
 *
 * @param color its fill in [EmotionColors], or what is seen on such a fill.
 */
internal fun DrawScope.drawEmotion(emotion: Emotion?, color: Color, sidePx: Float = size.minDimension) =
    drawFigure(Figure.of(emotion), color, isHatched = emotion == null, sidePx = sidePx)

internal fun DrawScope.drawFigure(figure: Figure, color: Color, isHatched: Boolean, sidePx: Float) {
    val path = figure.path(sidePx, Offset(size.width / 2, size.height / 2))
    if (isHatched) {
        drawHatched(path, Rect(0f, 0f, size.width, size.height), color, pitchPx = maxOf(4.dp.toPx(), 0.11f * sidePx))
    } else {
        drawPath(path, color, style = Fill)
        // Softens the tips.
        drawPath(path, color, style = Stroke(width = 0.04f * sidePx, join = StrokeJoin.Round))
    }
}

/** A moment on a ribbon or a part of a bar, from [left] on: filled, or hatched where nobody can be sure. */
internal fun DrawScope.drawMoment(emotion: Emotion?, color: Color, left: Float, width: Float, cornerPx: Float) {
    val corner = CornerRadius(minOf(cornerPx, width / 2))
    if (emotion != null) {
        drawRoundRect(color, Offset(left, 0f), Size(width, size.height), corner)
    } else {
        val stroke = minOf(1.dp.toPx(), width / 2)
        val bounds = Rect(left + stroke / 2, stroke / 2, left + width - stroke / 2, size.height - stroke / 2)
        drawHatched(Path().apply { addRoundRect(RoundRect(bounds, corner)) }, bounds, color, pitchPx = 4.dp.toPx())
    }
}

/** Lines from bottom left to top right, at the same places in every shape, inside an outline. */
private fun DrawScope.drawHatched(path: Path, bounds: Rect, color: Color, pitchPx: Float) {
    drawHatching(path, color, bounds, pitchPx)
    drawPath(path, color, style = Stroke(width = maxOf(1.dp.toPx(), pitchPx * LINE_SHARE * 0.8f), join = StrokeJoin.Round))
}

/** The same without an outline, for what is too small or too many for one. */
internal fun DrawScope.drawHatching(
    path: Path,
    color: Color,
    bounds: Rect = Rect(0f, 0f, size.width, size.height),
    pitchPx: Float = 4.dp.toPx(),
) {
    clipPath(path) {
        drawRect(color.copy(alpha = HATCH_GROUND * color.alpha), bounds.topLeft, bounds.size)
        var x = bounds.left - bounds.left % pitchPx - bounds.height
        while (x < bounds.right) {
            drawLine(color, Offset(x, bounds.bottom), Offset(x + bounds.height, bounds.top), strokeWidth = pitchPx * LINE_SHARE)
            x += pitchPx
        }
    }
}

/** Keeps a hatched shape from falling apart on any ground. */
private const val HATCH_GROUND = 0.16f

/** Of the distance between two lines, how much one is wide. */
private const val LINE_SHARE = 0.32f
