package app.undertone.about

import androidx.compose.runtime.Composable
import androidx.compose.ui.test.hasScrollToIndexAction
import androidx.compose.ui.test.hasScrollToNodeAction
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.junit4.v2.createComposeRule
import androidx.compose.ui.test.performScrollToIndex
import androidx.compose.ui.test.performScrollToNode
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
class AboutScreenshotTest {
    @get:Rule
    val compose = createComposeRule()

    private val model = @Composable { ModelScreen(AboutStates.measured, onBack = {}) }
    private val privacy = @Composable { PrivacyScreen(onBack = {}) }
    private val licences = @Composable { LicencesScreen(AboutStates.licences, onBack = {}) }

    @Test
    fun model() = capture("model", model)

    @Test
    fun `model, its end`() = capture("model_end", model, scrolledTo = "Technical details")

    @Test
    fun `model, not measured`() = capture("model_not_measured", { ModelScreen(AboutStates.notMeasured, onBack = {}) })

    @Test
    fun `model, dark`() = capture("model_dark", model, isDark = true, scrolledTo = "Technical details")

    @Test
    fun `model, large font`() = capture("model_large_font", model, fontScale = 2f, scrolledToItem = MATRIX)

    @Test
    @Config(qualifiers = LANDSCAPE)
    fun `model, landscape`() = capture("model_landscape", model, scrolledToItem = MATRIX + 1)

    @Test
    fun `model, right to left`() =
        capture("model_right_to_left", model, direction = LayoutDirection.Rtl, scrolledTo = "Technical details")

    @Test
    @Config(qualifiers = GERMAN)
    fun `model, german`() = capture("model_german", model, scrolledTo = "Größe")

    @Test
    @Config(qualifiers = ARABIC)
    fun `model, arabic`() = capture("model_arabic", model, scrolledTo = "الحجم")

    @Test
    fun privacy() = capture("privacy", privacy)

    @Test
    fun `privacy, dark`() = capture("privacy_dark", privacy, isDark = true)

    @Test
    fun `privacy, large font`() = capture("privacy_large_font", privacy, fontScale = 2f)

    @Test
    @Config(qualifiers = LANDSCAPE)
    fun `privacy, landscape`() = capture("privacy_landscape", privacy)

    @Test
    @Config(qualifiers = ARABIC)
    fun `privacy, arabic`() = capture("privacy_arabic", privacy)

    @Test
    @Config(qualifiers = GERMAN)
    fun `privacy, german`() = capture("privacy_german", privacy)

    @Test
    fun licences() = capture("licences", licences)

    @Test
    fun `licences, dark`() = capture("licences_dark", licences, isDark = true)

    @Test
    fun `licences, large font`() = capture("licences_large_font", licences, fontScale = 2f)

    @Test
    @Config(qualifiers = LANDSCAPE)
    fun `licences, landscape`() = capture("licences_landscape", licences)

    @Test
    @Config(qualifiers = ARABIC)
    fun `licences, arabic`() = capture("licences_arabic", licences)

    private fun capture(
        name: String,
        screen: @Composable () -> Unit,
        isDark: Boolean = false,
        fontScale: Float = 1f,
        direction: LayoutDirection? = null,
        scrolledTo: String? = null,
        scrolledToItem: Int? = null,
    ) {
        compose.show(isDark, fontScale, direction, screen = screen)
        if (scrolledTo != null) compose.onNode(hasScrollToNodeAction()).performScrollToNode(hasText(scrolledTo))
        if (scrolledToItem != null) compose.onNode(hasScrollToIndexAction()).performScrollToIndex(scrolledToItem)
        compose.capture("about_$name")
    }

    private companion object {
        /** The heading above the matrix. */
        const val MATRIX = 12
    }
}
