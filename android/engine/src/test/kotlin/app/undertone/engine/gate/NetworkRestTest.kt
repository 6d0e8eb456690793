package app.undertone.engine.gate

import kotlin.math.pow
import kotlin.test.Test
import kotlin.test.assertEquals

class NetworkRestTest {
    private val parameters = GateParameters(512, 0.5f, 0.35f, 250, 300, 480, 15_000, 6f, 3_000, 320, 96)

    /** Which frames of these levels are left out, where the network gives [probability] for each that it is run on. */
    private fun rests(
        probability: Float,
        vararg levelsDbfs: Double,
        parameters: GateParameters = this.parameters,
        isWellInside: Boolean = true,
    ): List<Boolean> {
        val rest = NetworkRest(parameters)
        return levelsDbfs.map { 10.0.pow(it / 10) }.map { power ->
            rest.accept(power, isWellInside).also { if (!it) rest.onRun(probability, power) }
        }
    }

    private fun steady(frames: Int) = DoubleArray(frames) { -30.0 }

    @Test
    fun `sure of speech and well inside, three frames of four are left out`() {
        assertEquals(listOf(false, true, true, true, false, true, true, true, false), rests(0.8f, *steady(9)))
    }

    @Test
    fun `where it is not sure, or at the beginning, every frame counts`() {
        for (probability in listOf(0f, 0.1f, 0.5f, 0.79f)) assertEquals(List(5) { false }, rests(probability, *steady(5)))
        assertEquals(List(5) { false }, rests(1f, *steady(5), isWellInside = false))
    }

    @Test
    fun `a level that falls ends a rest`() {
        assertEquals(listOf(false, true, false), rests(0.9f, -30.0, -49.9, -50.1))
        assertEquals(listOf(false, true, true), rests(0.9f, -30.0, -10.0, -30.0))
    }

    @Test
    fun `a frame that is left out has the probability of the one before`() {
        val rest = NetworkRest(parameters)
        rest.onRun(0.9f, 1.0)
        rest.accept(1.0, isWellInside = true)

        assertEquals(0.9f, rest.probability)
    }

    @Test
    fun `after a reset the network is run on the next frame`() {
        val rest = NetworkRest(parameters)
        rest.onRun(0.9f, 1.0)
        rest.reset()

        assertEquals(false, rest.accept(1.0, isWellInside = true))
        rest.onRun(0.9f, 1.0)
        assertEquals(true, rest.accept(1.0, isWellInside = true))
    }

    @Test
    fun `nothing is sure that would not open the gate`() {
        val strict = parameters.copy(enterProbability = 0.95f)

        assertEquals(List(4) { false }, rests(0.9f, *steady(4), parameters = strict))
        assertEquals(listOf(false, true), rests(0.95f, *steady(2), parameters = strict))
    }
}
