package app.undertone.engine

import app.undertone.engine.testing.GeneratedAudio
import io.kotest.common.ExperimentalKotest
import io.kotest.property.Arb
import io.kotest.property.PropTestConfig
import io.kotest.property.arbitrary.element
import io.kotest.property.arbitrary.int
import io.kotest.property.arbitrary.list
import io.kotest.property.checkAll
import kotlinx.coroutines.runBlocking
import kotlin.math.abs
import kotlin.math.log10
import kotlin.math.sqrt
import kotlin.test.Test
import kotlin.test.assertContentEquals
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertTrue

@OptIn(ExperimentalKotest::class) // PropTestConfig, for a fixed seed
class ResamplerTest {
    private val ratesHz = listOf(8_000, 11_025, 22_050, 24_000, 32_000, 44_100, 48_000, 96_000, 192_000)

    @Test
    fun `a tone keeps its place in time, its level and its purity, at every rate`() {
        for (rateHz in ratesHz) {
            for (frequencyHz in listOf(50.0, 440.0, 1_000.0, 3_500.0, 7_200.0).filter { it <= 0.9 * minOf(rateHz, 16_000) / 2 }) {
                val error = errorDb(
                    resample(GeneratedAudio.sine(rateHz, frequencyHz, rateHz), rateHz),
                    GeneratedAudio.sine(16_000, frequencyHz, 16_000),
                )
                assertTrue(error < -80, "$frequencyHz Hz from $rateHz Hz: error $error dB of the tone")
            }
        }
    }

    @Test
    fun `what 16 kHz cannot hold does not come back as another tone`() {
        for (rateHz in ratesHz.filter { it > 16_000 }) {
            for (frequencyHz in listOf(8_100.0, 10_000.0, 15_000.0, 23_000.0).filter { it < rateHz / 2 }) {
                val left = resample(GeneratedAudio.sine(rateHz, frequencyHz, rateHz), rateHz)
                val alias = 20 * log10(rms(left.inner()) / (0.5 / sqrt(2.0)))
                assertTrue(alias < -80, "$frequencyHz Hz from $rateHz Hz comes back at $alias dB")
            }
        }
    }

    @Test
    fun `a constant stays the same constant`() {
        for (rateHz in ratesHz) {
            val out = resample(FloatArray(rateHz / 2) { 0.25f }, rateHz)
            assertTrue(out.inner().all { abs(it - 0.25f) < 1e-6f }, "from $rateHz Hz")
        }
    }

    @Test
    fun `there are as many samples as the time takes, rounded up`() {
        for (rateHz in ratesHz) {
            for (samples in listOf(0, 1, 2, 3, 1_000, 44_101)) {
                val expected = Math.floorDiv(samples * 16_000L + rateHz - 1, rateHz.toLong()).toInt()
                assertEquals(expected, resample(FloatArray(samples), rateHz).size, "$samples samples from $rateHz Hz")
            }
        }
    }

    @Test
    fun `any chunking gives the same samples`() = runBlocking<Unit> {
        val audio = GeneratedAudio.noise(30_000, peak = 0.9f)
        val config = PropTestConfig(seed = 5, iterations = 60)
        checkAll(config, Arb.element(ratesHz), Arb.list(Arb.int(0, 5_000), 0..30)) { rateHz, chunks ->
            val resampler = Resampler(rateHz)
            var given = 0
            val parts = chunks.map { chunk ->
                val count = minOf(chunk, audio.size - given)
                resampler.accept(audio, given, count).also { given += count }
            } + resampler.accept(audio, given) + resampler.flush()

            assertContentEquals(resample(audio, rateHz), parts.flatMap { it.asList() }.toFloatArray())
        }
    }

    @Test
    fun `samples come out soon after they went in`() {
        for (rateHz in ratesHz) {
            val out = Resampler(rateHz).accept(FloatArray(rateHz))
            val slowestMs = 1_000 * 64.0 / minOf(rateHz, 16_000)
            assertTrue(out.size >= 16_000 * (1 - (slowestMs + 1) / 1_000), "from $rateHz Hz only ${out.size} of 16000")
        }
    }

    @Test
    fun `after the end a new stream knows nothing of the one before`() {
        val resampler = Resampler(44_100)
        val audio = GeneratedAudio.noise(10_000, peak = 0.9f)

        val streams = List(2) { resampler.accept(audio) + resampler.flush() }

        assertContentEquals(streams[0], streams[1])
    }

    @Test
    fun `16 kHz goes through untouched`() {
        val audio = GeneratedAudio.noise(1_000, peak = 0.9f)

        assertContentEquals(audio, resample(audio, 16_000))
    }

    @Test
    fun `a rate that no device has is refused`() {
        for (rateHz in listOf(-1, 0, 999, 192_001)) assertFailsWith<IllegalArgumentException> { Resampler(rateHz) }
    }

    private fun resample(audio: FloatArray, rateHz: Int) = Resampler(rateHz).run { accept(audio) + flush() }

    /** Without the ends, where the audio starts out of nothing. */
    private fun FloatArray.inner() = copyOfRange(200, size - 200)

    private fun errorDb(found: FloatArray, expected: FloatArray): Double {
        val difference = FloatArray(expected.size) { found[it] - expected[it] }
        return 20 * log10(rms(difference.inner()) / rms(expected.inner()))
    }

    private fun rms(audio: FloatArray) = sqrt(audio.sumOf { it.toDouble() * it } / audio.size)
}
