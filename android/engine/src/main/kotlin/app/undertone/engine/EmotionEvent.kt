package app.undertone.engine

/**
 * What the engine heard. Positions count samples at the manifest's rate from the start of the stream, lost ones included.
 *
 * Immutable, so any thread may keep it.
 */
public sealed interface EmotionEvent {
    /** The position of the first sample. */
    public val startSample: Long

    /** The position after the last sample. */
    public val endSample: Long

    /** When [startSample] was: milliseconds since the epoch that the stream was started with. */
    public val startTimeMs: Long

    /**
     * A segment of speech is going on, and this is its emotion so far.
     *
     * @property estimate of the samples from [startSample] to [endSample], the latest of the segment.
     * @property smoothed the same, together with the segments before.
     */
    public data class Early(
        override val startSample: Long,
        override val endSample: Long,
        override val startTimeMs: Long,
        public val estimate: EmotionEstimate,
        public val smoothed: SmoothedEmotion,
    ) : EmotionEvent

    /**
     * A segment of speech ended, and this is its emotion.
     *
     * @property estimate of all samples from [startSample] to [endSample].
     * @property smoothed the same, together with the segments before.
     * @property speech when in the segment somebody spoke: in order and apart, neither pre-roll nor long pauses.
     */
    public data class Segment(
        override val startSample: Long,
        override val endSample: Long,
        override val startTimeMs: Long,
        public val estimate: EmotionEstimate,
        public val smoothed: SmoothedEmotion,
        public val speech: List<SpeechSpan> = listOf(SpeechSpan(startSample, endSample)),
    ) : EmotionEvent

    /**
     * A segment of speech ended, but has no emotion.
     *
     * @property problem why.
     * @property reason the same in words.
     * @property speech as in [Segment].
     */
    public data class Skipped(
        override val startSample: Long,
        override val endSample: Long,
        override val startTimeMs: Long,
        public val problem: AudioProblem,
        public val reason: String,
        public val speech: List<SpeechSpan> = listOf(SpeechSpan(startSample, endSample)),
    ) : EmotionEvent

    /** The samples of this range were lost before the engine heard them; an open segment ended before them. */
    public data class Gap(
        override val startSample: Long,
        override val endSample: Long,
        override val startTimeMs: Long,
    ) : EmotionEvent
}

/** Hears what the engine hears. Called on the thread that gives the engine its samples; must not block it. */
public fun interface EngineListener {
    /**
     * A frame was heard. Its values come one by one, because an object for each frame would be garbage 31 times a second.
     *
     * @param startSample the position of the frame's first sample.
     * @param levelDbfs the RMS above 100 Hz in dB of full scale, from [EmotionEngine.SILENCE_DBFS] to about 0: DC and hum are no sound.
     * @param speechProbability in 0..1; 0 where [reachedNetwork] is false. Where the network is sure, it is that of up to three frames before.
     * @param reachedNetwork whether the frame stood out from the noise floor, or followed one that did.
     * @param isOpen whether the gate is open after this frame.
     */
    public fun onFrame(startSample: Long, levelDbfs: Float, speechProbability: Float, reachedNetwork: Boolean, isOpen: Boolean) {}

    /** Something was heard; events come in the order of their ends. */
    public fun onEvent(event: EmotionEvent)
}
