package app.undertone.files

import androidx.compose.ui.test.junit4.v2.createComposeRule
import androidx.compose.ui.unit.LayoutDirection
import app.undertone.page.ARABIC
import app.undertone.page.GERMAN
import app.undertone.page.LANDSCAPE
import app.undertone.page.capture
import app.undertone.page.show
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
    fun opening() = capture("opening", FileStates.opening)

    @Test
    fun hearing() = capture("hearing", FileStates.hearing)

    @Test
    fun failed() = capture("failed", FileStates.tooLong)

    @Test
    fun `no speech`() = capture("no_speech", FileStates.noSpeech)

    @Test
    fun dark() = capture("dark", FileStates.hearing, isDark = true)

    @Test
    fun `dark, failed`() = capture("dark_failed", FileStates.tooLong, isDark = true)

    @Test
    fun `large font`() = capture("large_font", FileStates.hearing, fontScale = 2f)

    @Test
    fun `large font, failed`() = capture("large_font_failed", FileStates.notAudio, fontScale = 2f)

    @Test
    @Config(qualifiers = LANDSCAPE)
    fun landscape() = capture("landscape", FileStates.hearing)

    @Test
    @Config(qualifiers = LANDSCAPE)
    fun `landscape, large font`() = capture("landscape_large_font", FileStates.choosing, fontScale = 2f)

    @Test
    fun `right to left`() = capture("right_to_left", FileStates.hearing, direction = LayoutDirection.Rtl)

    @Test
    @Config(qualifiers = GERMAN)
    fun german() = capture("german", FileStates.tooLong)

    @Test
    @Config(qualifiers = ARABIC)
    fun arabic() = capture("arabic", FileStates.hearing)

    private fun capture(
        name: String,
        state: FileUiState,
        isDark: Boolean = false,
        fontScale: Float = 1f,
        direction: LayoutDirection? = null,
    ) {
        compose.show(isDark, fontScale, direction) { FileScreen(state, onChoose = {}, onCancel = {}, onBack = {}) }
        compose.capture("files_$name")
    }
}
