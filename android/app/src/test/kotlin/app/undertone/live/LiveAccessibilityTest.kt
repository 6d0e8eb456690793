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
import app.undertone.model.Emotion
import app.undertone.theme.UndertoneTheme
import app.undertone.ui.headline
import app.undertone.ui.sentence
import app.undertone.ui.words
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
                            onMark = { taps += "mark" },
                            onNotice = { actions += it },
                            onSegmentOpen = { opened += it },
                            onCorrect = { corrections += it },
                            onHistory = { taps += "history" },
                            onSettings = { taps += "settings" },
                            onFile = { taps += "file" },
                            saved = SavedActions(
                                onOpen = { taps += "open $it" },
                                onDiscard = { taps += "discard" },
                                onBringBack = { taps += "bring back" },
                                onClose = { taps += "close" },
                            ),
                        ),
                    )
                }
            }
        }
    }

    @Test
    fun `everything that can be tapped is at least 48 dp and says what it does`() {
        show(LiveStates.ready)
        val states = with(LiveStates) { listOf(ready, hearing, marked, paused, denied, assetFailed, noSpeech) }
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
        compose.onNodeWithContentDescription("Start recording").assertWidthIsEqualTo(72.dp).assertHeightIsEqualTo(72.dp).performClick()
        assertEquals(listOf("record"), taps)
        state = LiveStates.listening
        compose.onNodeWithContentDescription("Stop recording").assertIsEnabled()
    }

    @Test
    fun `pause is beside record while something is recorded, and named after what it does next`() {
        show(LiveStates.ready)
        compose.onNodeWithContentDescription("Pause").assertDoesNotExist()
        state = LiveStates.listening
        compose.onNodeWithContentDescription("Pause").performClick()
        state = LiveStates.paused
        compose.onNodeWithContentDescription("Resume").performClick()
        compose.onNodeWithContentDescription("Stop recording").performClick()
        assertEquals(listOf("pause", "pause", "record"), taps)
    }

    @Test
    fun `a moment is marked right of record while something is heard, and TalkBack reads out where`() {
        show(LiveStates.ready)
        compose.onNodeWithContentDescription("Mark this moment").assertDoesNotExist()
        state = LiveStates.happy
        val button = compose.onNodeWithContentDescription("Mark this moment")
        button.assertIsEnabled().assert(SemanticsMatcher.keyNotDefined(SemanticsProperties.StateDescription)).performClick()
        state = LiveStates.marked
        button.assert(SemanticsMatcher.expectValue(SemanticsProperties.StateDescription, "Marked at 0:21"))
        state = LiveStates.paused
        button.assertIsNotEnabled()
        assertEquals(listOf("mark"), taps)
    }

    @Test
    fun `history, settings and audio files are one tap away`() {
        show(LiveStates.ready)
        compose.onNodeWithContentDescription("History").performClick()
        compose.onNodeWithContentDescription("Settings").performClick()
        compose.onNodeWithContentDescription("Analyse an audio file").performClick()
        assertEquals(listOf("history", "settings", "file"), taps)
    }

    @Test
    fun `a tap on record is felt, and one on mark`() {
        lateinit var view: View
        compose.setContent {
            view = LocalView.current
            UndertoneTheme(usesDynamicColor = false) { RecordControls(state, onRecord = {}, onPause = {}, onMark = {}, onFile = {}) }
        }
        compose.onNodeWithContentDescription("Start recording").performClick()
        assertEquals(HapticFeedbackConstants.CONTEXT_CLICK, shadowOf(view).lastHapticFeedbackPerformed())
        view.performHapticFeedback(HapticFeedbackConstants.LONG_PRESS)
        state = LiveStates.happy
        compose.onNodeWithContentDescription("Mark this moment").performClick()
        assertEquals(HapticFeedbackConstants.CONTEXT_CLICK, shadowOf(view).lastHapticFeedbackPerformed())
    }

    @Test
    fun `a tap on the track opens the moment there, and TalkBack opens the last one`() {
        show(LiveStates.angry)
        val track = compose.onNodeWithContentDescription("The last 15 seconds. 6 moments of speech so far")
        track.performScrollTo().performTouchInput { click(Offset(width * 0.1f, centerY)) }
        track.performSemanticsAction(SemanticsActions.OnClick)
        assertEquals(listOf<Int?>(2, 5), opened)
        state = LiveStates.soFar
        compose.onNodeWithContentDescription("The last 15 seconds. 5 moments of speech so far").assertHasClickAction()
        state = LiveStates.listening
        compose.onNodeWithContentDescription("The last 15 seconds. 0 moments of speech so far").assertHasNoClickAction()
    }

    @Test
    fun `the details of a segment are corrected with one tap and lead to its neighbours`() {
        show(LiveStates.angry.copy(openSegment = 4))
        compose.onNode(hasText("Sounds neutral") and SemanticsMatcher.keyIsDefined(SemanticsProperties.Heading))
            .assert(hasText("0:16–0:18"))
            .assert(SemanticsMatcher.expectValue(SemanticsProperties.LiveRegion, LiveRegionMode.Polite))
        compose.onNode(hasText("Happy") and isSelectable()).assertIsSelected()
        compose.onNode(hasText("Sad") and isSelectable()).performClick()
        compose.onNodeWithText("Tap it again to take that back.").assertExists()
        compose.onNode(hasText("Happy") and isSelectable()).performClick()
        compose.onNodeWithText("Previous").performClick()
        compose.onNodeWithText("Next").performClick()
        assertEquals(listOf(Emotion.Sad, null), corrections)
        assertEquals(listOf<Int?>(3, 5), opened)
    }

    @Test
    fun `nothing is recorded while the model loads`() {
        show(LiveStates.loading)
        compose.onNodeWithContentDescription("Start recording").assertIsNotEnabled()
    }

    @Test
    fun `the headline is read out politely, with how sure it is`() {
        show(LiveStates.angry)
        compose.onNode(hasText("Sounds angry"))
            .assert(SemanticsMatcher.expectValue(SemanticsProperties.LiveRegion, LiveRegionMode.Polite))
            .assert(hasText("Likely\u00a0· 71\u00a0%"))
    }

    @Test
    fun `each bar is one phrase`() {
        show(LiveStates.hearing)
        for (phrase in listOf("Angry, 8\u00a0%", "Happy, 18\u00a0%", "Neutral, 71\u00a0%", "Sad, 3\u00a0%")) {
            compose.onNodeWithContentDescription(phrase).assertContentDescriptionEquals(phrase)
        }
    }

    @Test
    fun `arousal and valence are one phrase in words, marked as experimental, where the model says them`() {
        fun showSaid(arousal: Float, valence: Float) {
            state = LiveStates.angry.run { copy(recognised = recognised?.copy(arousalValence = ArousalValence(arousal, valence))) }
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
    fun `at 200 percent the page scrolls to its end, and the time and the button stay`() {
        show(LiveStates.angry, fontScale = 2f)
        compose.onNode(hasContentDescription("The last 15 seconds. 6 moments of speech so far")).performScrollTo().assertIsDisplayed()
        compose.onNodeWithText("0:23").assertIsDisplayed()
        compose.onNodeWithContentDescription("Stop recording").assertIsDisplayed()
    }

    @Test
    fun `at 200 percent it is said before a recording where the audio goes, and the result has that place while it goes on`() {
        show(LiveStates.ready, fontScale = 2f)
        compose.onNodeWithText("Works offline. Audio isn’t saved.").assertIsDisplayed()
    }

    @Test
    fun `in an error what helps is the only button below the icons, and no hash or file name is shown before somebody asks`() {
        show(LiveStates.assetFailed)
        compose.onNodeWithContentDescription("Start recording").assertDoesNotExist()
        compose.onNodeWithText("SHA-256", substring = true).assertDoesNotExist()
        compose.onNodeWithText("model.onnx", substring = true).assertDoesNotExist()
        compose.onNodeWithText("Technical details").performScrollTo().performClick()
        compose.onNodeWithText("SHA-256", substring = true).assertExists()
        for (shown in listOf(LiveStates.denied, LiveStates.rationale, LiveStates.busy)) {
            state = shown
            compose.onNodeWithContentDescription("Start recording").assertDoesNotExist()
        }
    }

    @Test
    fun `what was saved is a sentence, with the way to it`() {
        show(LiveStates.ready.copy(saved = LiveStates.saved))
        compose.onNodeWithText("Started neutral, turned happy, ended sad").assertIsDisplayed()
        compose.onNodeWithText("Saved · 1:35").assertIsDisplayed()
        compose.onNodeWithText("Open").performScrollTo().performClick()
        compose.onNodeWithText("Discard").performScrollTo().performClick()
        state = state.copy(saved = LiveStates.saved.copy(isDiscarded = true))
        compose.onNodeWithText("Undo").performClick()
        assertEquals(listOf("open 1", "discard", "bring back"), taps)
    }

    @Test
    fun `the time is on screen while something is recorded, paused as well`() {
        show(LiveStates.angry)
        compose.onNodeWithText("0:23").assertIsDisplayed()
        state = LiveStates.paused
        compose.onNodeWithText("0:23").assertIsDisplayed()
        compose.onNodeWithText("Sounds angry").assertDoesNotExist()
        state = LiveStates.ready
        compose.onNodeWithText("0:23").assertDoesNotExist()
    }

    @Test
    fun `that nobody speaks is the headline before the first result, and a remark after it`() {
        show(LiveStates.noSpeech)
        compose.onNodeWithText("No speech yet").assertIsDisplayed().assert(hasText("Move closer, or stop."))
        state = LiveStates.angry.copy(notice = LiveNotice.NoSpeech)
        compose.onNodeWithText("Sounds angry").assertIsDisplayed()
        compose.onNodeWithText("No speech for 30 s. Move closer, or stop.").assertExists()
    }

    @Test
    fun `each notice has its sentence and its action`() {
        show(LiveStates.ready)
        val labels = mapOf(
            LiveStates.rationale to "Allow microphone",
            LiveStates.denied to "Open settings",
            LiveStates.assetFailed to "Try again",
            LiveStates.busy to "Try again",
            LiveUiState(LiveStatus.Ready, notice = LiveNotice.NotStored) to "Free up space",
        )
        for ((shown, label) in labels) {
            state = shown
            compose.onNodeWithText(label).performScrollTo().performClick()
        }
        assertEquals(labels.keys.map { it.notice }, actions.toList<LiveNotice?>())
    }
}
