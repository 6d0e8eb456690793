package app.undertone.engine

/**
 * When the [SpeechGate] opens, closes and splits.
 *
 * @property frameSamples length of a frame; [SpeechDetector] takes 512.
 * @property enterProbability a frame at or above it opens the gate, in 0..1.
 * @property leaveProbability a frame below it counts as silence while the gate is open; lower than [enterProbability].
 * @property shortestSpeechMs segments with less speech than this are dropped.
 * @property preRollMs audio kept from before the frame that opened the gate, so that no onset is clipped.
 * @property hangoverMs silence after which the gate closes.
 * @property longestSegmentMs longer segments are split at their quietest point.
 */
public data class GateParameters(
    public val frameSamples: Int,
    public val enterProbability: Float,
    public val leaveProbability: Float,
    public val shortestSpeechMs: Int,
    public val preRollMs: Int,
    public val hangoverMs: Int,
    public val longestSegmentMs: Int,
) {
    init {
        require(frameSamples == SpeechDetector.FRAME_SAMPLES) {
            "gate.frame_samples must be ${SpeechDetector.FRAME_SAMPLES}, not $frameSamples"
        }
        require(enterProbability > 0 && enterProbability <= 1) {
            "gate.enter_probability must be above 0 and at most 1, not $enterProbability"
        }
        require(leaveProbability > 0 && leaveProbability < enterProbability) {
            "gate.leave_probability must be above 0 and below enter_probability ($enterProbability), not $leaveProbability"
        }
        require(shortestSpeechMs >= 0) { "gate.shortest_speech_ms must not be negative: $shortestSpeechMs" }
        require(preRollMs >= 0) { "gate.pre_roll_ms must not be negative: $preRollMs" }
        require(hangoverMs >= 0) { "gate.hangover_ms must not be negative: $hangoverMs" }
        require(longestSegmentMs in 1..LONGEST_SEGMENT_LIMIT_MS) {
            "gate.longest_segment_ms must be in 1..$LONGEST_SEGMENT_LIMIT_MS, not $longestSegmentMs"
        }
    }

    internal fun samples(ms: Int, sampleRateHz: Int): Int = (ms.toLong() * sampleRateHz / 1000).toInt()

    /** The last third of a longest segment, where it is split, must hold whole frames wherever it starts. */
    internal fun requireRoomToSplit(sampleRateHz: Int) {
        val longestSamples = samples(longestSegmentMs, sampleRateHz)
        require(longestSamples >= 6 * frameSamples && longestSamples > samples(preRollMs, sampleRateHz)) {
            "gate.longest_segment_ms must cover six frames and pre_roll_ms, not $longestSegmentMs"
        }
    }

    private companion object {
        const val LONGEST_SEGMENT_LIMIT_MS = 600_000
    }
}
