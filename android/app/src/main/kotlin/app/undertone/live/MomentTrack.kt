package app.undertone.live

import androidx.compose.foundation.Canvas
import androidx.compose.foundation.gestures.detectTapGestures
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.offset
import androidx.compose.material3.ColorScheme
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.getValue
import androidx.compose.runtime.rememberUpdatedState
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.alpha
import androidx.compose.ui.graphics.drawscope.DrawScope
import androidx.compose.ui.graphics.drawscope.inset
import androidx.compose.ui.input.pointer.pointerInput
import androidx.compose.ui.platform.LocalLayoutDirection
import androidx.compose.ui.res.pluralStringResource
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.onClick
import androidx.compose.ui.semantics.role
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.IntOffset
import androidx.compose.ui.unit.LayoutDirection
import androidx.compose.ui.unit.dp
import app.undertone.R
import app.undertone.model.SpokenSegment
import app.undertone.theme.EmotionColors
import app.undertone.theme.LocalEmotionColors
import app.undertone.theme.drawEmotion
import app.undertone.ui.chart.PAUSED_ALPHA
import app.undertone.ui.chart.barHeight
import app.undertone.ui.chart.drawFlag
import app.undertone.ui.chart.drawWaveBar
import kotlin.math.abs

/**
 * The last 15 s, the newest on the right in every language: the level, in the colour of what was recognised, and the shape of each moment
 * below it; a flag where the user marked it. A tap opens the nearest moment; TalkBack opens the last one, and goes on from there.
 *
 * @param sound the state with the newest level, read while drawing only.
 */
@Composable
internal fun MomentTrack(state: LiveUiState, sound: () -> LiveUiState, onOpen: (place: Int) -> Unit, modifier: Modifier = Modifier) {
    val scheme = MaterialTheme.colorScheme
    val emotionColors = LocalEmotionColors.current
    val settled = state.settledSegments
    val description = pluralStringResource(R.plurals.moments_so_far, settled, settled)
    val label = stringResource(R.string.open_last_segment)
    val tapped by rememberUpdatedState<(Float) -> Unit> { place ->
        val waveform = sound().waveform
        val timeMs = ((waveform.firstFrame + place * Waveform.FRAMES) * Waveform.FRAME_MS).toLong()
        state.ribbon.take(settled).nearest(timeMs)?.let(onOpen)
    }
    CompositionLocalProvider(LocalLayoutDirection provides LayoutDirection.Ltr) {
        Column(modifier) {
            Canvas(
                Modifier
                    .fillMaxWidth()
                    .height(72.dp)
                    .alpha(if (state.status == LiveStatus.Paused) PAUSED_ALPHA else 1f)
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
                val waveform = sound().waveform
                inset(0f, 0f, 0f, GLYPH_ROW.toPx()) { drawLevels(waveform, state.ribbon, emotionColors, scheme) }
                inset(0f, 0f, 0f, GLYPH_ROW.toPx()) { drawMarks(waveform, state.marksMs, scheme) }
                inset(0f, size.height - GLYPH_ROW.toPx(), 0f, 0f) { drawGlyphs(waveform, state.ribbon, emotionColors) }
            }
            Row(
                Modifier
                    .fillMaxWidth()
                    // Where no moment has a glyph, their row is free; the place of the labels stays, so that nothing jumps.
                    .offset { IntOffset(0, if (sound().waveform.hasMoment(state.ribbon)) 0 else -GLYPH_ROW.roundToPx()) }
                    .clearAndSetSemantics {},
                Arrangement.SpaceBetween,
            ) {
                for (end in listOf(R.string.track_start, R.string.track_end)) {
                    Text(stringResource(end), style = MaterialTheme.typography.bodySmall, color = scheme.onSurfaceVariant)
                }
            }
        }
    }
}

/** The place of the segment at [timeMs], or the one nearest to it; null where there is none. */
internal fun List<SpokenSegment>.nearest(timeMs: Long): Int? =
    indices.minByOrNull { abs(timeMs - timeMs.coerceIn(this[it].startMs, this[it].endMs)) }

private fun Waveform.hasMoment(ribbon: List<SpokenSegment>): Boolean = ribbon.isNotEmpty() && isInSight(ribbon.last())

private fun Waveform.isInSight(segment: SpokenSegment): Boolean = segment.endMs > firstFrame * Waveform.FRAME_MS

private fun DrawScope.drawLevels(waveform: Waveform, ribbon: List<SpokenSegment>, emotionColors: EmotionColors, scheme: ColorScheme) {
    val frameWidth = size.width / Waveform.FRAMES
    val barWidth = frameWidth * Waveform.BAR_FRAMES * 0.6f
    waveform.forEachBar(ribbon) { firstFrame, levelDbfs, isOpen, segment ->
        val left = (firstFrame - waveform.firstFrame) * frameWidth
        val color = when {
            !isOpen -> scheme.outlineVariant
            segment == null -> scheme.outline
            else -> emotionColors[segment.recognised]
        }
        // The newest is as wide as its frames that came in.
        drawWaveBar(color, left, barWidth, barHeight(levelDbfs), drawnPx = minOf(barWidth, size.width - left))
    }
}

private fun DrawScope.drawMarks(waveform: Waveform, marksMs: List<Long>, scheme: ColorScheme) {
    for (markMs in marksMs) {
        val frame = markMs.toFloat() / Waveform.FRAME_MS - waveform.firstFrame
        if (frame >= 0) drawFlag(minOf(frame, Waveform.FRAMES.toFloat()) / Waveform.FRAMES * size.width, scheme)
    }
}

/** In the middle of each moment in sight, unless the one before leaves no room. */
private fun DrawScope.drawGlyphs(waveform: Waveform, ribbon: List<SpokenSegment>, emotionColors: EmotionColors) {
    val side = 16.dp.toPx()
    val frameWidth = size.width / Waveform.FRAMES
    var free = 0f
    for (segment in ribbon) {
        if (!waveform.isInSight(segment)) continue
        val middle = ((segment.startMs + segment.endMs) / 2f / Waveform.FRAME_MS - waveform.firstFrame) * frameWidth
        val left = (middle - side / 2).coerceIn(0f, size.width - side)
        if (left < free) continue
        free = left + side + 2.dp.toPx()
        val color = emotionColors[segment.recognised]
        inset(left, size.height - side, size.width - left - side, 0f) { drawEmotion(segment.recognised, color, sidePx = side * 0.92f) }
    }
}

private val GLYPH_ROW = 22.dp
