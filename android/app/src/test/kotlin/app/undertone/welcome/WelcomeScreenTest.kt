package app.undertone.welcome

import androidx.compose.ui.semantics.SemanticsProperties
import androidx.compose.ui.test.SemanticsMatcher
import androidx.compose.ui.test.assert
import androidx.compose.ui.test.assertHeightIsAtLeast
import androidx.compose.ui.test.assertIsDisplayed
import androidx.compose.ui.test.junit4.v2.createComposeRule
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.performScrollTo
import androidx.compose.ui.unit.LayoutDirection
import androidx.compose.ui.unit.dp
import app.undertone.ui.capture
import app.undertone.ui.show
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config
import kotlin.test.assertEquals

@RunWith(RobolectricTestRunner::class)
class WelcomeScreenTest {
    @get:Rule
    val compose = createComposeRule()

    private var begins = 0

    @Test
    fun `the page has a heading and one thing to do`() {
        show()
        compose.onNodeWithText("See how a voice sounds").assert(SemanticsMatcher.keyIsDefined(SemanticsProperties.Heading))
        compose.onNodeWithText("Try it").assertHeightIsAtLeast(48.dp).performClick()
        assertEquals(1, begins)
    }

    @Test
    fun `at 200 percent all of it can be read and the button stays`() {
        show(fontScale = 2f)
        compose.onNodeWithText("The microphone is on only while you record", substring = true).performScrollTo().assertIsDisplayed()
        compose.onNodeWithText("Try it").assertIsDisplayed()
    }

    @Test
    fun light() = capture("light")

    @Test
    fun dark() = capture("dark", isDark = true)

    @Test
    fun `large font`() = capture("large_font", fontScale = 2f)

    @Test
    @Config(qualifiers = "w720dp-h360dp-land-hdpi")
    fun landscape() = capture("landscape")

    @Test
    @Config(qualifiers = "de-w360dp-h720dp-hdpi")
    fun german() = capture("german")

    @Test
    @Config(qualifiers = "ar-ldrtl-w360dp-h720dp-hdpi")
    fun arabic() = capture("arabic", direction = LayoutDirection.Rtl)

    private fun capture(name: String, isDark: Boolean = false, fontScale: Float = 1f, direction: LayoutDirection = LayoutDirection.Ltr) {
        show(isDark, fontScale, direction)
        compose.capture("welcome_$name")
    }

    private fun show(isDark: Boolean = false, fontScale: Float = 1f, direction: LayoutDirection = LayoutDirection.Ltr) =
        compose.show(isDark, fontScale, direction) { WelcomeScreen(onBegin = { begins++ }) }
}
