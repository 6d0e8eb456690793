package app.undertone.live

import android.view.HapticFeedbackConstants
import android.view.View
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.setValue
import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.platform.LocalView
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.SemanticsActions
import androidx.compose.ui.semantics.SemanticsProperties
import androidx.compose.ui.semantics.getOrNull
import androidx.compose.ui.test.SemanticsMatcher
import androidx.compose.ui.test.assert
import androidx.compose.ui.test.assertContentDescriptionEquals
import androidx.compose.ui.test.assertHasClickAction
import androidx.compose.ui.test.assertHasNoClickAction
import androidx.compose.ui.test.assertHeightIsEqualTo
import androidx.compose.ui.test.assertIsDisplayed
import androidx.compose.ui.test.assertIsEnabled
import androidx.compose.ui.test.assertIsNotEnabled
import androidx.compose.ui.test.assertIsSelected
import androidx.compose.ui.test.assertWidthIsEqualTo
import androidx.compose.ui.test.click
import androidx.compose.ui.test.hasClickAction
import androidx.compose.ui.test.hasContentDescription
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.isSelectable
import androidx.compose.ui.test.junit4.v2.createComposeRule
import androidx.compose.ui.test.onNodeWithContentDescription
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.performScrollTo
import androidx.compose.ui.test.performSemanticsAction
import androidx.compose.ui.test.performTouchInput
import androidx.compose.ui.unit.Density
import androidx.compose.ui.unit.dp
import app.undertone.engine.ArousalValence
import app.undertone.page.words
import app.undertone.theme.UndertoneTheme
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.Shadows.shadowOf
import kotlin.test.assertEquals
import kotlin.test.assertTrue

@RunWith(RobolectricTestRunner::class)
class LiveAccessibilityTest {
    @get:Rule
    val compose = createComposeRule()

    private var state by mutableStateOf(LiveStates.ready)
    private val actions = mutableListOf<LiveNotice>()
    private val taps = mutableListOf<String>()
    private val opened = mutableListOf<Int?>()
    private val corrections = mutableListOf<Emotion?>()

    private fun show(state: LiveUiState, fontScale: Float = 1f) {
        this.state = state
        compose.setContent {
            CompositionLocalProvider(LocalDensity provides Density(LocalDensity.current.density, fontScale)) {
                UndertoneTheme(usesDynamicColor = false) {
                    LiveScreen(
                        this.state,
                        LiveActions(
                            onRecord = { taps += "record" },
                            onPause = { taps += "pause" },
                            onNotice = { actions += it },
                            onSegmentOpen = { opened += it },
                            onCorrect = { corrections += it },
                            onHistory = { taps += "history" },
                            onSettings = { taps += "settings" },
                        ),
                    )
                }
            }
        }
    }

    @Test
    fun `everything that can be tapped is at least 48 dp and says what it does`() {
        show(LiveStates.ready)
        val states = with(LiveStates) { listOf(ready, hearing, paused, denied, assetFailed, noSpeech) }
        for (shown in states) {
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
        assertEquals(listOf("record"), taps)
        state = LiveStates.listening
        compose.onNodeWithContentDescription("Stop listening").assertIsEnabled()
    }

    @Test
    fun `pause is beside record while something is recorded, and named after what it does next`() {
        show(LiveStates.ready)
        compose.onNodeWithContentDescription("Pause").assertDoesNotExist()
        state = LiveStates.listening
        compose.onNodeWithContentDescription("Pause").performClick()
        state = LiveStates.paused
        compose.onNodeWithContentDescription("Resume").performClick()
        compose.onNodeWithContentDescription("Stop listening").performClick()
        assertEquals(listOf("pause", "pause", "record"), taps)
    }

    @Test
    fun `history and settings are one tap away`() {
        show(LiveStates.ready)
        compose.onNodeWithContentDescription("History").performClick()
        compose.onNodeWithContentDescription("Settings").performClick()
        assertEquals(listOf("history", "settings"), taps)
    }

    @Test
    fun `a tap on record is felt`() {
        lateinit var view: View
        compose.setContent {
            view = LocalView.current
            UndertoneTheme(usesDynamicColor = false) { RecordControls(state, onRecord = {}, onPause = {}) }
        }
        compose.onNodeWithContentDescription("Start listening").performClick()
        assertEquals(HapticFeedbackConstants.CONTEXT_CLICK, shadowOf(view).lastHapticFeedbackPerformed())
    }

    @Test
    fun `a tap on the ribbon opens the segment there, and TalkBack opens the last one`() {
        show(LiveStates.angry)
        val ribbon = compose.onNodeWithContentDescription("6 segments of speech in this recording")
        ribbon.performScrollTo().performTouchInput { click(Offset(width * 0.1f, centerY)) }
        ribbon.performSemanticsAction(SemanticsActions.OnClick)
        assertEquals(listOf<Int?>(0, 5), opened)
        state = LiveStates.soFar
        compose.onNodeWithContentDescription("5 segments of speech in this recording").assertHasClickAction()
        state = LiveStates.ready
        compose.onNodeWithContentDescription("0 segments of speech in this recording").assertHasNoClickAction()
    }

    @Test
    fun `the details of a segment are corrected with one tap and lead to its neighbours`() {
        show(LiveStates.angry.copy(openSegment = 4))
        compose.onNode(hasText("Neutral voice") and SemanticsMatcher.keyIsDefined(SemanticsProperties.Heading))
            .assert(hasText("00:16–00:18"))
            .assert(SemanticsMatcher.expectValue(SemanticsProperties.LiveRegion, LiveRegionMode.Polite))
        compose.onNode(hasText("Happy") and isSelectable()).assertIsSelected()
        compose.onNode(hasText("Sad") and isSelectable()).performClick()
        compose.onNodeWithText("No correction").performClick()
        compose.onNodeWithText("Previous").performClick()
        compose.onNodeWithText("Next").performClick()
        assertEquals(listOf(Emotion.Sad, null), corrections)
        assertEquals(listOf<Int?>(3, 5), opened)
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
    fun `each bar is one phrase, and so is the waveform`() {
        show(LiveStates.hearing)
        for (phrase in listOf("Angry, 8\u00a0%", "Happy, 18\u00a0%", "Neutral, 71\u00a0%", "Sad, 3\u00a0%", "Level, voice")) {
            compose.onNodeWithContentDescription(phrase).assertContentDescriptionEquals(phrase)
        }
    }

    @Test
    fun `arousal and valence are one phrase in words, marked as experimental, where the model says them`() {
        fun showSaid(arousal: Float, valence: Float) {
            state = LiveStates.angry.run { copy(heard = heard?.copy(arousalValence = ArousalValence(arousal, valence))) }
        }
        show(LiveStates.angry)
        compose.onNodeWithContentDescription("Experimental", substring = true).assertDoesNotExist()
        showSaid(arousal = .7f, valence = -.6f)
        compose.onNodeWithContentDescription("Experimental: the voice sounds lively, negative").performScrollTo().assertIsDisplayed()
        showSaid(arousal = -1.4f, valence = .4f)
        compose.onNodeWithContentDescription("Experimental: the voice sounds calm, positive").assertExists()
        showSaid(arousal = .3f, valence = -.3f)
        compose.onNodeWithContentDescription("Experimental: the voice sounds neither lively nor calm, neither positive nor negative").assertExists()
    }

    @Test
    fun `at 200 percent the page scrolls to its end and the button stays`() {
        show(LiveStates.angry, fontScale = 2f)
        compose.onNode(hasContentDescription("6 segments of speech in this recording")).performScrollTo().assertIsDisplayed()
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
}
