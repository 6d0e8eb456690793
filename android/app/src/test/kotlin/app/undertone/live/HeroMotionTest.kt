package app.undertone.live

import android.graphics.Bitmap
import android.graphics.Canvas
import android.os.Looper
import android.view.View
import androidx.compose.foundation.layout.size
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.snapshots.Snapshot
import androidx.compose.ui.Modifier
import androidx.compose.ui.MotionDurationScale
import androidx.compose.ui.platform.LocalView
import androidx.compose.ui.test.junit4.v2.createComposeRule
import androidx.compose.ui.unit.dp
import app.undertone.model.SILENCE_DBFS
import app.undertone.theme.UndertoneTheme
import app.undertone.ui.EmotionHero
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.Shadows.shadowOf
import kotlin.test.assertFalse
import kotlin.test.assertTrue

@RunWith(RobolectricTestRunner::class)
class HeroMotionTest {
    /** As the window takes it from the system: 1, or 0 where a user has removed animations. */
    private val motion = object : MotionDurationScale {
        override var scaleFactor = 1f
    }

    @get:Rule
    val compose = createComposeRule(effectContext = motion)

    private val recognised = mutableStateOf(LiveStates.angry.recognised)

    private lateinit var view: View

    /** Drawn without waiting for the clock, which stands still meanwhile. */
    private fun picture(): Bitmap = compose.runOnUiThread {
        Bitmap.createBitmap(view.width, view.height, Bitmap.Config.ARGB_8888).also { view.draw(Canvas(it)) }
    }

    private fun passFrames(count: Int) = repeat(count) {
        compose.mainClock.advanceTimeByFrame()
        // What a frame changed reaches the next one by a message, which the clock does not deliver.
        shadowOf(Looper.getMainLooper()).idle()
    }

    /** Pictures of the hero before a new result, eight frames after it, which are 128 ms, and in the end. */
    private fun pictures(): List<Bitmap> {
        compose.setContent {
            view = LocalView.current
            UndertoneTheme(usesDynamicColor = false) {
                EmotionHero(recognised.value, isRecorded = true, levelDbfs = { SILENCE_DBFS }, Modifier.size(96.dp))
            }
        }
        compose.waitForIdle()
        val before = picture()
        compose.mainClock.autoAdvance = false
        recognised.value = LiveStates.sad.recognised
        // What does so in an app belongs to the process: after other tests of it, to a looper that is gone.
        Snapshot.sendApplyNotifications()
        shadowOf(Looper.getMainLooper()).idle()
        passFrames(8)
        val soon = picture()
        passFrames(90)
        val after = picture()
        assertFalse(before.sameAs(after))
        return listOf(before, soon, after)
    }

    @Test
    fun `a shape becomes the next one on the way`() {
        val (before, soon, after) = pictures()
        assertFalse(soon.sameAs(before))
        assertFalse(soon.sameAs(after))
    }

    @Test
    fun `with reduced motion shapes switch`() {
        motion.scaleFactor = 0f
        val (_, soon, after) = pictures()
        assertTrue(soon.sameAs(after))
    }
}
