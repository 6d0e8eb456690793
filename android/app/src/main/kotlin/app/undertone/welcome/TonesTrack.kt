package app.undertone.welcome

import androidx.compose.foundation.Canvas
import androidx.compose.material3.MaterialTheme
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import app.undertone.model.Emotion
import app.undertone.theme.LocalEmotionColors
import app.undertone.ui.chart.drawWaveBar
import kotlin.math.PI
import kotlin.math.abs
import kotlin.math.ceil
import kotlin.math.sin

/**
 * What a recording of one tone after the other looks like, the newest on the right. No voice is behind it: it shows what the app draws.
 *
 * @param tones how many have begun, and how far the last one is; read while drawing only.
 */
@Composable
internal fun TonesTrack(tones: () -> Float, modifier: Modifier = Modifier) {
    val emotionColors = LocalEmotionColors.current
    val silence = MaterialTheme.colorScheme.outlineVariant
    Canvas(modifier) {
        val now = tones() * BARS_A_TONE
        val pitch = size.width / BARS
        val barWidth = pitch * 0.6f
        for (place in 0..<BARS) {
            val bar = ceil(now).toInt() - BARS + place
            val level = levelOf(bar)
            val left = size.width - (now - bar) * pitch
            if (left < 0) continue
            drawWaveBar(if (level == 0f) silence else emotionColors[emotionOfTone(bar / BARS_A_TONE.toFloat())], left, barWidth, level)
        }
    }
}

/** In 0..1: some syllables, and the pause before the next tone. */
private fun levelOf(bar: Int): Float {
    val inTone = bar % BARS_A_TONE
    if (inTone >= BARS_A_TONE - PAUSE_BARS) return 0f
    val phrase = sin(PI * (inTone + 1) / (BARS_A_TONE - PAUSE_BARS + 1))
    val syllables = 0.55 + 0.45 * abs(sin(1.9 * (bar % CYCLE_BARS)))
    return (0.2 + 0.8 * phrase * syllables).toFloat()
}

private const val BARS = 40
private const val BARS_A_TONE = 16
private const val PAUSE_BARS = 3

/** After as many, the animation begins again. */
private val CYCLE_BARS = BARS_A_TONE * Emotion.entries.size
