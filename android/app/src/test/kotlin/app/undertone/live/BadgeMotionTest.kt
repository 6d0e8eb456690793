package app.undertone.live

import android.graphics.Bitmap
import android.graphics.Canvas
import android.view.View
import androidx.compose.foundation.layout.size
import androidx.compose.runtime.mutableStateOf
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalView
import androidx.compose.ui.test.junit4.v2.createComposeRule
import androidx.compose.ui.unit.dp
import app.undertone.theme.UndertoneTheme
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import kotlin.test.assertFalse

@RunWith(RobolectricTestRunner::class)
class BadgeMotionTest {
    @get:Rule
    val compose = createComposeRule()

    private val heard = mutableStateOf(LiveStates.angry.heard)

    private lateinit var view: View

    /** Drawn without waiting for the clock, which stands still meanwhile. */
    private fun picture(): Bitmap = compose.runOnUiThread {
        Bitmap.createBitmap(view.width, view.height, Bitmap.Config.ARGB_8888).also { view.draw(Canvas(it)) }
    }

    /** Whether eight frames after a new result, 128 ms, the badge looks as it does in the end. */
    private fun isThereAtOnce(): Boolean {
        compose.setContent {
            view = LocalView.current
            UndertoneTheme(usesDynamicColor = false) { EmotionBadge(heard.value, Modifier.size(96.dp)) }
        }
        compose.waitForIdle()
        val before = picture()
        compose.mainClock.autoAdvance = false
        heard.value = LiveStates.sad.heard
        repeat(8) { compose.mainClock.advanceTimeByFrame() }
        val soon = picture()
        compose.mainClock.advanceTimeBy(1_000)
        val after = picture()
        assertFalse(before.sameAs(after))
        return soon.sameAs(after)
    }

    @Test
    fun `shapes cross-fade`() = assertFalse(isThereAtOnce())
}
