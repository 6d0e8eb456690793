package app.undertone.live

import androidx.compose.foundation.Canvas
import androidx.compose.material3.MaterialTheme
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.geometry.CornerRadius
import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.geometry.Size
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.semantics
import app.undertone.R
import app.undertone.theme.LocalEmotionColors

/**
 * The last 15 s, the newest on the right in every language, as on a tape. Where the gate was open, bars have the colour of what was
 * heard. Read out as one phrase: the state of the gate.
 */
@Composable
internal fun WaveformChart(state: LiveUiState, modifier: Modifier = Modifier) {
    val colors = MaterialTheme.colorScheme
    val emotionColors = LocalEmotionColors.current
    val gate = stringResource(gateWord(state.isListening, state.isGateOpen))
    val description = stringResource(R.string.bar_description, stringResource(R.string.level_label), gate)
    Canvas(modifier.semantics { contentDescription = description }) {
        val frameWidth = size.width / Waveform.FRAMES
        val barWidth = frameWidth * Waveform.BAR_FRAMES * 0.6f
        state.waveform.forEachBar(state.ribbon) { firstFrame, levelDbfs, isOpen, heard ->
            val emotion = heard?.heard
            val height = maxOf(barWidth, barHeight(levelDbfs) * size.height)
            drawRoundRect(
                color = when {
                    !isOpen -> colors.outlineVariant
                    emotion == null -> colors.outline
                    else -> emotionColors[emotion]
                },
                topLeft = Offset((firstFrame - state.waveform.firstFrame) * frameWidth, (size.height - height) / 2),
                size = Size(barWidth, height),
                cornerRadius = CornerRadius(barWidth / 2),
            )
        }
    }
}

/** Below the noise of a phone's microphone in a quiet room. */
private const val FLOOR_DBFS = -66f

/** In 0..1. */
private fun barHeight(levelDbfs: Float): Float = (1 - levelDbfs / FLOOR_DBFS).coerceIn(0f, 1f)
