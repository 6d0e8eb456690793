package app.undertone.live

import app.undertone.asset.AssetProblem
import app.undertone.engine.ArousalValence

/** What happens between a tap on record and the end of the recording, in order. */
sealed interface LiveEvent {
    /**
     * [durationMs] of audio came in.
     *
     * @param levelDbfs root mean square, full scale = 0.
     */
    data class Level(val levelDbfs: Float, val isClipped: Boolean, val durationMs: Int) : LiveEvent

    /**
     * [durationMs] of audio did not come in.
     *
     * @param isSilenced another app has the microphone; otherwise the system dropped it.
     */
    data class Lost(val durationMs: Int, val isSilenced: Boolean) : LiveEvent

    /** The speech gate judged one frame. */
    data class Gate(val isOpen: Boolean) : LiveEvent

    /**
     * A segment of speech was recognised, together with those before it.
     *
     * @param probabilities in the order of [Emotion].
     * @param isSoFar the segment goes on, and another result will take the place of this one.
     * @param startMs of what was heard for this result, in the recording's audio: pauses do not count.
     * @param durationMs how much of the segment was heard for this result.
     * @param segmentId of the stored segment; 0 before it is stored.
     * @param arousalValence of this result alone; null of a model that does not say it.
     */
    data class Segment(
        val emotion: Emotion,
        val probabilities: List<Double>,
        val isUncertain: Boolean,
        val isSoFar: Boolean,
        val startMs: Long,
        val durationMs: Int,
        val segmentId: Long = 0,
        val arousalValence: ArousalValence? = null,
    ) : LiveEvent

    /** The microphone cannot be used; the recording is over. */
    data object MicrophoneBusy : LiveEvent

    /** Recognition cannot go on; the recording is over. */
    data class Failed(val problem: AssetProblem) : LiveEvent

    /** What was heard cannot be stored, and the recording is over. */
    data class NotStored(val reason: String) : LiveEvent
}
