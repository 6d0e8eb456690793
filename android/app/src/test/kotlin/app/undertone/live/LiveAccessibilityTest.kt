package app.undertone.live

import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.setValue
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.SemanticsNode
import androidx.compose.ui.semantics.SemanticsProperties
import androidx.compose.ui.semantics.getOrNull
import androidx.compose.ui.test.SemanticsMatcher
import androidx.compose.ui.test.assert
import androidx.compose.ui.test.assertContentDescriptionEquals
import androidx.compose.ui.test.assertHeightIsEqualTo
import androidx.compose.ui.test.assertIsDisplayed
import androidx.compose.ui.test.assertIsEnabled
import androidx.compose.ui.test.assertIsNotEnabled
import androidx.compose.ui.test.assertWidthIsEqualTo
import androidx.compose.ui.test.hasClickAction
import androidx.compose.ui.test.hasContentDescription
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.junit4.v2.createComposeRule
import androidx.compose.ui.test.onNodeWithContentDescription
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.performScrollTo
import androidx.compose.ui.unit.Density
import androidx.compose.ui.unit.dp
import app.undertone.theme.UndertoneTheme
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import kotlin.test.assertEquals
import kotlin.test.assertTrue

@RunWith(RobolectricTestRunner::class)
class LiveAccessibilityTest {
    @get:Rule
    val compose = createComposeRule()

    private var state by mutableStateOf(LiveStates.ready)
    private val actions = mutableListOf<LiveNotice>()
    private var recordTaps = 0

    private fun show(state: LiveUiState, fontScale: Float = 1f) {
        this.state = state
        compose.setContent {
            CompositionLocalProvider(LocalDensity provides Density(LocalDensity.current.density, fontScale)) {
                UndertoneTheme(usesDynamicColor = false) {
                    LiveScreen(this.state, onRecord = { recordTaps++ }, onNoticeAction = { actions += it })
                }
            }
        }
    }

    @Test
    fun `everything that can be tapped is at least 48 dp and says what it does`() {
        show(LiveStates.ready)
        for (shown in listOf(LiveStates.ready, LiveStates.hearing, LiveStates.denied, LiveStates.assetFailed, LiveStates.noSpeech)) {
            state = shown
            val nodes = compose.onAllNodes(hasClickAction()).fetchSemanticsNodes()
            assertTrue(nodes.isNotEmpty())
            nodes.forEach { node ->
                val touch = with(compose.density) { node.touchBoundsInRoot.run { minOf(width, height).toDp() } }
                assertTrue(touch >= 48.dp, "${node.words()} is $touch")
                assertTrue(node.words().isNotBlank(), "a tappable thing without words")
                assertEquals(Role.Button, node.config.getOrNull(SemanticsProperties.Role), node.words())
            }
        }
    }

    @Test
    fun `the record button is 72 dp and named after what it does next`() {
        show(LiveStates.ready)
        compose.onNodeWithContentDescription("Start listening").assertWidthIsEqualTo(72.dp).assertHeightIsEqualTo(72.dp).performClick()
        assertEquals(1, recordTaps)
        state = LiveStates.listening
        compose.onNodeWithContentDescription("Stop listening").assertIsEnabled()
    }

    @Test
    fun `nothing is recorded while the model loads or is unusable`() {
        show(LiveStates.loading)
        compose.onNodeWithContentDescription("Start listening").assertIsNotEnabled()
        state = LiveStates.assetFailed
        compose.onNodeWithContentDescription("Start listening").assertIsNotEnabled()
    }

    @Test
    fun `the headline is read out politely, with how sure it is`() {
        show(LiveStates.angry)
        compose.onNode(hasText("Angry voice"))
            .assert(SemanticsMatcher.expectValue(SemanticsProperties.LiveRegion, LiveRegionMode.Polite))
            .assert(hasText("quite sure, 2.4\u00a0s"))
    }

    @Test
    fun `each bar is one phrase, and so is the level`() {
        show(LiveStates.hearing)
        for (phrase in listOf("Angry, 8\u00a0%", "Happy, 18\u00a0%", "Neutral, 71\u00a0%", "Sad, 3\u00a0%", "Level, voice")) {
            compose.onNodeWithContentDescription(phrase).assertContentDescriptionEquals(phrase)
        }
    }

    @Test
    fun `at 200 percent the page scrolls to its end and the button stays`() {
        show(LiveStates.angry, fontScale = 2f)
        compose.onNode(hasContentDescription("Level, no voice")).performScrollTo().assertIsDisplayed()
        compose.onNodeWithContentDescription("Stop listening").assertIsDisplayed()
        compose.onNodeWithText("No network permission. Audio is discarded.").assertIsDisplayed()
    }

    @Test
    fun `each notice has its sentence and its action`() {
        show(LiveStates.ready)
        val labels = mapOf(
            LiveStates.rationale to "Allow microphone",
            LiveStates.denied to "Open settings",
            LiveStates.assetFailed to "Try again",
            LiveStates.busy to "Try again",
            LiveStates.noSpeech to "Stop listening",
        )
        for ((shown, label) in labels) {
            state = shown
            compose.onNodeWithText(label).performScrollTo().performClick()
        }
        assertEquals(labels.keys.map { it.notice }, actions.toList<LiveNotice?>())
    }

    private fun SemanticsNode.words(): String =
        (config.getOrNull(SemanticsProperties.Text).orEmpty().map { it.text } +
            config.getOrNull(SemanticsProperties.ContentDescription).orEmpty()).joinToString()
}
