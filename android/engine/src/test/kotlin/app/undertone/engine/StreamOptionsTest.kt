package app.undertone.engine

import app.undertone.engine.asset.EmotionAsset
import app.undertone.engine.gate.GateParameters
import app.undertone.engine.testing.GeneratedAudio
import app.undertone.engine.testing.ReceivedStream
import app.undertone.engine.testing.TinyAsset
import kotlin.math.ln
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertTrue

/** The tiny gate's probability of speech is twice the mean of |sample|: the peak, for uniform noise. */
class StreamOptionsTest {
    private val asset = EmotionAsset.open(TinyAsset().asStreams())
    private val manifest = asset.manifest.gate

    @Test
    fun `normal sensitivity is the manifest's`() {
        assertEquals(manifest, GateSensitivity.Normal.applyTo(manifest))
    }

    @Test
    fun `low and high shift both thresholds by the same logit, to either side`() {
        fun logit(p: Float) = ln(p / (1 - p))
        val low = GateSensitivity.Low.applyTo(manifest)
        val high = GateSensitivity.High.applyTo(manifest)

        for (threshold in listOf(GateParameters::enterProbability, GateParameters::leaveProbability)) {
            assertEquals(ln(2.5f), logit(threshold(low)) - logit(threshold(manifest)), 1e-5f)
            assertEquals(-ln(2.5f), logit(threshold(high)) - logit(threshold(manifest)), 1e-5f)
        }
        assertTrue(high.noiseMarginDb < manifest.noiseMarginDb && manifest.noiseMarginDb < low.noiseMarginDb)
    }

    @Test
    fun `thresholds at their limits stay valid`() {
        val strict = manifest.copy(enterProbability = 1f, leaveProbability = 0.999f)
        GateSensitivity.entries.forEach { assertEquals(1f, it.applyTo(strict).enterProbability) }
    }

    @Test
    fun `a faint voice is heard with high sensitivity only, a half loud one not with low`() {
        val faint = voice(peak = 0.4f)
        assertEquals(listOf(0, 0, 1), GateSensitivity.entries.map { segments(faint, it) })
        val halfLoud = voice(peak = 0.6f)
        assertEquals(listOf(0, 1, 1), GateSensitivity.entries.map { segments(halfLoud, it) })
    }

    @Test
    fun `a options made while a stream goes on counts from the next one`() = EmotionEngine(asset).use { engine ->
        val faint = voice(peak = 0.4f)
        val first = ReceivedStream()
        engine.start(RATE_HZ, startedAtMs = 0, first)
        engine.options = StreamOptions(GateSensitivity.High)
        engine.accept(faint)
        engine.finish()
        assertEquals(0, first.segments.size)

        val second = ReceivedStream()
        engine.start(RATE_HZ, startedAtMs = 0, second)
        engine.accept(faint)
        engine.finish()
        assertEquals(1, second.segments.size)
    }

    @Test
    fun `without early results a segment has the same result at its end, and none before`() {
        val audio = GeneratedAudio.bursts(16 * 512, 100 * 512, 32 * 512)
        val all = listen(audio, StreamOptions())
        val calm = listen(audio, StreamOptions(givesEarlyResults = false))

        assertEquals(3, all.early.size)
        assertEquals(emptyList(), calm.early)
        assertEquals(all.segments.map { it.estimate }, calm.segments.map { it.estimate })
        assertEquals(all.frames, calm.frames)
    }

    private fun voice(peak: Float): FloatArray {
        val pause = GeneratedAudio.noise(32 * 512, 0.01f)
        return pause + GeneratedAudio.noise(32 * 512, peak) + pause
    }

    private fun segments(audio: FloatArray, sensitivity: GateSensitivity) = listen(audio, StreamOptions(sensitivity)).segments.size

    private fun listen(audio: FloatArray, options: StreamOptions) = ReceivedStream().also { received ->
        EmotionEngine(asset).use { engine ->
            engine.options = options
            engine.start(RATE_HZ, startedAtMs = 0, received)
            engine.accept(audio)
            engine.finish()
        }
    }

    private companion object {
        const val RATE_HZ = 16_000
    }
}
