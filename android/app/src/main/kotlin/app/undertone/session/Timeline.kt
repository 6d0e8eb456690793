package app.undertone.session

import androidx.compose.foundation.Canvas
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Spacer
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.layout.width
import androidx.compose.material3.ColorScheme
import androidx.compose.material3.MaterialTheme
import androidx.compose.runtime.Composable
import androidx.compose.runtime.Immutable
import androidx.compose.runtime.remember
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.geometry.CornerRadius
import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.geometry.Rect
import androidx.compose.ui.geometry.Size
import androidx.compose.ui.graphics.Path
import androidx.compose.ui.graphics.drawscope.DrawScope
import androidx.compose.ui.graphics.drawscope.inset
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.res.pluralStringResource
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.text.drawText
import androidx.compose.ui.text.rememberTextMeasurer
import androidx.compose.ui.unit.Dp
import androidx.compose.ui.unit.dp
import app.undertone.R
import app.undertone.model.AudioEnvelope
import app.undertone.model.Emotion
import app.undertone.model.SpokenSegment
import app.undertone.model.levelDbfs
import app.undertone.model.summary.RibbonWindow
import app.undertone.model.summary.outcomes
import app.undertone.model.summary.ribbonBlocks
import app.undertone.model.summary.ribbonShares
import app.undertone.model.timeTicksMs
import app.undertone.theme.EmotionColors
import app.undertone.theme.LocalEmotionColors
import app.undertone.theme.drawHatching
import app.undertone.theme.drawMoment
import app.undertone.ui.chart.EmotionMark
import app.undertone.ui.chart.barHeight
import app.undertone.ui.chart.drawFlag
import app.undertone.ui.chart.drawWaveBar
import app.undertone.ui.length
import app.undertone.ui.position
import app.undertone.ui.recognisedWord
import kotlin.math.roundToInt

/**
 * Where in the window one tone is heard.
 *
 * @param emotion null: not sure.
 */
@Immutable
internal data class Lane(val emotion: Emotion?, val blocks: List<LaneBlock>)

/**
 * From [start] to [end], in fractions of the width.
 *
 * @param share of the speech in it that has the lane's tone; null where it is a moment by itself, as high as the lane.
 */
@Immutable
internal data class LaneBlock(val start: Float, val end: Float, val share: Float? = null)

/** A lane for each of [outcomes] that occurs in [segments], in that order: also out of sight, so that lanes stay while one zooms. */
internal fun lanesOf(segments: List<SpokenSegment>, window: RibbonWindow, columns: Int): List<Lane> = outcomes.mapNotNull { emotion ->
    val recognised = segments.filter { it.recognised == emotion }
    if (recognised.isEmpty()) return@mapNotNull null
    fun blocks(of: List<SpokenSegment>) = ribbonBlocks(of, window, columns).map { LaneBlock(it.start, it.end) }
    val short = if (emotion == null) recognised.filter { it.isShortIn(window) } else emptyList()
    Lane(emotion, if (short.size <= MOST_SLIVERS) blocks(recognised) else blocks(recognised - short.toSet()) + shortDoubts(segments, window))
}

/**
 * How much of the speech in each of [PARTS] nobody can be sure of, but for long doubts. One by one, those of a second all over an hour would be a bar
 * code, each too narrow for the hatching that tells it from a colour.
 */
private fun shortDoubts(segments: List<SpokenSegment>, window: RibbonWindow): List<LaneBlock> {
    val speech = segments.filterNot { it.recognised == null && !it.isShortIn(window) }
    return ribbonShares(speech, window, PARTS).mapIndexedNotNull { part, shares ->
        val doubt = shares[outcomes.indexOf(null)]
        if (doubt == 0.0) return@mapIndexedNotNull null
        LaneBlock(part / PARTS.toFloat(), (part + 1f) / PARTS, (doubt / shares.sum()).toFloat())
    }
}

private fun SpokenSegment.isShortIn(window: RibbonWindow): Boolean = durationMs * PARTS < window.durationMs

private val LaneBlock.width: Float get() = end - start

/** Parts as one outline: as high as their shares, side by side. */
private fun DrawScope.skyline(parts: List<LaneBlock>) = Path().apply {
    for (part in parts) {
        val height = (part.share ?: 1f).coerceAtLeast(LOWEST) * size.height
        addRect(Rect(part.start * size.width, size.height - height, part.end * size.width, size.height))
    }
}

/**
 * The level and the lanes on one scale of time, and where the player is. Says nothing to TalkBack: [LaneMarks] does.
 *
 * @param levels of the kept audio, the part in sight in equal columns; null where none was kept.
 * @param ticks fractions of the width.
 * @param playhead fraction of the width; null or out of sight draws none.
 * @param marks fractions of the width; where there are any, a row above all has their flags.
 */
@Composable
internal fun LaneCanvas(
    lanes: List<Lane>,
    levels: LevelColumns?,
    ticks: List<Float>,
    playhead: Float?,
    marks: List<Float>,
    modifier: Modifier = Modifier,
) {
    val emotionColors = LocalEmotionColors.current
    val scheme = MaterialTheme.colorScheme
    val flags = if (marks.isEmpty()) 0.dp else FLAGS
    Canvas(modifier.height(LANE * lanes.size + flags + if (levels == null) 0.dp else WAVE)) {
        val laneHeight = LANE.toPx()
        val gap = 1.dp.toPx()
        val lanesTop = size.height - laneHeight * lanes.size
        for (place in lanes.indices) {
            val top = lanesTop + place * laneHeight
            drawRoundRect(scheme.surfaceContainer, Offset(0f, top + gap), Size(size.width, laneHeight - 2 * gap), CornerRadius(4.dp.toPx()))
        }
        for (tick in ticks) drawLine(scheme.outlineVariant, Offset(tick * size.width, 0f), Offset(tick * size.width, size.height), 1.dp.toPx())
        if (levels != null) inset(0f, flags.toPx(), 0f, size.height - lanesTop + 2 * gap) { drawLevels(levels, emotionColors, scheme) }
        lanes.forEachIndexed { place, lane ->
            val top = lanesTop + place * laneHeight
            inset(0f, top + gap, 0f, size.height - top - laneHeight + gap) {
                val color = emotionColors[lane.emotion]
                val (moments, parts) = lane.blocks.partition { it.share == null }
                for (block in moments) {
                    // A sliver of less could not be seen, and hatching takes twice as much.
                    val least = if (lane.emotion == null) 4.dp else 2.dp
                    val width = (block.width * size.width).coerceAtLeast(least.toPx())
                    drawMoment(lane.emotion, color, block.start * size.width, width, cornerPx = 3.dp.toPx())
                }
                if (parts.isNotEmpty()) drawHatching(skyline(parts), color)
            }
        }
        for (mark in marks) if (mark in 0f..1f) drawFlag(mark * size.width, scheme)
        if (playhead != null && playhead in 0f..1f) {
            val x = playhead * size.width
            // The seam keeps it visible on a block of about its own colour.
            drawLine(scheme.surface, Offset(x, 0f), Offset(x, size.height), strokeWidth = 5.dp.toPx())
            drawLine(scheme.onSurface, Offset(x, 0f), Offset(x, size.height), strokeWidth = 2.dp.toPx())
        }
    }
}

/**
 * The level of kept audio in equal columns of time, and what was heard in each.
 *
 * @param levelsDbfs full scale = 0.
 * @param isSpoken and [recognised], null for "not sure", are those of the middle of a column.
 */
@Immutable
internal class LevelColumns(val levelsDbfs: FloatArray, val isSpoken: BooleanArray, val recognised: List<Emotion?>)

/** The columns of [window]. */
internal fun AudioEnvelope.columns(segments: List<SpokenSegment>, window: RibbonWindow, columns: Int): LevelColumns {
    val blocks = ribbonBlocks(segments, window, columns)
    val isSpoken = BooleanArray(columns)
    val recognised = arrayOfNulls<Emotion>(columns)
    for (block in blocks) {
        for (column in (block.start * columns).roundToInt()..<(block.end * columns).roundToInt()) {
            isSpoken[column] = true
            recognised[column] = block.recognised
        }
    }
    return LevelColumns(columns(window, columns), isSpoken, recognised.asList())
}

private fun DrawScope.drawLevels(levels: LevelColumns, emotionColors: EmotionColors, scheme: ColorScheme) {
    val pitch = size.width / levels.levelsDbfs.size
    val barWidth = pitch * 0.62f
    levels.levelsDbfs.forEachIndexed { column, levelDbfs ->
        val color = if (levels.isSpoken[column]) emotionColors[levels.recognised[column]] else scheme.outlineVariant
        drawWaveBar(color, column * pitch + (pitch - barWidth) / 2, barWidth, barHeight(levelDbfs))
    }
}

/** Places in the session below their ticks, those at the ends inside the edge. */
@Composable
internal fun TickLabels(ticksMs: List<Long>, window: RibbonWindow, modifier: Modifier = Modifier) {
    val measurer = rememberTextMeasurer()
    val style = MaterialTheme.typography.bodySmall.copy(color = MaterialTheme.colorScheme.onSurfaceVariant)
    val labels = remember(ticksMs, style, measurer) { ticksMs.map { measurer.measure(position(it), style) } }
    val height = with(LocalDensity.current) { style.lineHeight.toDp() }
    Canvas(modifier.height(height)) {
        labels.forEachIndexed { place, label ->
            drawText(label, topLeft = Offset(window.labelLeft(ticksMs[place], label.size.width.toFloat(), size.width), 0f))
        }
    }
}

private fun RibbonWindow.labelLeft(tickMs: Long, labelPx: Float, widthPx: Float): Float =
    (fractionOf(tickMs) * widthPx - labelPx / 2).coerceIn(0f, maxOf(0f, widthPx - labelPx))

/** The ticks that are closest together with room for their labels on [widthPx], and for a letter, [letterPx] wide, between them. */
internal fun RibbonWindow.ticksMs(widthPx: Float, letterPx: Float): List<Long> =
    (MOST_TICKS downTo 1).map { timeTicksMs(fromMs, toMs, it) }.firstOrNull { ticks ->
        val labelsPx = ticks.map { tick ->
            val labelPx = letterPx * position(tick).length
            val left = labelLeft(tick, labelPx, widthPx)
            left to left + labelPx
        }
        labelsPx.zipWithNext().all { (label, next) -> next.first - label.second >= letterPx }
    }.orEmpty()

/** A flag that says how many marks there are, and the shape of each lane, which says how often and how long its tone was heard. */
@Composable
internal fun LaneMarks(lanes: List<Lane>, segments: List<SpokenSegment>, markCount: Int, hasLevels: Boolean, modifier: Modifier = Modifier) {
    Column(modifier, Arrangement.Top) {
        if (markCount > 0) {
            val marked = pluralStringResource(R.plurals.session_mark_count, markCount, markCount)
            Box(Modifier.width(MARKS).height(FLAGS).clearAndSetSemantics { contentDescription = marked })
        }
        if (hasLevels) Spacer(Modifier.height(WAVE))
        for (lane in lanes) {
            val recognised = segments.filter { it.recognised == lane.emotion }
            val count = pluralStringResource(R.plurals.session_segment_count, recognised.size, recognised.size)
            val phrase = stringResource(R.string.history_list, count, length(recognised.sumOf { it.durationMs }))
            val description = stringResource(R.string.bar_description, stringResource(lane.emotion.recognisedWord), phrase)
            Box(Modifier.width(MARKS).height(LANE).clearAndSetSemantics { contentDescription = description }, Alignment.CenterStart) {
                EmotionMark(lane.emotion, Modifier.size(16.dp))
            }
        }
    }
}

internal val MARKS: Dp = 28.dp

private const val MOST_TICKS = 7

/** Of the window: one is about six dp wide on a phone. */
private const val PARTS = 48

/** Short moments that can stand one by one. */
private const val MOST_SLIVERS = 12

/** Of the lane's height: less could not be seen. */
private const val LOWEST = 0.3f
private val LANE = 20.dp
private val WAVE = 40.dp
private val FLAGS = 14.dp
