package app.undertone.engine.gate

import io.kotest.common.ExperimentalKotest
import io.kotest.property.Arb
import io.kotest.property.PropTestConfig
import io.kotest.property.arbitrary.double
import io.kotest.property.arbitrary.list
import io.kotest.property.checkAll
import kotlinx.coroutines.runBlocking
import kotlin.math.pow
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertTrue

/** A margin of 6 dB, a window of 94 frames, a hold of 10; the first 32 frames are for learning. */
@OptIn(ExperimentalKotest::class) // PropTestConfig, for a fixed seed
class EnergyGateTest {
    private val parameters = GateParameters(512, 0.5f, 0.35f, 250, 300, 480, 15_000, 6f, 3_000, 320, 96)
    private val gate = EnergyGate(parameters, 16_000)

    @Test
    fun `a voice over the noise passes from its second frame until the hold is over`() {
        assertEquals(listOf(false) + List(19 + 10) { true } + List(5) { false }, quietly { level(-30.0, 20) + level(-60.0, 15) })
    }

    @Test
    fun `a click of one frame does not pass`() {
        assertEquals(List(21) { false }, quietly { level(-60.0, 10) + level(-10.0, 1) + level(-60.0, 10) })
    }

    @Test
    fun `what does not stand out by the margin does not pass`() {
        assertEquals(List(20) { false }, quietly { level(-54.1, 20) })
        assertTrue(quietly { level(-53.5, 20) }.last())
    }

    @Test
    fun `a fan that is switched on is background once the window has passed`() {
        val passes = quietly { level(-40.0, 200) }
        assertTrue(passes[50])
        assertEquals(List(80) { false }, passes.takeLast(80))
    }

    @Test
    fun `the first second passes, unless there is nothing at all`() {
        assertEquals(List(32) { true } + false, level(-60.0, 33).map(gate::accept))
        gate.reset()
        for (silent in listOf(gate, EnergyGate(parameters, 16_000))) assertEquals(List(33) { false }, level(-90.0, 33).map(silent::accept))
    }

    @Test
    fun `a reset forgets the noise of the recording before`() {
        level(-60.0, 64).forEach(gate::accept)
        gate.reset()
        assertEquals(List(32) { true } + List(40) { false }, level(-30.0, 72).map(gate::accept))
    }

    @Test
    fun `a change of the whole level by a constant changes nothing, above what is inaudible`() = runBlocking<Unit> {
        val levels = Arb.list(Arb.double(-60.0, -30.0), 40..300)
        checkAll(PropTestConfig(seed = 23, iterations = 100), levels, Arb.double(0.0, 20.0)) { dbfs, gain ->
            fun passes(by: Double) = EnergyGate(parameters, 16_000).let { gate -> dbfs.map { gate.accept(power(it + by)) } }

            assertEquals(passes(0.0), passes(gain))
        }
    }

    /** What passes of [frames] after two seconds at -60 dBFS. */
    private fun quietly(frames: () -> List<Double>): List<Boolean> {
        gate.reset()
        level(-60.0, 64).forEach(gate::accept)
        return frames().map(gate::accept)
    }

    private fun level(dbfs: Double, frames: Int) = List(frames) { power(dbfs) }

    private fun power(dbfs: Double) = 10.0.pow(dbfs / 10)
}
