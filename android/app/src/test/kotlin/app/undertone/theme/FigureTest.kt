package app.undertone.theme

import android.graphics.RectF
import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.graphics.asAndroidPath
import app.undertone.model.Emotion
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.GraphicsMode
import kotlin.test.assertEquals
import kotlin.test.assertSame
import kotlin.test.assertTrue

@RunWith(RobolectricTestRunner::class)
@GraphicsMode(GraphicsMode.Mode.NATIVE)
class FigureTest {
    private val kinds: List<Emotion?> = Emotion.entries + null

    private fun bounds(figure: Figure) = RectF().also { figure.path(100f, Offset(50f, 50f)).asAndroidPath().computeBounds(it, true) }

    @Test
    fun `each figure fills its square from side to side, and none leaves it`() = kinds.forEach { kind ->
        val bounds = bounds(Figure.of(kind))
        assertTrue(bounds.left >= 0 && bounds.top >= 0 && bounds.right <= 100 && bounds.bottom <= 100, "$kind: $bounds")
        assertTrue(maxOf(bounds.width(), bounds.height()) >= 80, "$kind: $bounds")
    }

    @Test
    fun `left and right of each are alike, but of the cloud`() = Emotion.entries.forEach { emotion ->
        val bounds = bounds(Figure.of(emotion))
        assertEquals(50f, (bounds.left + bounds.right) / 2, 0.5f, "$emotion")
    }

    @Test
    fun `a blend begins with the one and ends with the other, and is between them on the way`() {
        val (pill, drop) = Figure.of(Emotion.Neutral) to Figure.of(Emotion.Sad)
        assertSame(pill, pill.blend(drop, 0f))
        assertSame(drop, pill.blend(drop, 1f))
        val half = bounds(pill.blend(drop, 0.5f))
        assertEquals((bounds(pill).height() + bounds(drop).height()) / 2, half.height(), 3f)
    }
}
