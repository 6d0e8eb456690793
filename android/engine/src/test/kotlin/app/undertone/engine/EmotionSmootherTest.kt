package app.undertone.engine

import app.undertone.engine.asset.EmotionAsset
import app.undertone.engine.testing.TinyAsset
import io.kotest.common.ExperimentalKotest
import io.kotest.property.Arb
import io.kotest.property.PropTestConfig
import io.kotest.property.arbitrary.bind
import io.kotest.property.arbitrary.boolean
import io.kotest.property.arbitrary.int
import io.kotest.property.arbitrary.list
import io.kotest.property.checkAll
import kotlinx.coroutines.runBlocking
import kotlin.math.exp
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertTrue

/** Smoothing over 8 s, a margin of 0.1, uncertain below 0.4. */
@OptIn(ExperimentalKotest::class) // PropTestConfig, for a fixed seed
class EmotionSmootherTest {
    private val smoother = EmotionSmoother(EmotionAsset.open(TinyAsset().asStreams()).manifest)

    @Test
    fun `the first segment is shown as it is`() {
        assertEquals(SmoothedEmotion("happy", 1, listOf(0.2, 0.5, 0.2, 0.1), isUncertain = false), hear(0.2, 0.5, 0.2, 0.1))
    }

    @Test
    fun `a slightly better emotion does not take over, a clearly better one does`() {
        hear(0.5, 0.3, 0.1, 0.1, isFinal = false)
        assertEquals("angry", hear(0.36, 0.44, 0.1, 0.1, isFinal = false).label)
        assertEquals("happy", hear(0.34, 0.46, 0.1, 0.1, isFinal = false).label)
    }

    @Test
    fun `within a segment the latest estimate replaces the one before`() {
        hear(0.9, 0.1, 0.0, 0.0, isFinal = false)
        assertEquals(listOf(0.0, 0.1, 0.9, 0.0), hear(0.0, 0.1, 0.9, 0.0, seconds = 2, at = 2, isFinal = false).probabilities)
    }

    @Test
    fun `segments weigh as much as they are long`() {
        hear(1.0, 0.0, 0.0, 0.0, seconds = 6, at = 6)
        val smoothed = hear(0.0, 1.0, 0.0, 0.0, seconds = 1, at = 6)
        assertEquals(6.0 / 7, smoothed.probabilities[0], 1e-9)
        assertEquals("angry", smoothed.label)
        assertEquals(3.0 / 7, hear(0.0, 0.0, 1.0, 0.0, seconds = 7, at = 6).probabilities[0], 1e-9)
    }

    @Test
    fun `a segment's weight falls to a part in e within the smoothing time`() {
        hear(1.0, 0.0, 0.0, 0.0, seconds = 4, at = 4)
        val faded = 4 * exp(-1.0)
        assertEquals(faded / (faded + 2), hear(0.0, 1.0, 0.0, 0.0, seconds = 2, at = 12).probabilities[0], 1e-9)
    }

    @Test
    fun `after a long time the past counts for nothing, and its label does not stick`() {
        hear(1.0, 0.0, 0.0, 0.0, seconds = 10, at = 10)
        val smoothed = hear(0.1, 0.2, 0.7, 0.0, seconds = 1, at = 100)
        assertEquals("neutral", smoothed.label)
        assertEquals(0.7, smoothed.probabilities[2], 1e-3)
    }

    @Test
    fun `an emotion that is shown below the threshold is uncertain`() {
        assertTrue(hear(0.39, 0.3, 0.3, 0.01).isUncertain)
        smoother.reset()
        assertFalse(hear(0.4, 0.3, 0.3, 0.0).isUncertain)
    }

    @Test
    fun `a reset forgets everything`() {
        hear(1.0, 0.0, 0.0, 0.0, seconds = 10, at = 10)
        smoother.reset()
        assertEquals(SmoothedEmotion("sad", 3, listOf(0.2, 0.2, 0.2, 0.4), isUncertain = false), hear(0.2, 0.2, 0.2, 0.4))
    }

    @Test
    fun `whatever is heard, probabilities add up to 1 and the shown one is within the margin of the best`() = runBlocking<Unit> {
        val step = Arb.bind(Arb.list(Arb.int(1, 1_000), 4..4), Arb.int(1, 20), Arb.int(0, 60), Arb.boolean()) { weights, seconds, pause, isFinal ->
            Step(weights.map { it / weights.sum().toDouble() }, seconds, pause, isFinal)
        }
        checkAll(PropTestConfig(seed = 5, iterations = 300), Arb.list(step, 1..20)) { steps ->
            smoother.reset()
            var at = 0
            for ((probabilities, seconds, pause, isFinal) in steps) {
                at += seconds + pause
                val (p, q, r, s) = probabilities
                val smoothed = hear(p, q, r, s, seconds = seconds, at = at, isFinal = isFinal)

                assertEquals(1.0, smoothed.probabilities.sum(), 1e-6)
                assertTrue(smoothed.probabilities.max() <= smoothed.probabilities[smoothed.labelIndex] + 0.1 + 1e-9)
            }
        }
    }

    private data class Step(val probabilities: List<Double>, val seconds: Int, val pause: Int, val isFinal: Boolean)

    private fun hear(vararg probabilities: Double, seconds: Int = 1, at: Int = seconds, isFinal: Boolean = true): SmoothedEmotion {
        val top = probabilities.indices.maxBy { probabilities[it] }
        val estimate = EmotionEstimate("unused", top, List(4) { 0f }, probabilities.asList(), isUncertain = false)
        return smoother.accept(estimate, seconds * 16_000L, at * 16_000L, isFinal)
    }
}
