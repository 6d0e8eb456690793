package app.undertone.live

import app.undertone.asset.AssetProblem
import app.undertone.engine.ArousalValence
import app.undertone.engine.MicrophoneProblem
import app.undertone.history.FakeSessionStore
import app.undertone.history.HistorySamples
import app.undertone.history.SpokenSegment
import app.undertone.history.UndoableDeletion
import app.undertone.model.Story
import app.undertone.recording.RecordingPhase
import app.undertone.settings.FakeSettings
import app.undertone.settings.Settings
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.Job
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.TestCoroutineScheduler
import kotlinx.coroutines.test.UnconfinedTestDispatcher
import kotlinx.coroutines.test.resetMain
import kotlinx.coroutines.test.runTest
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
    private val settings = FakeSettings()
    private val corrections = mutableListOf<Pair<SpokenSegment, Emotion?>>()
    private val screen = Job()
    private val store = FakeSessionStore()
    private val deletion = UndoableDeletion(store)
    private val viewModel by lazy {
        LiveViewModel(listening, settings.settings, SavedRecordings(store, deletion)) { segment, to -> corrections += segment to to }
            .also(::watch)
    }
    private val state get() = viewModel.state.value

    @Before
    fun runOnThisThread() = Dispatchers.setMain(UnconfinedTestDispatcher())

    @After
    fun restoreMain() {
        screen.cancel()
        Dispatchers.resetMain()
    }

    private fun watch(viewModel: LiveViewModel) = CoroutineScope(Dispatchers.Main + Job(screen)).launch { viewModel.state.collect {} }

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
        assertEquals(LiveStatus.Starting, state.status)
        assertEquals(1, listening.recordings)
        listening.hear(LiveEvent.Level(-20f, isClipped = false, durationMs = 32))
        assertEquals(LiveStatus.Listening, state.status)
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
        assertEquals(Triple(LiveStatus.Ready, SILENCE_DBFS, false), state.run { Triple(status, levelDbfs, isGateOpen) })
        listening.hear(LiveEvent.Level(-20f, isClipped = false, durationMs = 32), LiveEvent.Gate(isOpen = true))
        assertEquals(Triple(LiveStatus.Ready, SILENCE_DBFS, false), state.run { Triple(status, levelDbfs, isGateOpen) })
    }

    @Test
    fun `levels and gate draw the waveform, which stays after the stop and goes with the next recording`() {
        tap()
        repeat(3) { listening.hear(LiveEvent.Level(-20f, isClipped = false, durationMs = 32), LiveEvent.Gate(isOpen = it > 0)) }
        tap()
        assertEquals(96, state.waveform.lengthMs)
        assertEquals(listOf(false, true, true), (0..2).map(state.waveform::isOpen))
        tap()
        assertEquals(0, state.waveform.lengthMs)
    }

    @Test
    fun `a pause frees the microphone and the recording goes on after it`() {
        tap()
        listening.hear(segment(Emotion.Happy))
        viewModel.onPauseTap()
        assertTrue(listening.isPaused)
        assertEquals(LiveStatus.Paused, state.status)
        // What the engine still had to say.
        listening.hear(LiveEvent.Gate(isOpen = true), segment(Emotion.Sad, startMs = 2_000))
        assertEquals(LiveStatus.Paused, state.status)

        viewModel.onPauseTap()
        assertFalse(listening.isPaused)
        assertEquals(LiveStatus.Starting, state.status)
        assertEquals(listOf(Emotion.Happy, Emotion.Sad), state.ribbon.map { it.emotion })
        assertEquals(1, listening.recordings)
    }

    @Test
    fun `a paused recording ends with a tap on record`() {
        tap()
        viewModel.onPauseTap()
        tap()
        assertEquals(LiveStatus.Ready, state.status)
        assertEquals(1, listening.stops)
    }

    @Test
    fun `nothing is paused where nothing is recorded`() {
        viewModel.onPauseTap()
        assertFalse(listening.isPaused)
        assertEquals(LiveStatus.Ready, state.status)
    }

    @Test
    fun `an early result takes its place in the ribbon, and the next ones take it over with its start`() {
        tap()
        listening.hear(segment(Emotion.Happy, startMs = 0), segment(Emotion.Sad, isSoFar = true, startMs = 2_000))
        assertEquals(1, state.settledSegments)
        listening.hear(segment(Emotion.Angry, isSoFar = true, startMs = 4_000))
        assertEquals(listOf(0L to 1_200L, 2_000L to 5_200L), state.ribbon.map { it.startMs to it.endMs })
        listening.hear(segment(Emotion.Neutral, startMs = 2_000))
        assertEquals(2, state.settledSegments)
        assertEquals(listOf(Emotion.Happy, Emotion.Neutral), state.ribbon.map { it.emotion })
    }

    @Test
    fun `a correction shows at once, is stored, and can be taken back`() {
        tap()
        listening.hear(segment(Emotion.Happy), segment(Emotion.Sad, startMs = 3_000))
        viewModel.onSegmentOpen(1)
        viewModel.onCorrect(Emotion.Angry)
        assertEquals(listOf(Emotion.Happy, Emotion.Angry), state.ribbon.map { it.heard })
        viewModel.onCorrect(null)
        assertEquals(listOf(Emotion.Happy, Emotion.Sad), state.ribbon.map { it.heard })
        assertEquals(listOf(3_000L to Emotion.Angry, 3_000L to null), corrections.map { (segment, to) -> segment.startMs to to })
        viewModel.onSegmentOpen(null)
        viewModel.onCorrect(Emotion.Angry)
        assertEquals(2, corrections.size)
    }

    @Test
    fun `the screen knows whether audio is kept, in later recordings too`() {
        assertFalse(state.keepsAudio)
        settings.now.value = Settings(keepsAudio = true)
        assertTrue(state.keepsAudio)
        tap()
        assertTrue(state.keepsAudio)
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

    private fun stored(startedAtMs: Long) = store.put(
        HistorySamples.session(lengthMs = 20_000).copy(startedAtMs = startedAtMs),
        listOf(HistorySamples.segment(0, 9_000, Emotion.Happy), HistorySamples.segment(10_000, 9_000, Emotion.Happy)),
    )

    @Test
    fun `after the stop there is the story of what was saved, and closing it leaves nothing on screen`() {
        tap()
        listening.hear(segment(Emotion.Happy))
        val id = stored(startedAtMs = 1)
        tap()
        assertNull(state.saved)
        listening.end()
        assertEquals(id to Story.Mostly(Emotion.Happy, 100), state.saved?.run { session.id to story })
        viewModel.onSavedClose()
        assertEquals(LiveUiState(LiveStatus.Ready), state)
    }

    @Test
    fun `without anything stored since the start there is no story`() {
        stored(startedAtMs = 0)
        tap()
        tap()
        listening.end()
        assertNull(state.saved)
    }

    @Test
    fun `a story does not stand before the next recording`() {
        tap()
        stored(startedAtMs = 1)
        tap()
        tap()
        listening.show(RecordingPhase.Listening)
        assertNull(state.saved)
        assertEquals(LiveStatus.Starting, state.status)
    }

    @Test
    fun `what was saved is named, discarded and brought back`() = runTest {
        tap()
        val id = stored(startedAtMs = 1)
        tap()
        listening.end()
        viewModel.onSavedRename(" Monday ")
        assertEquals("Monday", state.saved?.session?.title)
        assertEquals("Monday", store.session(id).first()?.title)
        viewModel.onSavedDiscard()
        assertEquals(true, state.saved?.isDiscarded)
        assertNull(store.session(id).first())
        viewModel.onSavedBringBack()
        assertEquals(false, state.saved?.isDiscarded)
        assertEquals("Monday", store.session(id).first()?.title)
    }

    @Test
    fun `the time that was recorded is on screen, paused as well`() {
        tap()
        listening.elapse(4_200)
        assertEquals(4_200, state.elapsedMs)
        viewModel.onPauseTap()
        assertEquals(LiveStatus.Paused to 4_200L, state.run { status to elapsedMs })
    }

    @Test
    fun `a level changes nothing that the page is composed from`() {
        tap()
        listening.hear(LiveEvent.Level(-20f, isClipped = false, durationMs = 32))
        val before = state.withoutSound()
        listening.hear(LiveEvent.Level(-30f, isClipped = false, durationMs = 32), LiveEvent.Gate(isOpen = false))
        listening.elapse(900)
        assertEquals(before, state.withoutSound())
    }

    @Test
    fun `a busy microphone ends the recording and can be tried again`() {
        tap()
        listening.hear(LiveEvent.MicrophoneFailed(MicrophoneProblem.InUse))
        listening.end()
        assertEquals(LiveUiState(LiveStatus.MicrophoneBusy, notice = LiveNotice.MicrophoneBusy), state)
        tap()
        assertEquals(LiveUiState(LiveStatus.Starting), state)
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
    fun `arousal and valence are shown with their result, and in the details of its segment`() {
        val said = ArousalValence(arousal = .25f, valence = -.5f)
        tap()
        listening.hear(segment(Emotion.Happy).copy(arousalValence = said))
        listening.hear(segment(Emotion.Sad, startMs = 2_000))
        assertNull(state.heard?.arousalValence)
        assertEquals(listOf(said, null), state.ribbon.map { it.arousalValence })
    }

    @Test
    fun `a recording that began without this screen is joined, and can be stopped here`() {
        listening.beginElsewhere()
        assertEquals(LiveStatus.Starting, state.status)
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
        assertEquals(Triple(LiveStatus.Paused, SILENCE_DBFS, false), state.run { Triple(status, levelDbfs, isGateOpen) })
        listening.hear(LiveEvent.Level(-20f, isClipped = false, durationMs = 32))
        assertEquals(LiveStatus.Paused, state.status)
        listening.resume()
        assertEquals(LiveStatus.Starting, state.status)
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
    fun `a recording that the system does not let begin is said, and can be tried again`() {
        listening.refusesToStart = true
        tap()
        assertEquals(LiveUiState(LiveStatus.Ready, notice = LiveNotice.StartRefused), state)
        listening.refusesToStart = false
        tap()
        assertEquals(LiveUiState(LiveStatus.Starting), state)
    }

    @Test
    fun `what cannot be stored ends the recording and says so`() {
        tap()
        listening.hear(LiveEvent.NotStored("disk full"))
        listening.end()
        assertEquals(LiveUiState(LiveStatus.Ready, notice = LiveNotice.NotStored), state)
    }

    @Test
    fun `each thing that silences the microphone is said as what it is`() {
        val statuses = mapOf(
            MicrophoneProblem.InUse to LiveStatus.Interrupted,
            MicrophoneProblem.SwitchedOff to LiveStatus.MicrophoneOff,
            MicrophoneProblem.NotAllowed to LiveStatus.MicrophoneNotAllowed,
        )
        tap()
        for ((cause, status) in statuses) {
            listening.show(RecordingPhase.Interrupted, cause)
            assertEquals(status, state.status)
            assertTrue(state.isRecording)
            // The last level that came in is drawn, and is no news of the microphone.
            listening.hear(LiveEvent.Level(-20f, isClipped = false, durationMs = 32))
            assertEquals(status, state.status)
        }
        listening.show(RecordingPhase.Listening)
        listening.hear(LiveEvent.Level(-20f, isClipped = false, durationMs = 32))
        assertEquals(LiveStatus.Listening, state.status)
    }

    @Test
    fun `each reason why the microphone cannot be used has its own notice`() {
        val notices = mapOf(
            MicrophoneProblem.InUse to LiveNotice.MicrophoneBusy,
            MicrophoneProblem.SwitchedOff to LiveNotice.MicrophoneOff,
            MicrophoneProblem.NotAllowed to LiveNotice.MicrophoneNotAllowed,
            MicrophoneProblem.ServerDied to LiveNotice.MicrophoneStopped,
        )
        for ((problem, notice) in notices) {
            tap()
            listening.hear(LiveEvent.MicrophoneFailed(problem))
            listening.end()
            assertEquals(notice, state.notice)
        }
    }

    @Test
    fun `while the recognition is behind the audio the screen says so, until it is there again`() {
        tap()
        for (at in 0..90) listening.hear(LiveEvent.Level(-20f, isClipped = false, durationMs = 32, startMs = at * 32L))
        assertEquals(LiveStatus.CatchingUp, state.status)
        for (at in 1..91) listening.hear(LiveEvent.Gate(isOpen = false, endMs = at * 32L))
        assertEquals(LiveStatus.Listening, state.status)
        // A call of a minute: nothing was there to be recognised.
        listening.hear(LiveEvent.Lost(60_000, MicrophoneProblem.InUse), LiveEvent.Level(-20f, isClipped = false, 32, startMs = 62_912))
        assertEquals(LiveStatus.Listening, state.status)
        assertEquals(62_944, state.waveform.lengthMs)
    }

    @Test
    fun `nothing is collected while nobody looks, and who comes back sees what happened, with the corrections`() {
        val clock = TestCoroutineScheduler()
        Dispatchers.setMain(UnconfinedTestDispatcher(clock))
        tap()
        listening.hear(segment(Emotion.Happy).copy(segmentId = 7))
        viewModel.onSegmentOpen(0)
        viewModel.onCorrect(Emotion.Angry)
        screen.children.forEach { it.cancel() }
        clock.advanceTimeBy(6_000)
        // As a recorder does, what was before is repeated for whoever joins again.
        listening.hear(segment(Emotion.Happy).copy(segmentId = 7))
        listening.hear(segment(Emotion.Sad, startMs = 2_000).copy(segmentId = 8))
        assertEquals(listOf(Emotion.Angry), state.ribbon.map { it.heard })
        watch(viewModel)
        assertEquals(listOf(Emotion.Angry, Emotion.Sad), state.ribbon.map { it.heard })
    }

    private fun segment(emotion: Emotion, isUncertain: Boolean = false, isSoFar: Boolean = false, startMs: Long = 0) = LiveEvent.Segment(
        emotion = emotion,
        probabilities = Emotion.entries.map { if (it == emotion) 0.7 else 0.1 },
        isUncertain = isUncertain,
        isSoFar = isSoFar,
        startMs = startMs,
        durationMs = 1_200,
    )
}
