package app.undertone.live

import app.undertone.asset.AssetProblem
import app.undertone.recording.RecordingPhase
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.test.UnconfinedTestDispatcher
import kotlinx.coroutines.test.resetMain
import kotlinx.coroutines.test.setMain
import org.junit.After
import org.junit.Before
import org.junit.Test
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertNull
import kotlin.test.assertTrue

@OptIn(ExperimentalCoroutinesApi::class)
class LiveViewModelTest {
    private val listening = FakeListening()
    private val viewModel by lazy { LiveViewModel(listening) }
    private val state get() = viewModel.state.value

    @Before
    fun runOnThisThread() = Dispatchers.setMain(UnconfinedTestDispatcher())

    @After
    fun restoreMain() = Dispatchers.resetMain()

    private fun tap(isGranted: Boolean = true, shouldExplain: Boolean = false) = viewModel.onRecordTap(isGranted, shouldExplain)

    @Test
    fun `a model that loads is ready`() {
        assertEquals(LiveUiState(status = LiveStatus.Ready), state)
    }

    @Test
    fun `a model that does not load is said, cannot record, and can be tried again`() {
        val problem = AssetProblem.Damaged("model.onnx", "its hash differs")
        listening.problem = problem
        assertEquals(LiveUiState(LiveStatus.Unavailable, notice = LiveNotice.AssetFailed(problem)), state)
        tap()
        assertEquals(0, listening.recordings)

        listening.problem = null
        viewModel.prepare()
        assertEquals(LiveUiState(LiveStatus.Ready), state)
    }

    @Test
    fun `a tap listens, a second one stops`() {
        tap()
        assertEquals(LiveStatus.Listening, state.status)
        assertEquals(1, listening.recordings)
        tap()
        assertEquals(LiveStatus.Ready, state.status)
        assertEquals(1, listening.stops)
    }

    @Test
    fun `level and gate show while listening and are gone afterwards`() {
        tap()
        listening.hear(LiveEvent.Level(-20f, isClipped = false, durationMs = 32), LiveEvent.Gate(isOpen = true))
        assertEquals(-20f, state.levelDbfs)
        assertEquals(LiveStatus.HearingYou, state.status)
        assertTrue(state.isGateOpen)
        tap()
        assertEquals(LiveUiState(LiveStatus.Ready), state)
        listening.hear(LiveEvent.Level(-20f, isClipped = false, durationMs = 32), LiveEvent.Gate(isOpen = true))
        assertEquals(LiveUiState(LiveStatus.Ready), state)
    }

    @Test
    fun `what was said before the stop is still recognised`() {
        tap()
        tap()
        listening.hear(segment(Emotion.Sad))
        assertEquals(Emotion.Sad, state.heard?.emotion)
        assertEquals(LiveStatus.Ready, state.status)
    }

    @Test
    fun `a new recording starts without the result of the one before`() {
        tap()
        listening.hear(segment(Emotion.Sad))
        tap()
        assertEquals(Emotion.Sad, state.heard?.emotion)
        tap()
        assertNull(state.heard)
        assertEquals(2, listening.recordings)
    }

    @Test
    fun `an uncertain segment keeps the shape of the last certain one`() {
        tap()
        listening.hear(segment(Emotion.Happy))
        listening.hear(segment(Emotion.Sad, isUncertain = true))
        listening.hear(segment(Emotion.Neutral, isUncertain = true))
        assertEquals(Emotion.Happy, state.heard?.shape)
        assertEquals(Emotion.Neutral, state.heard?.emotion)
    }

    @Test
    fun `a busy microphone ends the recording and can be tried again`() {
        tap()
        listening.hear(LiveEvent.MicrophoneBusy)
        listening.end()
        assertEquals(LiveUiState(LiveStatus.MicrophoneBusy, notice = LiveNotice.MicrophoneBusy), state)
        tap()
        assertEquals(LiveUiState(LiveStatus.Listening), state)
    }

    @Test
    fun `an engine that fails ends the recording and says why`() {
        val problem = AssetProblem.Stopped("out of cheese")
        tap()
        listening.hear(LiveEvent.Failed(problem))
        listening.end()
        assertEquals(LiveUiState(LiveStatus.Unavailable, notice = LiveNotice.AssetFailed(problem)), state)
    }

    @Test
    fun `half a minute without speech is said while listening goes on`() {
        tap()
        repeat(60) { listening.hear(LiveEvent.Level(-60f, isClipped = false, durationMs = 500)) }
        assertEquals(LiveNotice.NoSpeech, state.notice)
        assertTrue(state.isListening)
        listening.hear(LiveEvent.Gate(isOpen = true))
        assertNull(state.notice)
    }

    @Test
    fun `the permission is asked for on the first tap and listening starts when it is given`() {
        tap(isGranted = false)
        assertTrue(state.asksForPermission)
        viewModel.onPermissionAsked()
        assertFalse(state.asksForPermission)
        assertEquals(0, listening.recordings)
        viewModel.onPermissionAnswer(isGranted = true, canAskAgain = false)
        assertEquals(1, listening.recordings)
    }

    @Test
    fun `a refused permission is explained before it is asked for again`() {
        tap(isGranted = false)
        viewModel.onPermissionAsked()
        viewModel.onPermissionAnswer(isGranted = false, canAskAgain = true)
        assertEquals(LiveNotice.PermissionDenied(canAskAgain = true), state.notice)
        tap(isGranted = false, shouldExplain = true)
        assertEquals(LiveNotice.PermissionRationale, state.notice)
        assertFalse(state.asksForPermission)
        viewModel.askForPermission()
        assertTrue(state.asksForPermission)
        assertNull(state.notice)
    }

    @Test
    fun `a permission given in the settings clears the notice`() {
        tap(isGranted = false)
        viewModel.onPermissionAsked()
        viewModel.onPermissionAnswer(isGranted = false, canAskAgain = false)
        assertEquals(LiveNotice.PermissionDenied(canAskAgain = false), state.notice)
        viewModel.onResume(isGranted = false)
        assertEquals(LiveNotice.PermissionDenied(canAskAgain = false), state.notice)
        viewModel.onResume(isGranted = true)
        assertEquals(LiveUiState(LiveStatus.Ready), state)
    }

    @Test
    fun `an early result is shown as such until the final one`() {
        tap()
        listening.hear(segment(Emotion.Happy, isSoFar = true))
        assertEquals(true, state.heard?.isSoFar)
        listening.hear(segment(Emotion.Sad))
        assertEquals(Emotion.Sad to false, state.heard?.run { emotion to isSoFar })
    }

    @Test
    fun `a recording that began without this screen is joined, and can be stopped here`() {
        listening.beginElsewhere()
        assertEquals(LiveStatus.Listening, state.status)
        listening.hear(segment(Emotion.Sad))
        assertEquals(Emotion.Sad, state.heard?.emotion)
        tap()
        assertEquals(1 to 1, listening.recordings to listening.stops)
        assertEquals(LiveStatus.Ready, state.status)
    }

    @Test
    fun `a pause from the notification shows, and ends with the resume or a tap`() {
        tap()
        listening.hear(LiveEvent.Level(-20f, isClipped = false, durationMs = 32))
        listening.pause()
        assertEquals(LiveUiState(LiveStatus.Paused), state)
        listening.hear(LiveEvent.Level(-20f, isClipped = false, durationMs = 32))
        assertEquals(LiveStatus.Paused, state.status)
        listening.resume()
        assertEquals(LiveStatus.Listening, state.status)
        listening.pause()
        tap()
        assertEquals(LiveStatus.Ready, state.status)
        assertEquals(1, listening.stops)
    }

    @Test
    fun `a stop from the notification shows, and the last words too`() {
        tap()
        listening.stop()
        assertEquals(LiveUiState(LiveStatus.Ready), state)
        listening.hear(segment(Emotion.Sad))
        listening.end()
        assertEquals(Emotion.Sad, state.heard?.emotion)
    }

    @Test
    fun `a call that takes the microphone interrupts listening until it is over`() {
        tap()
        listening.show(RecordingPhase.Interrupted)
        assertEquals(LiveUiState(LiveStatus.Interrupted), state)
        listening.show(RecordingPhase.Listening)
        listening.hear(LiveEvent.Level(-20f, isClipped = false, durationMs = 32))
        assertEquals(LiveStatus.Listening, state.status)
    }

    @Test
    fun `what cannot be stored ends the recording and says so`() {
        tap()
        listening.hear(LiveEvent.NotStored("disk full"))
        listening.end()
        assertEquals(LiveUiState(LiveStatus.Ready, notice = LiveNotice.NotStored), state)
    }

    private fun segment(emotion: Emotion, isUncertain: Boolean = false, isSoFar: Boolean = false) = LiveEvent.Segment(
        emotion = emotion,
        probabilities = Emotion.entries.map { if (it == emotion) 0.7 else 0.1 },
        isUncertain = isUncertain,
        isSoFar = isSoFar,
        startMs = 0,
        durationMs = 1_200,
    )
}
