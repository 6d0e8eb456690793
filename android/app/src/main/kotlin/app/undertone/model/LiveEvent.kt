package app.undertone.model

import app.undertone.asset.AssetProblem
import app.undertone.engine.ArousalValence
import app.undertone.engine.MicrophoneProblem
import app.undertone.engine.SmoothedEmotion
import app.undertone.engine.VoiceProcessing

/** What happens between a tap on record and the end of the recording, in order. */
sealed interface LiveEvent {
    /**
     * [durationMs] of audio came in.
     *
     * @param levelDbfs root mean square, full scale = 0.
     * @param startMs from the start of the recording, in its audio; null before it has its place there.
     */
    data class Level(val levelDbfs: Float, val isClipped: Boolean, val durationMs: Int, val startMs: Long? = null) : LiveEvent

    /**
     * [durationMs] of audio did not come in.
     *
     * @param silencedBy what has this app get silence; null where the system dropped samples.
     */
    data class Lost(val durationMs: Int, val silencedBy: MicrophoneProblem? = null) : LiveEvent

    /** The phone changes the voice by [processing], which the app could not switch off; first of all, once a recording. */
    data class Altered(val processing: Set<VoiceProcessing>) : LiveEvent

    /**
     * The speech gate decided on one frame.
     *
     * @param endMs of the frame, in the audio of its take, and of the recording once it has its place there; null where that is unknown.
     */
    data class Gate(val isOpen: Boolean, val endMs: Long? = null) : LiveEvent

    /**
     * A segment of speech was recognised. [emotion], [probabilities], in the order of [Emotion], and [isUncertain] are of this segment
     * alone, which is what is kept of it: where every sentence has a mood of its own, they are right more often than [smoothed].
     *
     * @param isSoFar the segment goes on, and another result will take the place of this one.
     * @param startMs of what was heard for this result, in the recording's audio: pauses do not count.
     * @param durationMs how much of the segment was heard for this result.
     * @param segmentId of the stored segment; 0 before it is stored.
     * @param arousalValence null of a model that does not say it.
     * @param smoothed together with the segments before it; null: as this segment alone.
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
        val smoothed: SmoothedEmotion? = null,
    ) : LiveEvent {
        /** What a screen shows while somebody speaks: [smoothed], which does not flicker; the likeliest emotion where that is uncertain. */
        val shown: RecognisedSegment
            get() {
                val own = RecognisedSegment(emotion, probabilities, isUncertain, isSoFar, durationMs, arousalValence)
                return smoothed?.run {
                    val index = if (isUncertain) probabilities.indexOf(probabilities.max()) else labelIndex
                    own.copy(emotion = Emotion.entries[index], probabilities = probabilities, isUncertain = isUncertain)
                } ?: own
            }
    }

    /** The user marked the moment at [positionMs] of the recording's audio. */
    data class Marked(val positionMs: Long) : LiveEvent

    /** The microphone cannot be used; the recording is over. */
    data class MicrophoneFailed(val problem: MicrophoneProblem) : LiveEvent

    /** Recognition cannot go on; the recording is over. */
    data class Failed(val problem: AssetProblem) : LiveEvent

    /** What was heard cannot be stored, and the recording is over. */
    data class NotStored(val reason: String) : LiveEvent
}
