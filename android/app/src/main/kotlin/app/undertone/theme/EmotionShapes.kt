package app.undertone.theme

import androidx.compose.ui.geometry.CornerRadius
import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.geometry.Rect
import androidx.compose.ui.geometry.RoundRect
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.Path
import androidx.compose.ui.graphics.PathEffect
import androidx.compose.ui.graphics.StrokeCap
import androidx.compose.ui.graphics.StrokeJoin
import androidx.compose.ui.graphics.drawscope.DrawScope
import androidx.compose.ui.graphics.drawscope.Fill
import androidx.compose.ui.graphics.drawscope.Stroke
import app.undertone.live.Emotion
import kotlin.math.sqrt

/** The emotion's outline, centred in a square of [sidePx] with its corner at [topLeft]. The four look equally heavy. */
internal fun Emotion.outline(sidePx: Float, topLeft: Offset = Offset.Zero): Path {
    val path = Path()
    val centre = topLeft + Offset(sidePx / 2, sidePx / 2)
    when (this) {
        Emotion.Angry -> {
            val height = 0.84f * sidePx
            val halfBase = height / sqrt(3f)
            // A triangle's weight sits low: raised, it looks centred in its ring.
            val top = centre.y - 0.58f * height
            path.moveTo(centre.x, top)
            path.lineTo(centre.x + halfBase, top + height)
            path.lineTo(centre.x - halfBase, top + height)
            path.close()
        }
        Emotion.Happy -> path.addOval(Rect(centre, 0.45f * sidePx))
        Emotion.Neutral -> {
            val half = 0.4f * sidePx
            path.addRoundRect(RoundRect(Rect(centre, half), CornerRadius(0.16f * sidePx)))
        }
        Emotion.Sad -> {
            val radius = 0.35f * sidePx
            val belly = centre.y + 0.15f * sidePx
            val tip = centre.y - 0.5f * sidePx
            path.moveTo(centre.x, tip)
            path.cubicTo(centre.x + 0.1f * sidePx, tip + 0.2f * sidePx, centre.x + radius, belly - 0.22f * sidePx, centre.x + radius, belly)
            path.arcTo(Rect(Offset(centre.x, belly), radius), startAngleDegrees = 0f, sweepAngleDegrees = 180f, forceMoveTo = false)
            path.cubicTo(centre.x - radius, belly - 0.22f * sidePx, centre.x - 0.1f * sidePx, tip + 0.2f * sidePx, centre.x, tip)
            path.close()
        }
    }
    return path
}

/** The emotion's shape, filled, with corners rounded by its own stroke. */
internal fun DrawScope.drawEmotion(emotion: Emotion, color: Color, sidePx: Float = size.minDimension) {
    val path = emotion.outline(sidePx, Offset((size.width - sidePx) / 2, (size.height - sidePx) / 2))
    drawPath(path, color, style = Fill)
    drawPath(path, color, style = Stroke(width = 0.06f * sidePx, join = StrokeJoin.Round))
}

/** The same shape as a dashed outline: not sure. */
internal fun DrawScope.drawUncertain(emotion: Emotion, color: Color, sidePx: Float = size.minDimension) {
    val path = emotion.outline(sidePx, Offset((size.width - sidePx) / 2, (size.height - sidePx) / 2))
    val dash = PathEffect.dashPathEffect(floatArrayOf(0.1f * sidePx, 0.11f * sidePx))
    drawPath(path, color, style = Stroke(width = 0.055f * sidePx, cap = StrokeCap.Round, join = StrokeJoin.Round, pathEffect = dash))
}
