package app.undertone.live

import android.content.Context
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.setValue
import androidx.compose.ui.semantics.SemanticsActions
import androidx.compose.ui.test.junit4.v2.createComposeRule
import androidx.compose.ui.test.onAllNodesWithText
import androidx.compose.ui.test.onFirst
import androidx.compose.ui.test.onNodeWithContentDescription
import androidx.compose.ui.text.TextLayoutResult
import androidx.compose.ui.unit.dp
import androidx.test.core.app.ApplicationProvider
import app.undertone.R
import app.undertone.ui.ARABIC
import app.undertone.ui.GERMAN
import app.undertone.ui.show
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config
import kotlin.math.abs
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
    fun `at 200 percent it takes two lines at most`() = assertTwoLines()

    @Test
    @Config(qualifiers = GERMAN)
    fun `at 200 percent it takes two lines at most in German`() = assertTwoLines()

    @Test
    @Config(qualifiers = ARABIC)
    fun `at 200 percent it takes two lines at most in Arabic`() = assertTwoLines()

    private fun assertTwoLines() {
        var state by mutableStateOf(LiveStates.angry)
        compose.show(fontScale = 2f) { LiveScreen(state, LiveStates.NoActions) }
        for (status in LiveStatus.entries) {
            state = state.copy(status = status)
            if (!state.isRecording) continue
            val chip = compose.onAllNodesWithText(context.getString(status.word), substring = true).onFirst().fetchSemanticsNode()
            val layouts = mutableListOf<TextLayoutResult>()
            chip.config[SemanticsActions.GetTextLayoutResult].action?.invoke(layouts)
            val layout = layouts.single()
            assertTrue(layout.lineCount <= 2, "\"${layout.layoutInput.text}\" takes ${layout.lineCount} lines")
        }
    }

    /** A word below the time would stand lower than the icons of the bar. */
    private fun assertOneLine() {
        var state by mutableStateOf(LiveStates.angry.copy(elapsedMs = 623_000))
        compose.show { LiveScreen(state, LiveStates.NoActions) }
        for (status in LiveStatus.entries) {
            state = state.copy(status = status)
            if (!state.isRecording) continue
            val word = context.getString(status.word)
            val icon = compose.onNodeWithContentDescription(context.getString(R.string.open_history)).fetchSemanticsNode()
            val chip = compose.onAllNodesWithText(word).onFirst().fetchSemanticsNode()
            val below = with(compose.density) { abs(chip.boundsInRoot.center.y - icon.boundsInRoot.center.y).toDp() }
            assertTrue(below < 4.dp, "\"$word\" is $below off")
        }
    }
}
