package app.undertone.engine

/** What the engine heard. Positions count samples at the manifest's rate from the start of the stream. */
public sealed interface EngineEvent {
    /**
     * A frame was heard.
     *
     * @property startSample the position of the frame's first sample.
     * @property levelDbfs the RMS in dB of full scale, from [EmotionEngine.SILENCE_DBFS] to about 0.
     * @property speechProbability in 0..1.
     * @property isOpen whether the gate is open after this frame.
     */
    public data class Frame(
        public val startSample: Long,
        public val levelDbfs: Float,
        public val speechProbability: Float,
        public val isOpen: Boolean,
    ) : EngineEvent

    /** A segment of speech ended, and this is its emotion; [endSample] is the position after its last sample. */
    public data class Segment(
        public val startSample: Long,
        public val endSample: Long,
        public val estimate: EmotionEstimate,
    ) : EngineEvent

    /** A segment of speech ended, but has no emotion for the [reason]; [endSample] is the position after its last sample. */
    public data class Skipped(
        public val startSample: Long,
        public val endSample: Long,
        public val reason: String,
    ) : EngineEvent
}
