package app.undertone.live

import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.platform.LocalLayoutDirection
import androidx.compose.ui.test.junit4.v2.createComposeRule
import androidx.compose.ui.test.onRoot
import androidx.compose.ui.unit.Density
import androidx.compose.ui.unit.LayoutDirection
import app.undertone.theme.UndertoneTheme
import com.github.takahirom.roborazzi.RoborazziOptions
import com.github.takahirom.roborazzi.RoborazziOptions.CompareOptions
import com.github.takahirom.roborazzi.captureRoboImage
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config

/** Every state of the Live screen as a picture in `src/test/screenshots`; record them with -Pundertone.recordScreenshots. */
@RunWith(RobolectricTestRunner::class)
class LiveScreenshotTest {
    @get:Rule
    val compose = createComposeRule()

    @Test
    fun loading() = capture("loading", LiveStates.loading)

    @Test
    fun ready() = capture("ready", LiveStates.ready)

    @Test
    fun listening() = capture("listening", LiveStates.listening)

    @Test
    fun hearing() = capture("hearing", LiveStates.hearing)

    @Test
    fun `so far`() = capture("so_far", LiveStates.soFar)

    @Test
    fun angry() = capture("angry", LiveStates.angry)

    @Test
    fun happy() = capture("happy", LiveStates.happy)

    @Test
    fun neutral() = capture("neutral", LiveStates.neutral)

    @Test
    fun sad() = capture("sad", LiveStates.sad)

    @Test
    fun uncertain() = capture("uncertain", LiveStates.uncertain)

    @Test
    fun clipping() = capture("clipping", LiveStates.clipping)

    @Test
    fun `too quiet`() = capture("too_quiet", LiveStates.tooQuiet)

    @Test
    fun rationale() = capture("permission_rationale", LiveStates.rationale)

    @Test
    fun denied() = capture("permission_denied", LiveStates.denied)

    @Test
    fun `asset failed`() = capture("asset_failed", LiveStates.assetFailed)

    @Test
    fun `microphone busy`() = capture("microphone_busy", LiveStates.busy)

    @Test
    fun `no speech`() = capture("no_speech", LiveStates.noSpeech)

    @Test
    fun dark() = capture("dark", LiveStates.hearing, isDark = true)

    @Test
    fun `dark, angry`() = capture("dark_angry", LiveStates.angry, isDark = true)

    @Test
    fun `dark, uncertain`() = capture("dark_uncertain", LiveStates.uncertain, isDark = true)

    @Test
    fun `dark, asset failed`() = capture("dark_asset_failed", LiveStates.assetFailed, isDark = true)

    @Test
    fun `dynamic colour`() = capture("dynamic_colour", LiveStates.hearing, usesDynamicColor = true)

    @Test
    fun `large font`() = capture("large_font", LiveStates.angry, fontScale = 2f)

    @Test
    fun `large font, denied`() = capture("large_font_denied", LiveStates.denied, fontScale = 2f)

    @Test
    fun `right to left`() = capture("right_to_left", LiveStates.hearing, direction = LayoutDirection.Rtl)

    @Test
    @Config(qualifiers = "w720dp-h360dp-land-hdpi")
    fun landscape() = capture("landscape", LiveStates.angry)

    @Test
    @Config(qualifiers = "w720dp-h360dp-land-hdpi")
    fun `landscape, ready`() = capture("landscape_ready", LiveStates.ready)

    @Test
    @Config(qualifiers = "w720dp-h360dp-land-hdpi")
    fun `landscape, denied`() = capture("landscape_denied", LiveStates.denied)

    @Test
    @Config(qualifiers = "w720dp-h360dp-land-hdpi")
    fun `landscape, large font`() = capture("landscape_large_font", LiveStates.angry, fontScale = 2f)

    private fun capture(
        name: String,
        state: LiveUiState,
        isDark: Boolean = false,
        usesDynamicColor: Boolean = false,
        fontScale: Float = 1f,
        direction: LayoutDirection = LayoutDirection.Ltr,
    ) {
        compose.setContent {
            CompositionLocalProvider(
                LocalDensity provides Density(LocalDensity.current.density, fontScale),
                LocalLayoutDirection provides direction,
            ) {
                UndertoneTheme(isDark, usesDynamicColor) {
                    LiveScreen(state, onRecord = {}, onNoticeAction = {})
                }
            }
        }
        compose.onRoot().captureRoboImage("src/test/screenshots/live_$name.png", SAME_PICTURE)
    }

    private companion object {
        val SAME_PICTURE = RoborazziOptions(compareOptions = CompareOptions(changeThreshold = 0.001f))
    }
}
