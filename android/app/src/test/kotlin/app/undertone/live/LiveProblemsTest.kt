package app.undertone.live

import app.undertone.asset.AssetProblem
import app.undertone.engine.MicrophoneProblem
import app.undertone.model.LiveEvent
import app.undertone.recording.Listening
import app.undertone.recording.RecordingPhase
import org.junit.Test
import kotlin.test.assertEquals
import kotlin.test.assertNull
import kotlin.test.assertTrue

/** What ends or hinders a recording, and how the Live screen says it. */
class LiveProblemsTest : LiveViewModelTestBase() {
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
    fun `what cannot be stored ends the recording and says so, until the way to free space is taken`() {
        tap()
        listening.hear(LiveEvent.NotStored("disk full"))
        listening.end()
        assertEquals(LiveUiState(LiveStatus.Ready, notice = LiveNotice.NotStored), state)
        viewModel.onNoticeClose()
        assertEquals(LiveUiState(LiveStatus.Ready), state)
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
}
