package app.undertone.history

import androidx.compose.foundation.Canvas
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.layout.width
import androidx.compose.material3.MaterialTheme
import androidx.compose.runtime.Composable
import androidx.compose.runtime.Immutable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.geometry.CornerRadius
import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.geometry.Size
import androidx.compose.ui.graphics.drawscope.inset
import androidx.compose.ui.res.pluralStringResource
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.unit.Dp
import androidx.compose.ui.unit.dp
import app.undertone.R
import app.undertone.live.Emotion
import app.undertone.theme.LocalEmotionColors
import app.undertone.theme.drawMoment

/**
 * Where in the window one tone is heard.
 *
 * @param emotion null: not sure.
 */
@Immutable
internal data class Lane(val emotion: Emotion?, val blocks: List<RibbonBlock>)

/** A lane for each of [heardKinds] that occurs in [segments], in that order: also out of sight, so that lanes stay while one zooms. */
internal fun lanesOf(segments: List<SpokenSegment>, window: RibbonWindow, columns: Int): List<Lane> = heardKinds.mapNotNull { emotion ->
    val heard = segments.filter { it.heard == emotion }
    if (heard.isEmpty()) null else Lane(emotion, ribbonBlocks(heard, window, columns))
}

/**
 * The lanes on one scale of time, and where the player is. Says nothing to TalkBack: [LaneMarks] does.
 *
 * @param playhead fraction of the width; null or out of sight draws none.
 */
@Composable
internal fun LaneCanvas(lanes: List<Lane>, playhead: Float?, modifier: Modifier = Modifier) {
    val emotionColors = LocalEmotionColors.current
    val scheme = MaterialTheme.colorScheme
    Canvas(modifier.height(LANE * lanes.size)) {
        val laneHeight = LANE.toPx()
        val gap = 2.dp.toPx()
        lanes.forEachIndexed { place, lane ->
            val top = place * laneHeight
            drawRoundRect(scheme.surfaceContainer, Offset(0f, top + gap), Size(size.width, laneHeight - 2 * gap), CornerRadius(4.dp.toPx()))
            inset(0f, top + gap, 0f, size.height - top - laneHeight + gap) {
                for (block in lane.blocks) {
                    // A sliver of less than two dp could not be seen.
                    val width = ((block.end - block.start) * size.width).coerceAtLeast(2.dp.toPx())
                    drawMoment(lane.emotion, emotionColors[lane.emotion], block.start * size.width, width, cornerPx = 3.dp.toPx())
                }
            }
        }
        if (playhead != null && playhead in 0f..1f) {
            val x = playhead * size.width
            // The seam keeps it visible on a block of about its own colour.
            drawLine(scheme.surface, Offset(x, 0f), Offset(x, size.height), strokeWidth = 5.dp.toPx())
            drawLine(scheme.onSurface, Offset(x, 0f), Offset(x, size.height), strokeWidth = 2.dp.toPx())
        }
    }
}

/** The shape of each lane, which says how often and how long its tone was heard. */
@Composable
internal fun LaneMarks(lanes: List<Lane>, segments: List<SpokenSegment>, modifier: Modifier = Modifier) {
    Column(modifier, Arrangement.Top) {
        for (lane in lanes) {
            val heard = segments.filter { it.heard == lane.emotion }
            val count = pluralStringResource(R.plurals.session_segment_count, heard.size, heard.size)
            val phrase = stringResource(R.string.history_list, count, length(heard.sumOf { it.durationMs }))
            val description = stringResource(R.string.bar_description, stringResource(lane.emotion.heardWord), phrase)
            Box(Modifier.width(MARKS).height(LANE).clearAndSetSemantics { contentDescription = description }, Alignment.CenterStart) {
                HeardMark(lane.emotion, Modifier.size(20.dp))
            }
        }
    }
}

internal val MARKS: Dp = 32.dp
private val LANE = 26.dp
