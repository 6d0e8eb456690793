package app.undertone.selfcheck

import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.setValue
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.ProgressBarRangeInfo
import androidx.compose.ui.semantics.SemanticsProperties
import androidx.compose.ui.test.SemanticsMatcher
import androidx.compose.ui.test.assert
import androidx.compose.ui.test.assertIsDisplayed
import androidx.compose.ui.test.hasAnyChild
import androidx.compose.ui.test.hasContentDescription
import androidx.compose.ui.test.hasProgressBarRangeInfo
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.junit4.v2.createComposeRule
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.performScrollTo
import app.undertone.ui.assertCanBeTapped
import app.undertone.ui.show
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import kotlin.test.assertEquals

@RunWith(RobolectricTestRunner::class)
class SelfCheckAccessibilityTest {
    @get:Rule
    val compose = createComposeRule()

    private var state by mutableStateOf(SelfCheckStates.ready)
    private val taps = mutableListOf<String>()
    private val isPolite = SemanticsMatcher.expectValue(SemanticsProperties.LiveRegion, LiveRegionMode.Polite)

    private fun show(state: SelfCheckUiState, fontScale: Float = 1f) {
        this.state = state
        compose.show(fontScale = fontScale) {
            SelfCheckScreen(this.state, { taps += "start" }, { taps += "cancel" }, { taps += "share $it" }, { taps += "back" })
        }
    }

    @Test
    fun `everything that can be tapped is at least 48 dp and says what it does`() {
        show(SelfCheckStates.ready)
        for (shown in listOf(SelfCheckStates.ready, SelfCheckStates.running, SelfCheckStates.finished, SelfCheckStates.failed)) {
            state = shown
            compose.assertCanBeTapped()
        }
    }

    @Test
    fun `each state has its action`() {
        show(SelfCheckStates.ready)
        compose.onNodeWithText("Start the check").performClick()
        state = SelfCheckStates.running
        compose.onNodeWithText("Cancel").performClick()
        state = SelfCheckStates.failed
        compose.onNodeWithText("Try again").performClick()
        state = SelfCheckStates.finished
        compose.onNodeWithText("Share the result").performClick()
        compose.onNodeWithText("Check again").performClick()
        assertEquals(listOf("start", "cancel", "start", "share ${SelfCheckStates.passed}", "start"), taps)
    }

    @Test
    fun `the verdict is read out politely, and each value with its name`() {
        show(SelfCheckStates.running)
        compose.onNode(hasProgressBarRangeInfo(ProgressBarRangeInfo(0.25f, 0f..1f))).assert(hasContentDescription("Progress"))
        state = SelfCheckStates.finished
        compose.onNode(isPolite).assert(hasAnyChild(hasText("Passed"))).assert(hasAnyChild(hasText("This phone recognises emotions as it should.")))
        compose.onNode(hasText("Memory in use")).assertDoesNotExist()
        compose.onNodeWithText("Technical details").performScrollTo().performClick()
        compose.onNode(hasText("Memory in use")).assert(hasText("96\u00a0MB"))
        state = SelfCheckStates.notPassed
        compose.onNode(isPolite).assert(hasAnyChild(hasText("Don’t rely on the emotions that this phone shows.")))
        compose.onNode(hasText("Other emotion")).assert(hasText("1 sample of 8"))
    }

    @Test
    fun `a check names the sample that it compares, and then that it measures the time`() {
        val running = SelfCheckProgress.Running(done = 0, total = 32, clips = 8)
        show(SelfCheckStates.running.copy(step = SelfCheckStep.Running(progress = null)))
        compose.onNodeWithText("Loading the model").assertIsDisplayed()
        for ((done, words) in listOf(0 to "Sample 1 of 8", 7 to "Sample 8 of 8", 8 to "Measuring the speed", 32 to "Measuring the speed")) {
            state = SelfCheckStates.running.copy(step = SelfCheckStep.Running(running.copy(done = done)))
            compose.onNodeWithText(words).assertIsDisplayed()
        }
    }

    @Test
    fun `at 200 percent the page scrolls to its end`() {
        show(SelfCheckStates.finished, fontScale = 2f)
        compose.onNodeWithText("Technical details").performScrollTo().assertIsDisplayed()
    }
}
