package app.undertone.theme

import androidx.compose.runtime.Immutable
import androidx.compose.runtime.staticCompositionLocalOf
import androidx.compose.ui.graphics.Color
import app.undertone.model.Emotion

/**
 * The colours of one emotion.
 *
 * @param fill of shapes, bars and moments: a contrast of at least 3 against surfaces, cards and tracks.
 * @param text on [container]: a contrast of at least 4.5.
 * @param container a quiet ground behind shape and word.
 */
@Immutable
data class EmotionTones(val fill: Color, val text: Color, val container: Color)

/**
 * The fixed colours of the four emotions and of "not sure". Dynamic colour themes everything else.
 *
 * The lightness of the five fills differs as well as their hue, so that they stay apart in grey and with any colour vision.
 */
@Immutable
data class EmotionColors(
    val angry: EmotionTones,
    val happy: EmotionTones,
    val neutral: EmotionTones,
    val sad: EmotionTones,
    val notSure: EmotionTones,
) {
    /** @param emotion null: not sure. */
    fun tones(emotion: Emotion?): EmotionTones = when (emotion) {
        Emotion.Angry -> angry
        Emotion.Happy -> happy
        Emotion.Neutral -> neutral
        Emotion.Sad -> sad
        null -> notSure
    }

    /** The fill. */
    operator fun get(emotion: Emotion?): Color = tones(emotion).fill

    companion object {
        val Light = EmotionColors(
            angry = EmotionTones(Color(0xFFB4331D), text = Color(0xFF9E2A15), container = Color(0xFFFFDAD3)),
            happy = EmotionTones(Color(0xFFB87A00), text = Color(0xFF7A5000), container = Color(0xFFFFE6B5)),
            neutral = EmotionTones(Color(0xFF343F48), text = Color(0xFF343F48), container = Color(0xFFDDE5EA)),
            sad = EmotionTones(Color(0xFF1A4E94), text = Color(0xFF174F9C), container = Color(0xFFD7E3F9)),
            notSure = EmotionTones(Color(0xFF6A7772), text = Color(0xFF515C58), container = Color(0xFFE0E7E4)),
        )
        val Dark = EmotionColors(
            angry = EmotionTones(Color(0xFFFF8A70), text = Color(0xFFFFB4A3), container = Color(0xFF5C1E12)),
            happy = EmotionTones(Color(0xFFF2C14E), text = Color(0xFFF6D07A), container = Color(0xFF4A3600)),
            neutral = EmotionTones(Color(0xFFE1E8EE), text = Color(0xFFE1E8EE), container = Color(0xFF36424B)),
            sad = EmotionTones(Color(0xFF5A9BE0), text = Color(0xFFA6CCFA), container = Color(0xFF143A68)),
            notSure = EmotionTones(Color(0xFF788581), text = Color(0xFFBEC9C6), container = Color(0xFF2F3634)),
        )
    }
}

val LocalEmotionColors = staticCompositionLocalOf { EmotionColors.Light }
