package app.undertone.engine.gate

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
 * @property noiseMarginDb a frame must be this much above the noise floor to reach the network.
 * @property noiseWindowMs the noise floor is the lowest level of this time; a hum that lasts longer is background.
 * @property networkHoldMs frames after one that stood out from the noise reach the network as well.
 * @property networkLeadInMs audio from before, with which the network warms up when frames reach it again.
 */
internal data class GateParameters(
    val frameSamples: Int,
    val enterProbability: Float,
    val leaveProbability: Float,
    val shortestSpeechMs: Int,
    val preRollMs: Int,
    val hangoverMs: Int,
    val longestSegmentMs: Int,
    val noiseMarginDb: Float,
    val noiseWindowMs: Int,
    val networkHoldMs: Int,
    val networkLeadInMs: Int,
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
        require(noiseMarginDb >= 0 && noiseMarginDb <= NOISE_MARGIN_LIMIT_DB) {
            "gate.noise_margin_db must be in 0..$NOISE_MARGIN_LIMIT_DB, not $noiseMarginDb"
        }
        require(noiseWindowMs in 1..LONGEST_SEGMENT_LIMIT_MS) {
            "gate.noise_window_ms must be in 1..$LONGEST_SEGMENT_LIMIT_MS, not $noiseWindowMs"
        }
        require(networkHoldMs >= 0) { "gate.network_hold_ms must not be negative: $networkHoldMs" }
        require(networkLeadInMs in 0..preRollMs) {
            "gate.network_lead_in_ms must be in 0..pre_roll_ms ($preRollMs), not $networkLeadInMs"
        }
    }

    internal fun samples(ms: Int, sampleRateHz: Int): Int = (ms.toLong() * sampleRateHz / 1000).toInt()

    /** How many frames begin within [ms]. */
    internal fun frames(ms: Int, sampleRateHz: Int): Int = (samples(ms, sampleRateHz) + frameSamples - 1) / frameSamples

    /** The last third of a longest segment, where it is split, must hold whole frames wherever it starts. */
    internal fun requireRoomToSplit(sampleRateHz: Int) {
        val longestSamples = samples(longestSegmentMs, sampleRateHz)
        require(longestSamples >= 6 * frameSamples && longestSamples > samples(preRollMs, sampleRateHz)) {
            "gate.longest_segment_ms must cover six frames and pre_roll_ms, not $longestSegmentMs"
        }
    }

    private companion object {
        const val LONGEST_SEGMENT_LIMIT_MS = 600_000
        const val NOISE_MARGIN_LIMIT_DB = 60f
    }
}
