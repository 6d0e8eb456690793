package app.undertone.recording

import app.undertone.live.LiveEvent

/** What the recorder does. */
sealed interface RecorderState {
    data object Idle : RecorderState

    /**
     * Between the start and the last result.
     *
     * @param startedAtMs milliseconds since the epoch.
     * @param elapsedMs of the audio that came in; pauses do not count.
     * @param heard the last result, early ones included.
     */
    data class Recording(
        val startedAtMs: Long,
        val elapsedMs: Long = 0,
        val phase: RecordingPhase = RecordingPhase.Listening,
        val heard: LiveEvent.Segment? = null,
    ) : RecorderState
}

enum class RecordingPhase {
    Listening,

    /** Another app, a call for example, has the microphone; listening goes on by itself when it is free. */
    Interrupted,

    /** The microphone is free until the recording is resumed. */
    Paused,

    /** Stopped; what was said before is still being recognised. */
    Finishing,
}
