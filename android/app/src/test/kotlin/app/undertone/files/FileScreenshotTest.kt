package app.undertone.files

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
class FileScreenshotTest {
    @get:Rule
    val compose = createComposeRule()

    @Test
    fun choosing() = capture("choosing", FileStates.choosing)

    @Test
    fun opening() {
        // The bar runs along and comes back: a moment in the middle of its way.
        compose.mainClock.autoAdvance = false
        compose.show { FileScreen(FileStates.opening, FileActions({}, {}, {}, {}, {}, {})) }
        compose.mainClock.advanceTimeBy(900)
        compose.capture("files_opening")
    }

    @Test
    fun analysing() = capture("analysing", FileStates.analysing)

    @Test
    fun failed() = capture("failed", FileStates.tooLong)

    @Test
    fun `no speech`() = capture("no_speech", FileStates.noSpeech)

    @Test
    fun cancelled() = capture("cancelled", FileStates.cancelled)

    @Test
    fun several() = capture("several", FileStates.several)

    @Test
    fun `several, large font`() = capture("several_large_font", FileStates.several, fontScale = 2f)

    @Test
    @Config(qualifiers = LANDSCAPE)
    fun `several, landscape, dark`() = capture("several_landscape_dark", FileStates.several, isDark = true)

    @Test
    @Config(qualifiers = ARABIC)
    fun `several, arabic`() = capture("several_arabic", FileStates.several)

    @Test
    @Config(qualifiers = GERMAN)
    fun `several, german`() = capture("several_german", FileStates.several)

    @Test
    fun dark() = capture("dark", FileStates.analysing, isDark = true)

    @Test
    fun `dark, failed`() = capture("dark_failed", FileStates.tooLong, isDark = true)

    @Test
    fun `large font`() = capture("large_font", FileStates.analysing, fontScale = 2f)

    @Test
    fun `large font, failed`() = capture("large_font_failed", FileStates.notAudio, fontScale = 2f)

    @Test
    @Config(qualifiers = LANDSCAPE)
    fun landscape() = capture("landscape", FileStates.analysing)

    @Test
    @Config(qualifiers = LANDSCAPE)
    fun `landscape, large font`() = capture("landscape_large_font", FileStates.choosing, fontScale = 2f)

    @Test
    fun `right to left`() = capture("right_to_left", FileStates.analysing, direction = LayoutDirection.Rtl)

    @Test
    @Config(qualifiers = GERMAN)
    fun german() = capture("german", FileStates.tooLong)

    @Test
    @Config(qualifiers = ARABIC)
    fun arabic() = capture("arabic", FileStates.analysing)

    private fun capture(
        name: String,
        state: FileUiState,
        isDark: Boolean = false,
        fontScale: Float = 1f,
        direction: LayoutDirection? = null,
    ) {
        compose.show(isDark, fontScale, direction) { FileScreen(state, FileActions({}, {}, {}, {}, {}, {})) }
        compose.capture("files_$name")
    }
}
