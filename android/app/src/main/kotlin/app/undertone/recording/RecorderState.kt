package app.undertone.recording

import app.undertone.engine.MicrophoneProblem
import app.undertone.model.LiveEvent

/** What the recorder does. */
sealed interface RecorderState {
    data object Idle : RecorderState

    /**
     * Between the start and the last result.
     *
     * @param startedAtMs milliseconds since the epoch.
     * @param sessionId of what is stored; 0 before the first sample.
     * @param elapsedMs of the audio that came in, to the second or better; pauses do not count.
     * @param recognised the last result, early ones included.
     * @param silencedBy why it is [RecordingPhase.Interrupted]; null otherwise.
     */
    data class Recording(
        val startedAtMs: Long,
        val sessionId: Long = 0,
        val elapsedMs: Long = 0,
        val phase: RecordingPhase = RecordingPhase.Listening,
        val recognised: LiveEvent.Segment? = null,
        val silencedBy: MicrophoneProblem? = null,
    ) : RecorderState
}

enum class RecordingPhase {
    Listening,

    /** The system gives silence, because another app has the microphone for example; it goes on by itself when there is sound. */
    Interrupted,

    /** The microphone is free until the recording is resumed. */
    Paused,

    /** Stopped; what was said before is still being recognised. */
    Finishing,
}
