package app.undertone.engine.gate

import kotlin.math.pow
import kotlin.test.Test
import kotlin.test.assertEquals

class NetworkRestTest {
    private val parameters = GateParameters(512, 0.5f, 0.35f, 250, 300, 480, 15_000, 6f, 3_000, 320, 96)

    /** Which frames of these levels are left out, where the network gives [probability] for each that it is run on. */
    private fun rests(probability: Float, vararg levelsDbfs: Double, parameters: GateParameters = this.parameters): List<Boolean> {
        val rest = NetworkRest(parameters)
        return levelsDbfs.map { 10.0.pow(it / 10) }.map { power ->
            rest.accept(power).also { if (!it) rest.onRun(probability, power) }
        }
    }

    private fun steady(frames: Int) = DoubleArray(frames) { -30.0 }

    @Test
    fun `sure of speech, two frames of three are left out, and of silence every second`() {
        assertEquals(listOf(false, true, true, false, true, true, false), rests(0.8f, *steady(7)))
        assertEquals(listOf(false, true, false, true, false), rests(0.1f, *steady(5)))
    }

    @Test
    fun `where it is not sure, every frame counts`() {
        for (probability in listOf(0.11f, 0.5f, 0.79f)) assertEquals(List(5) { false }, rests(probability, *steady(5)))
    }

    @Test
    fun `a level that falls ends a rest in speech, one that rises ends a rest in silence`() {
        assertEquals(listOf(false, true, false), rests(0.9f, -30.0, -49.9, -50.1))
        assertEquals(listOf(false, true, true), rests(0.9f, -30.0, -10.0, -30.0))
        assertEquals(listOf(false, false, true), rests(0.05f, -30.0, -23.9, -18.0))
        assertEquals(listOf(false, true, false), rests(0.05f, -30.0, -70.0, -30.0))
    }

    @Test
    fun `after a reset the network is run on the next frame`() {
        val rest = NetworkRest(parameters)
        rest.onRun(0.9f, 1.0)
        rest.reset()

        assertEquals(listOf(false, true), listOf(rest.accept(1.0).also { rest.onRun(0.9f, 1.0) }, rest.accept(1.0)))
    }

    @Test
    fun `nothing is sure that does not pass the gate's own thresholds`() {
        val strict = parameters.copy(enterProbability = 0.95f, leaveProbability = 0.1f)

        assertEquals(List(4) { false }, rests(0.9f, *steady(4), parameters = strict))
        assertEquals(List(4) { false }, rests(0.06f, *steady(4), parameters = strict))
        assertEquals(listOf(false, true, false, true), rests(0.05f, *steady(4), parameters = strict))
    }
}
