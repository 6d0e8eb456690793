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
import androidx.compose.ui.test.hasScrollToNodeAction
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.junit4.v2.createComposeRule
import androidx.compose.ui.test.onNodeWithContentDescription
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.performScrollTo
import androidx.compose.ui.test.performScrollToNode
import app.undertone.analysis.FileProblem
import app.undertone.analysis.FileStep
import app.undertone.asset.AssetProblem
import app.undertone.ui.assertCanBeTapped
import app.undertone.ui.isHeading
import app.undertone.ui.show
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
        compose.show(fontScale = fontScale) {
            val actions = FileActions(
                onChoose = { taps += "choose" },
                onCancel = { taps += "cancel $it" },
                onCancelAll = { taps += "cancel all" },
                onResume = { taps += "continue $it" },
                onOpen = { taps += "open $it" },
                onBack = { taps += "back" },
            )
            FileScreen(this.state, actions)
        }
    }

    @Test
    fun `a file that is being opened speaks of a recording only while there is one`() {
        show(FileStates.opening)
        compose.onNodeWithText("Opening the file…").assertIsDisplayed()
        compose.onNodeWithText("ecording", substring = true).assertDoesNotExist()
        state = FileStates.of(FileStep.Analysing(isWaiting = true))
        compose.onNodeWithText("A recording goes on", substring = true).assertIsDisplayed()
    }

    @Test
    fun `everything that can be tapped is at least 48 dp and says what it does`() {
        show(FileStates.choosing)
        val states = FileStates.run { listOf(choosing, analysing, ofUnknownLength, tooLong, cancelled, several) }
        for (shown in states) {
            state = shown
            compose.assertCanBeTapped()
        }
    }

    @Test
    fun `each state has its action, and the way back is always there`() {
        show(FileStates.choosing)
        compose.onNodeWithText("Choose files").performClick()
        state = FileStates.analysing
        compose.onNodeWithText("Cancel").performClick()
        state = FileStates.tooLong
        compose.onNodeWithText("Choose another file").performClick()
        compose.onNodeWithContentDescription("Back").performClick()
        assertEquals(listOf("choose", "cancel a", "choose", "back"), taps)
        compose.onNode(isHeading).assert(hasText("Files"))
    }

    @Test
    fun `progress is a bar with its share, and words`() {
        show(FileStates.analysing)
        val share = (FileStates.analysing.jobs.single().step as FileStep.Analysing).share!!
        compose.onNode(hasProgressBarRangeInfo(ProgressBarRangeInfo(share, 0f..1f))).assert(hasContentDescription("Progress"))
        compose.onNodeWithText("12:34 of 41:00 analysed").assertIsDisplayed()
        state = FileStates.ofUnknownLength
        compose.onNode(hasProgressBarRangeInfo(ProgressBarRangeInfo.Indeterminate)).assertIsDisplayed()
        compose.onNodeWithText("12:34 analysed").assertIsDisplayed()
    }

    @Test
    fun `a file that waits for a recording says so, and one that is analysed that the page can be left`() {
        show(FileStates.waiting)
        compose.onNodeWithText("A recording goes on: the analysis continues when it is over.").assertIsDisplayed()
        state = FileStates.analysing
        compose.onNodeWithText("You can leave this page.", substring = true).assertIsDisplayed()
    }

    @Test
    fun `what was cancelled or interrupted can be opened and continued`() {
        show(FileStates.cancelled)
        compose.onNodeWithText("The results up to 12:34 are in the history.").assertIsDisplayed()
        compose.onNodeWithText("Continue").performClick()
        compose.onNodeWithText("Open").performClick()
        state = FileStates.interrupted
        compose.onNodeWithText("The system ended it. It can continue where it was.").assertIsDisplayed()
        compose.onNodeWithText("Continue").performClick()
        state = FileStates.of(FileStep.Failed(FileProblem.NotLoaded), sessionId = 7)
        compose.onNodeWithText("Continue").performClick()
        state = FileStates.tooLong
        compose.onNodeWithText("Continue").assertDoesNotExist()
        state = FileStates.done
        compose.onNodeWithText("Open").performClick()
        assertEquals(listOf("continue a", "open 7", "continue a", "continue a", "open 7"), taps)
    }

    @Test
    fun `of several files each has its state and its actions, which name it to a screen reader`() {
        show(FileStates.several)
        compose.onNodeWithText("12:34 of 41:00 analysed").assertIsDisplayed()
        compose.onNodeWithText("Waiting for its turn").assertIsDisplayed()
        compose.onNodeWithContentDescription("Open the result of Interview with the ferry's pilot, part 2.m4a").performClick()
        compose.onNodeWithContentDescription("Continue with Voice 003.ogg").performClick()
        compose.onNodeWithContentDescription("Cancel Lecture.mp3").performClick()
        compose.onNode(hasScrollToNodeAction()).performScrollToNode(hasText("Cancel all"))
        compose.onNodeWithText("Cancel all").performClick()
        compose.onNodeWithText("Choose more files").performClick()
        assertEquals(listOf("open 7", "continue c", "cancel d", "cancel all", "choose"), taps)
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
            FileProblem.Engine(AssetProblem.NoRuntime) to "This version of Undertone is incomplete",
        )
        for ((problem, sentence) in sentences) {
            state = FileStates.of(FileStep.Failed(problem), "a.wav")
            compose.onNode(SemanticsMatcher.expectValue(SemanticsProperties.LiveRegion, LiveRegionMode.Polite))
                .assert(hasAnyDescendant(hasText(sentence, substring = true)))
        }
    }

    @Test
    fun `at 200 percent the page scrolls to its action`() {
        show(FileStates.notAudio, fontScale = 2f)
        compose.onNodeWithText("Choose another file").performScrollTo().assertIsDisplayed()
        state = FileStates.analysing
        compose.onNodeWithText("Cancel").performScrollTo().assertIsDisplayed()
    }
}
