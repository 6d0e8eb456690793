package app.undertone.ui.chart

import androidx.compose.foundation.Canvas
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.material3.MaterialTheme
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.geometry.CornerRadius
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.drawscope.DrawScope
import androidx.compose.ui.graphics.drawscope.Stroke
import androidx.compose.ui.graphics.drawscope.inset
import androidx.compose.ui.unit.dp
import app.undertone.model.Emotion
import app.undertone.model.summary.RibbonBlock
import app.undertone.model.summary.blocks
import app.undertone.theme.EmotionColors
import app.undertone.theme.LocalEmotionColors
import app.undertone.theme.drawEmotion
import app.undertone.theme.drawMoment

/**
 * Blocks of what was heard over time, with the emotion's shape in those that are wide enough. Time runs from left to right in every
 * language, as it does in players. Says nothing to TalkBack: what it shows is said beside it.
 */
@Composable
internal fun RibbonCanvas(blocks: List<RibbonBlock>, modifier: Modifier = Modifier) {
    val emotionColors = LocalEmotionColors.current
    val scheme = MaterialTheme.colorScheme
    Canvas(modifier.clip(RoundedCornerShape(CORNER))) {
        drawRect(scheme.surfaceContainer)
        // Where nobody speaks, on a card of about the same colour. Half of it is outside.
        drawRoundRect(scheme.outlineVariant, cornerRadius = CornerRadius(CORNER.toPx()), style = Stroke(2.dp.toPx()))
        for (block in blocks) drawBlock(block, emotionColors, shapeColor = scheme.surface)
    }
}

/** What was heard as a small shape; the hatched cloud for null. */
@Composable
internal fun EmotionMark(recognised: Emotion?, modifier: Modifier = Modifier) {
    val color = LocalEmotionColors.current[recognised]
    Canvas(modifier) { drawEmotion(recognised, color, sidePx = size.minDimension * 0.92f) }
}

private fun DrawScope.drawBlock(block: RibbonBlock, emotionColors: EmotionColors, shapeColor: Color) {
    val left = block.start * size.width
    // A sliver of less than a dp could not be seen.
    val width = ((block.end - block.start) * size.width).coerceAtLeast(1.dp.toPx())
    drawMoment(block.recognised, emotionColors[block.recognised], left, width, cornerPx = 3.dp.toPx())
    val shapePx = minOf(size.height * 0.5f, 20.dp.toPx())
    if (block.recognised != null && width > 1.3f * shapePx) {
        val vertical = (size.height - shapePx) / 2
        inset(left, vertical, size.width - left - width, vertical) { drawEmotion(block.recognised, shapeColor) }
    }
}

private val CORNER = 6.dp
