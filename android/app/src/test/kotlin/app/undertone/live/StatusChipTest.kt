package app.undertone.live

import android.content.Context
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.setValue
import androidx.compose.ui.semantics.SemanticsActions
import androidx.compose.ui.test.SemanticsMatcher
import androidx.compose.ui.test.SemanticsNodeInteraction
import androidx.compose.ui.test.assertIsDisplayed
import androidx.compose.ui.test.hasContentDescription
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.junit4.v2.createComposeRule
import androidx.compose.ui.test.onAllNodesWithText
import androidx.compose.ui.test.onFirst
import androidx.compose.ui.test.onNodeWithContentDescription
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.text.TextLayoutResult
import androidx.compose.ui.unit.dp
import androidx.test.core.app.ApplicationProvider
import app.undertone.R
import app.undertone.ui.ARABIC
import app.undertone.ui.GERMAN
import app.undertone.ui.position
import app.undertone.ui.show
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config
import kotlin.math.abs
import kotlin.test.assertEquals
import kotlin.test.assertTrue

/** On a phone of 360 dp. */
@RunWith(RobolectricTestRunner::class)
class StatusChipTest {
    @get:Rule
    val compose = createComposeRule()

    private val context = ApplicationProvider.getApplicationContext<Context>()

    @Test
    fun `each state of a recording is one line`() = assertOneLine()

    @Test
    @Config(qualifiers = GERMAN)
    fun `each state of a recording is one line in German`() = assertOneLine()

    @Test
    @Config(qualifiers = ARABIC)
    fun `each state of a recording is one line in Arabic`() = assertOneLine()

    @Test
    fun `at 200 percent it is the time in one line, and what to know stands below it`() = assertTimeAlone()

    @Test
    @Config(qualifiers = GERMAN)
    fun `at 200 percent it is the time in one line, and what to know stands below it in German`() = assertTimeAlone()

    @Test
    @Config(qualifiers = ARABIC)
    fun `at 200 percent it is the time in one line, and what to know stands below it in Arabic`() = assertTimeAlone()

    private fun assertTimeAlone() {
        var state by mutableStateOf(LiveStates.angry.copy(elapsedMs = 4_210_000))
        compose.show(fontScale = 2f) { LiveScreen(state, LiveStates.NoActions) }
        for (status in LiveStatus.entries) {
            state = state.copy(status = status)
            if (!state.isRecording) continue
            val word = context.getString(status.word)
            val isText = SemanticsMatcher.keyIsDefined(SemanticsActions.GetTextLayoutResult)
            assertEquals(1, lines(compose.onNode(isText and hasContentDescription(word, substring = true)).assertIsDisplayed()), word)
            if (status in AS_USUAL) continue
            assertTrue(lines(compose.onNodeWithText(word).assertIsDisplayed()) <= 2, word)
        }
    }

    private fun lines(text: SemanticsNodeInteraction): Int {
        val layouts = mutableListOf<TextLayoutResult>()
        text.fetchSemanticsNode().config[SemanticsActions.GetTextLayoutResult].action?.invoke(layouts)
        return layouts.single().lineCount
    }

    @Test
    fun `what the headline says is not said twice`() {
        var state by mutableStateOf(LiveStates.listening)
        compose.show { LiveScreen(state, LiveStates.NoActions) }
        for ((shown, word) in listOf(LiveStates.listening to "Listening", LiveStates.paused to "Paused")) {
            state = shown
            compose.onNodeWithText(word).assertIsDisplayed()
            compose.onNode(hasText(position(shown.elapsedMs)) and hasContentDescription(word, substring = true)).assertIsDisplayed()
        }
    }

    /** A word below the time would stand lower than the icons of the bar. */
    private fun assertOneLine() {
        var state by mutableStateOf(LiveStates.angry.copy(elapsedMs = 623_000))
        compose.show { LiveScreen(state, LiveStates.NoActions) }
        for (status in LiveStatus.entries) {
            state = state.copy(status = status)
            if (!state.isRecording || status == LiveStatus.Paused) continue // the headline says that
            val word = context.getString(status.word)
            val icon = compose.onNodeWithContentDescription(context.getString(R.string.open_history)).fetchSemanticsNode()
            val chip = compose.onAllNodesWithText(word).onFirst().fetchSemanticsNode()
            val below = with(compose.density) { abs(chip.boundsInRoot.center.y - icon.boundsInRoot.center.y).toDp() }
            assertTrue(below < 4.dp, "\"$word\" is $below off")
        }
    }

    private companion object {
        val AS_USUAL = setOf(LiveStatus.Starting, LiveStatus.Listening, LiveStatus.HearingYou, LiveStatus.Paused)
    }
}
