package app.undertone.files

import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.setValue
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.ProgressBarRangeInfo
import androidx.compose.ui.semantics.SemanticsProperties
import androidx.compose.ui.test.SemanticsMatcher
import androidx.compose.ui.test.assert
import androidx.compose.ui.test.assertIsDisplayed
import androidx.compose.ui.test.hasAnyDescendant
import androidx.compose.ui.test.hasContentDescription
import androidx.compose.ui.test.hasProgressBarRangeInfo
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.junit4.v2.createComposeRule
import androidx.compose.ui.test.onNodeWithContentDescription
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.performScrollTo
import app.undertone.asset.AssetProblem
import app.undertone.page.assertCanBeTapped
import app.undertone.page.isHeading
import app.undertone.page.show
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import kotlin.test.assertEquals

@RunWith(RobolectricTestRunner::class)
class FileAccessibilityTest {
    @get:Rule
    val compose = createComposeRule()

    private var state by mutableStateOf(FileStates.choosing)
    private val taps = mutableListOf<String>()

    private fun show(state: FileUiState, fontScale: Float = 1f) {
        this.state = state
        compose.show(fontScale = fontScale) { FileScreen(this.state, { taps += "choose" }, { taps += "cancel" }, { taps += "back" }) }
    }

    @Test
    fun `everything that can be tapped is at least 48 dp and says what it does`() {
        show(FileStates.choosing)
        for (shown in listOf(FileStates.choosing, FileStates.hearing, FileStates.ofUnknownLength, FileStates.tooLong)) {
            state = shown
            compose.assertCanBeTapped()
        }
    }

    @Test
    fun `each state has its action, and the way back is always there`() {
        show(FileStates.choosing)
        compose.onNodeWithText("Choose a file").performClick()
        state = FileStates.hearing
        compose.onNodeWithText("Cancel").performClick()
        state = FileStates.tooLong
        compose.onNodeWithText("Choose another file").performClick()
        compose.onNodeWithContentDescription("Back").performClick()
        assertEquals(listOf("choose", "cancel", "choose", "back"), taps)
        compose.onNode(isHeading).assert(hasText("Audio file"))
    }

    @Test
    fun `progress is a bar with its share, and words`() {
        show(FileStates.hearing)
        val share = (FileStates.hearing.step as FileStep.Hearing).share!!
        compose.onNode(hasProgressBarRangeInfo(ProgressBarRangeInfo(share, 0f..1f))).assert(hasContentDescription("Progress"))
        compose.onNodeWithText("12:34 of 41:00 analysed").assertIsDisplayed()
        state = FileStates.ofUnknownLength
        compose.onNode(hasProgressBarRangeInfo(ProgressBarRangeInfo.Indeterminate)).assertIsDisplayed()
        compose.onNodeWithText("12:34 analysed").assertIsDisplayed()
    }

    @Test
    fun `each problem has a sentence of its own, which is read out politely`() {
        show(FileStates.choosing)
        val sentences = mapOf(
            FileProblem.Unreadable to "It is gone",
            FileProblem.NotAudio to "no audio in it that this phone can decode",
            FileProblem.Protected to "copy-protected",
            FileProblem.Empty to "There is no audio in it. Choose another file.",
            FileProblem.TooLarge(2_000_000_000) to "It is larger than 2.0 GB",
            FileProblem.TooLong(10_800_000) to "It is longer than 3 hours",
            FileProblem.Damaged to "It is damaged",
            FileProblem.NoSpeech to "Nobody speaks in it for long enough",
            FileProblem.Engine(AssetProblem.NoRuntime) to "This build has no ONNX Runtime",
        )
        for ((problem, sentence) in sentences) {
            state = FileUiState(FileStep.Failed(problem), "a.wav")
            compose.onNode(SemanticsMatcher.expectValue(SemanticsProperties.LiveRegion, LiveRegionMode.Polite))
                .assert(hasAnyDescendant(hasText(sentence, substring = true)))
        }
    }

    @Test
    fun `at 200 percent the page scrolls to its action`() {
        show(FileStates.notAudio, fontScale = 2f)
        compose.onNodeWithText("Choose another file").performScrollTo().assertIsDisplayed()
        state = FileStates.hearing
        compose.onNodeWithText("Cancel").performScrollTo().assertIsDisplayed()
    }
}
