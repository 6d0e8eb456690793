package app.undertone.ui.chart

import androidx.compose.material3.ColorScheme
import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.graphics.Path
import androidx.compose.ui.graphics.StrokeJoin
import androidx.compose.ui.graphics.drawscope.DrawScope
import androidx.compose.ui.graphics.drawscope.Stroke
import androidx.compose.ui.unit.dp

/**
 * A mark on a scale of time: a pole as high as the area, with a pennant at its top, which flies to the left where the right end is near.
 *
 * @param x of the mark, in px from the left.
 */
internal fun DrawScope.drawFlag(x: Float, scheme: ColorScheme) {
    val pole = 2.dp.toPx()
    val height = 10.dp.toPx()
    val length = 11.dp.toPx()
    val foot = x.coerceIn(pole / 2, size.width - pole / 2)
    val tip = if (foot + length > size.width) foot - length else foot + length
    val pennant = Path().apply {
        moveTo(foot, 0f)
        lineTo(tip, height / 2)
        lineTo(foot, height)
        close()
    }
    // The seam keeps it apart from bars and blocks of about its own colour.
    drawLine(scheme.surface, Offset(foot, 0f), Offset(foot, size.height), pole + 2.dp.toPx())
    drawPath(pennant, scheme.surface, style = Stroke(3.dp.toPx(), join = StrokeJoin.Round))
    drawLine(scheme.primary, Offset(foot, 0f), Offset(foot, size.height), pole)
    drawPath(pennant, scheme.primary)
}
