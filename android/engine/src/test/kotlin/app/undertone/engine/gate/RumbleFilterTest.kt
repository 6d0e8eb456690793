package app.undertone.engine.gate

import app.undertone.engine.testing.GeneratedAudio
import kotlin.math.PI
import kotlin.math.log10
import kotlin.math.pow
import kotlin.math.sin
import kotlin.math.tan
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertTrue

class RumbleFilterTest {
    private val filter = RumbleFilter(16_000)

    @Test
    fun `a sine keeps the share of its power that a Butterworth filter of order 4 leaves it`() {
        for (frequencyHz in listOf(20.0, 50.0, 60.0, 100.0, 150.0, 300.0, 3_000.0, 7_000.0)) {
            val sine = GeneratedAudio.sine(64_000, frequencyHz, rateHz = 16_000)
            filter.reset()
            filter.meanSquare(sine.copyOf(32_000)) // until the start is over

            val power = filter.meanSquare(sine.copyOfRange(32_000, 64_000))

            // The bilinear transform bends frequencies: they are those of the analogue filter at tan(pi f / rate).
            val ratio = tan(PI * RumbleFilter.CUTOFF_HZ / 16_000) / tan(PI * frequencyHz / 16_000)
            assertEquals(decibel(0.125 / (1 + ratio.pow(8))), decibel(power), 0.01, "$frequencyHz Hz")
        }
    }

    @Test
    fun `a constant has no power, from its first sample on`() {
        for (offset in listOf(0.02f, -0.5f, 1f)) {
            filter.reset()
            repeat(100) { assertTrue(filter.meanSquare(FloatArray(512) { offset }) < 1e-20) }
        }
    }

    @Test
    fun `noise on an offset has the power of noise alone`() {
        val noise = GeneratedAudio.noise(100 * 512, peak = 0.01f)
        val other = RumbleFilter(16_000)
        for (start in noise.indices step 512) {
            val frame = noise.copyOfRange(start, start + 512)

            val power = filter.meanSquare(FloatArray(512) { frame[it] + 0.1f })

            assertEquals(decibel(other.meanSquare(frame)), decibel(power), 0.01)
        }
    }

    @Test
    fun `frames of any length add up to the same power`() {
        val noise = GeneratedAudio.noise(512, peak = 0.5f)
        val other = RumbleFilter(16_000)

        val pieces = 100 * other.meanSquare(noise.copyOf(100)) + 412 * other.meanSquare(noise.copyOfRange(100, 512))

        assertEquals(512 * filter.meanSquare(noise), pieces, 1e-9)
    }

    @Test
    fun `after a reset nothing rings on`() {
        filter.meanSquare(FloatArray(512) { sin(it.toFloat()) })
        filter.reset()

        assertEquals(0.0, filter.meanSquare(FloatArray(512)))
    }

    private fun decibel(power: Double) = 10 * log10(power)
}
