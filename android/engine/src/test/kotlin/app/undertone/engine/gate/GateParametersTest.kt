package app.undertone.engine.gate

import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertTrue

class GateParametersTest {
    private val parameters = GateParameters(512, 0.5f, 0.35f, 250, 300, 480, 15_000, 6f, 3_000, 320, 96)

    @Test
    fun `every value may be at its limits`() {
        parameters.copy(enterProbability = 1f)
        parameters.copy(shortestSpeechMs = 0, preRollMs = 0, hangoverMs = 0, networkHoldMs = 0, networkLeadInMs = 0)
        parameters.copy(longestSegmentMs = 1, noiseMarginDb = 0f, noiseWindowMs = 1)
        parameters.copy(longestSegmentMs = 600_000, noiseMarginDb = 60f, noiseWindowMs = 600_000)
        parameters.copy(networkLeadInMs = 300)
    }

    @Test
    fun `no value may be beyond them`() {
        refused("frame_samples") { copy(frameSamples = 511) }
        refused("enter_probability") { copy(enterProbability = 0f) }
        refused("enter_probability") { copy(enterProbability = 1.01f) }
        refused("leave_probability") { copy(leaveProbability = 0f) }
        refused("leave_probability") { copy(leaveProbability = 0.5f) }
        refused("shortest_speech_ms") { copy(shortestSpeechMs = -1) }
        refused("pre_roll_ms") { copy(preRollMs = -1) }
        refused("hangover_ms") { copy(hangoverMs = -1) }
        refused("longest_segment_ms") { copy(longestSegmentMs = 0) }
        refused("longest_segment_ms") { copy(longestSegmentMs = 600_001) }
        refused("noise_margin_db") { copy(noiseMarginDb = -0.1f) }
        refused("noise_margin_db") { copy(noiseMarginDb = 60.1f) }
        refused("noise_window_ms") { copy(noiseWindowMs = 0) }
        refused("noise_window_ms") { copy(noiseWindowMs = 600_001) }
        refused("network_hold_ms") { copy(networkHoldMs = -1) }
        refused("network_lead_in_ms") { copy(networkLeadInMs = -1) }
        refused("network_lead_in_ms") { copy(networkLeadInMs = 301) }
    }

    @Test
    fun `a longest segment holds six frames and is longer than the pre-roll`() {
        parameters.copy(longestSegmentMs = 192, preRollMs = 191).requireRoomToSplit(16_000)
        refused("longest_segment_ms") { copy(longestSegmentMs = 191, preRollMs = 100).also { it.requireRoomToSplit(16_000) } }
        refused("longest_segment_ms") { copy(longestSegmentMs = 300).also { it.requireRoomToSplit(16_000) } }
    }

    @Test
    fun `times are samples rounded down, and frames that begin within them`() {
        assertEquals(44, parameters.samples(1, 44_100))
        assertEquals(115_200_000, parameters.samples(600_000, 192_000))
        assertEquals(listOf(0, 1, 1, 2), listOf(0, 1, 32, 33).map { parameters.frames(it, 16_000) })
    }

    private fun refused(field: String, change: GateParameters.() -> GateParameters) {
        val refusal = assertFailsWith<IllegalArgumentException> { parameters.change() }
        assertTrue(refusal.message!!.startsWith("gate.$field must"), refusal.message)
    }
}
