package app.undertone.about

import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.setValue
import androidx.compose.ui.test.assertIsDisplayed
import androidx.compose.ui.test.hasClickAction
import androidx.compose.ui.test.hasContentDescription
import androidx.compose.ui.test.hasScrollToNodeAction
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.junit4.v2.createComposeRule
import androidx.compose.ui.test.onNodeWithContentDescription
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.performScrollToNode
import app.undertone.ui.assertCanBeTapped
import app.undertone.ui.isHeading
import app.undertone.ui.show
import app.undertone.ui.words
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import kotlin.test.assertContains
import kotlin.test.assertEquals

@RunWith(RobolectricTestRunner::class)
class AboutAccessibilityTest {
    @get:Rule
    val compose = createComposeRule()

    private var backs = 0
    private val pages: List<@Composable () -> Unit> = listOf(
        { ModelScreen(AboutStates.measured, onBack = { backs++ }) },
        { PrivacyScreen(onBack = { backs++ }) },
        { LicencesScreen(AboutStates.licences, onBack = { backs++ }) },
    )
    private var page by mutableStateOf(pages.first())

    private fun show(page: @Composable () -> Unit, fontScale: Float = 1f) {
        this.page = page
        compose.show(fontScale = fontScale) { this.page() }
    }

    @Test
    fun `each page has its title and its parts as headings, and a way back`() {
        show(pages.first())
        val titles = listOf("About the model", "Privacy", "Licences")
        for ((shown, title) in pages.zip(titles)) {
            page = shown
            compose.assertCanBeTapped()
            val headings = compose.onAllNodes(isHeading).fetchSemanticsNodes().map { it.words() }
            assertEquals(title, headings.first())
            assert(headings.size >= 3) { headings }
            compose.onNodeWithContentDescription("Back").performClick()
        }
        assertEquals(pages.size, backs)
    }

    @Test
    fun `figures are read out as phrases, and a row of the confusion is one`() {
        show(pages.first())
        val list = compose.onNode(hasScrollToNodeAction())
        val row = "Happy was named: Angry, 21\u00a0%; Happy, 60\u00a0%; Neutral, 14\u00a0%; Sad, 5\u00a0%"
        for (phrase in listOf("Angry, 85\u00a0%", row)) {
            list.performScrollToNode(hasContentDescription(phrase))
            compose.onNodeWithContentDescription(phrase).assertIsDisplayed()
        }
    }

    @Test
    fun `the page about the model says what it is worth, in words`() {
        show(pages.first())
        val list = compose.onNode(hasScrollToNodeAction())
        for (sentence in listOf(
            "Right 73\u00a0% of the time, measured on 702 recordings of 13 voices, each time trained without that voice",
            "Guessing would be right 25\u00a0% of the time.",
            "It was sure enough to name an emotion in 87\u00a0% of them; 20\u00a0% of those were wrong.",
            "by 7 percentage points on average",
            "Learned from 2,850 recordings of 53 voices (CREMA-D).",
        )) {
            list.performScrollToNode(hasText(sentence, substring = true))
        }
        page = { ModelScreen(AboutStates.notMeasured, onBack = {}) }
        list.performScrollToNode(hasText("Nothing can be said about how often it is right.", substring = true))
        page = { ModelScreen(ModelUiState.Unreadable, onBack = {}) }
        list.performScrollToNode(hasText("The figures of this model cannot be read.", substring = true))
    }

    @Test
    fun `a licence that is not known is said to be so`() {
        show(pages.last())
        val sentences = compose.onAllNodes(hasText("The emotion model contains", substring = true)).fetchSemanticsNodes().map { it.words() }
        assertContains(sentences.first(), "CREMA-D, which is made available under the Open Database License\u00a01.0")
        assertContains(sentences.last(), "OTHERS; its publisher states the licence")
    }

    @Test
    fun `the text of a licence is folded until somebody wants to read it`() {
        show(pages.last())
        val list = compose.onNode(hasScrollToNodeAction())
        val text = compose.onNode(hasText("Permission is hereby granted", substring = true))
        list.performScrollToNode(hasText("Full texts"))
        text.assertDoesNotExist()
        compose.onNode(hasText("MIT License") and hasClickAction()).performClick()
        text.assertExists()
    }

    @Test
    fun `at 200 percent each page scrolls to its end`() {
        show(pages.first(), fontScale = 2f)
        val ends = listOf("Technical details", "Only what you export", "MIT License")
        for ((shown, end) in pages.zip(ends)) {
            page = shown
            compose.onNode(hasScrollToNodeAction()).performScrollToNode(hasText(end, substring = true))
        }
    }
}
