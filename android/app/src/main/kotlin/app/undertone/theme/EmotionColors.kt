package app.undertone.theme

import androidx.compose.runtime.Immutable
import androidx.compose.runtime.staticCompositionLocalOf
import androidx.compose.ui.graphics.Color
import app.undertone.live.Emotion

/**
 * The four fixed colours. Dynamic colour themes everything else.
 *
 * Their lightness differs as well as their hue, so that they stay apart in grey and with any colour vision; on the surface, each has a
 * contrast of at least 4.5.
 */
@Immutable
data class EmotionColors(val angry: Color, val happy: Color, val neutral: Color, val sad: Color) {
    operator fun get(emotion: Emotion): Color = when (emotion) {
        Emotion.Angry -> angry
        Emotion.Happy -> happy
        Emotion.Neutral -> neutral
        Emotion.Sad -> sad
    }

    companion object {
        val Light = EmotionColors(
            angry = Color(0xFFA82712),
            happy = Color(0xFF966A00),
            neutral = Color(0xFF222B32),
            sad = Color(0xFF0D4480),
        )
        val Dark = EmotionColors(
            angry = Color(0xFFFF8A70),
            happy = Color(0xFFF2C14E),
            neutral = Color(0xFFE1E8EE),
            sad = Color(0xFF5A9BE0),
        )
    }
}

val LocalEmotionColors = staticCompositionLocalOf { EmotionColors.Light }
