package app.undertone.selfcheck

import androidx.compose.ui.test.junit4.v2.createComposeRule
import androidx.compose.ui.unit.LayoutDirection
import app.undertone.ui.ARABIC
import app.undertone.ui.GERMAN
import app.undertone.ui.LANDSCAPE
import app.undertone.ui.capture
import app.undertone.ui.show
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config

@RunWith(RobolectricTestRunner::class)
class SelfCheckScreenshotTest {
    @get:Rule
    val compose = createComposeRule()

    @Test
    fun ready() = capture("ready", SelfCheckStates.ready)

    @Test
    fun running() = capture("running", SelfCheckStates.running)

    @Test
    fun passed() = capture("passed", SelfCheckStates.finished)

    @Test
    fun `not passed`() = capture("not_passed", SelfCheckStates.notPassed)

    @Test
    fun failed() = capture("failed", SelfCheckStates.failed)

    @Test
    fun dark() = capture("dark", SelfCheckStates.finished, isDark = true)

    @Test
    fun `large font`() = capture("large_font", SelfCheckStates.finished, fontScale = 2f)

    @Test
    @Config(qualifiers = LANDSCAPE)
    fun landscape() = capture("landscape", SelfCheckStates.finished)

    @Test
    fun `right to left`() = capture("right_to_left", SelfCheckStates.running, direction = LayoutDirection.Rtl)

    @Test
    @Config(qualifiers = GERMAN)
    fun german() = capture("german", SelfCheckStates.finished)

    @Test
    @Config(qualifiers = ARABIC)
    fun arabic() = capture("arabic", SelfCheckStates.finished)

    private fun capture(
        name: String,
        state: SelfCheckUiState,
        isDark: Boolean = false,
        fontScale: Float = 1f,
        direction: LayoutDirection? = null,
    ) {
        compose.show(isDark, fontScale, direction) { SelfCheckScreen(state, {}, {}, {}, {}) }
        compose.capture("self_check_$name")
    }
}
