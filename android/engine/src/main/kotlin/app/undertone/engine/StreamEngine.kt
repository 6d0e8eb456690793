package app.undertone.engine

/** One stream of audio after the other, each from [start] to [finish] or [reset]. Not thread-safe. */
public interface StreamEngine : AutoCloseable {
    /**
     * Starts a stream; what is open of the one before is dropped.
     *
     * @param inputRateHz the rate of the samples that come in, in 1,000..192,000.
     * @param startedAtMs the time of the first sample, in milliseconds since any epoch.
     * @param isLate asked before each early result: one that would come late is dropped and counted.
     */
    public fun start(inputRateHz: Int, startedAtMs: Long, listener: EngineListener, isLate: () -> Boolean = { false })

    /** Hears the first [length] samples of [pcm], 16-bit mono; any length is welcome. */
    public fun accept(pcm: ShortArray, length: Int = pcm.size)

    /** The source lost [lostSamples] samples at its rate: an open segment ends here, and the clock goes on behind them. */
    public fun skip(lostSamples: Long)

    /** Ends the stream: an open segment ends here and gets its emotion. */
    public fun finish()

    /** Ends the stream without an event: drops what is open. */
    public fun reset()
}
