package app.undertone.session

import android.app.Application
import app.undertone.model.summary.RibbonWindow
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config
import kotlin.test.assertEquals

@RunWith(RobolectricTestRunner::class)
@Config(application = Application::class)
class TimelineTicksTest {
    private fun ticksS(lengthS: Int, widthPx: Float, letterPx: Float = 6.24f) =
        RibbonWindow(0, lengthS * 1_000L).ticksMs(widthPx, letterPx).map { (it / 1_000).toInt() }

    @Test
    fun `an hour on a phone has a tick each quarter, a minute and a half one each half minute`() {
        assertEquals(listOf(0, 900, 1_800, 2_700, 3_600), ticksS(3_600, widthPx = 264f))
        assertEquals(listOf(0, 30, 60, 90), ticksS(95, widthPx = 264f))
    }

    @Test
    fun `larger letters leave room for fewer, and a scale that is not measured yet has at most one`() {
        assertEquals(listOf(0, 1_800, 3_600), ticksS(3_600, widthPx = 264f, letterPx = 12.5f))
        assertEquals(1, ticksS(95, widthPx = 1f).size)
    }
}
