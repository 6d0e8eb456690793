package app.undertone.engine

/**
 * What happened in a stream until now.
 *
 * @property frames frames of 32 ms that were heard.
 * @property networkFrames those of them that stood out from the noise; the others cost next to nothing.
 * @property networkRuns how often the speech network ran: on [networkFrames], but for those that follow one of which it was sure, and on the
 *   lead-ins before them.
 * @property earlyResults early results that were given.
 * @property lateEarlyResults early results that were dropped, because the engine was behind.
 * @property lostSamples samples at 16 kHz that were lost before the engine heard them.
 * @property earlySamples samples at 16 kHz that early results were computed of; speech counts as often as it was in one.
 * @property segmentSamples samples at 16 kHz of the segments that got their emotion. All results together cost
 *   1 + [earlySamples] / [segmentSamples] passes over the speech.
 */
public data class StreamCounts(
    public val frames: Long,
    public val networkFrames: Long,
    public val networkRuns: Long,
    public val earlyResults: Long,
    public val lateEarlyResults: Long,
    public val lostSamples: Long,
    public val earlySamples: Long,
    public val segmentSamples: Long,
)
