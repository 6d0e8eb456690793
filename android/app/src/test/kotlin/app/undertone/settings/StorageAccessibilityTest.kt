package app.undertone.settings

import androidx.compose.ui.test.assertIsDisplayed
import androidx.compose.ui.test.hasScrollToIndexAction
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.isHeading
import androidx.compose.ui.test.junit4.v2.createComposeRule
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.performScrollToNode
import app.undertone.history.HistorySamples
import app.undertone.model.AudioUse
import app.undertone.model.StorageUse
import app.undertone.ui.assertCanBeTapped
import app.undertone.ui.show
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import java.time.LocalDate
import kotlin.test.assertEquals

@RunWith(RobolectricTestRunner::class)
class StorageAccessibilityTest {
    @get:Rule
    val compose = createComposeRule()

    private val interview = HistorySamples.session(title = "Interview at the office").copy(id = 7)
    private val kept = StorageUiState(
        LocalDate.of(2026, 11, 24),
        HistorySamples.zone,
        StorageUse(listOf(AudioUse(interview, 119_200_044)), resultsBytes = 1_240_000, freeBytes = 12_800_000_000),
    )
    private val done = mutableListOf<Any?>()

    private fun show(state: StorageUiState, fontScale: Float = 1f) = compose.show(fontScale = fontScale) {
        StorageScreen(state, StorageActions(onOpen = { done += it }, onAsk = { done += it }))
    }

    private fun scrollTo(words: String) = compose.onNode(hasScrollToIndexAction()).performScrollToNode(hasText(words))

    @Test
    fun `everything that can be tapped is at least 48 dp, and recordings stand under a heading`() {
        show(kept)
        compose.assertCanBeTapped()
        compose.onNode(hasText("Recordings with audio") and isHeading()).assertExists()
        compose.onNodeWithText("Interview at the office").performClick()
        assertEquals(listOf<Any?>(7L), done)
    }

    @Test
    fun `at 200 percent everything is reached by scrolling, and a size is read with its recording`() {
        show(kept, fontScale = 2f)
        scrollTo("Interview at the office")
        compose.onNode(hasText("Interview at the office") and hasText("119 MB", substring = true)).assertIsDisplayed()
        scrollTo("Delete everything")
        compose.onNodeWithText("Delete everything").performClick()
        assertEquals(listOf<Any?>(StorageQuestion.DeleteEverything), done)
    }

    @Test
    fun `where nothing is kept, nothing is offered to be deleted once everything is`() {
        show(kept.copy(use = StorageUse(emptyList(), 16_400, 12_800_000_000), isDeleted = true))
        compose.onNodeWithText("No audio is kept").assertIsDisplayed()
        for (gone in listOf("Recordings with audio", "Delete all kept audio", "Delete everything")) {
            compose.onNodeWithText(gone).assertDoesNotExist()
        }
    }
}
