package app.undertone.engine

import app.undertone.engine.asset.AssetException
import app.undertone.engine.asset.EmotionAsset
import app.undertone.engine.testing.GeneratedAudio
import app.undertone.engine.testing.TinyAsset
import app.undertone.engine.testing.TinyModels
import kotlin.math.exp
import kotlin.math.sqrt
import kotlin.test.Test
import kotlin.test.assertContains
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertNull
import kotlin.test.assertTrue

/** The tiny model's logits are 100 times the mean, maximum, minimum and mean square of the samples. */
class EmotionClassifierTest {
    @Test
    fun `logits are those of the model, and the label is the largest`() {
        val speech = GeneratedAudio.noise(20_000, peak = 0.5f)

        val estimate = classify(speech)

        assertEquals("happy", estimate.label)
        assertEquals(1, estimate.labelIndex)
        assertEquals(100f * speech.max(), estimate.logits[1])
        assertEquals(100f * speech.min(), estimate.logits[2])
        assertEquals(100 * speech.average(), estimate.logits[0].toDouble(), 1e-4)
        assertEquals(100 * speech.map { it * it }.average(), estimate.logits[3].toDouble(), 1e-4)
    }

    @Test
    fun `probabilities are the softmax of the logits over the temperature`() {
        val speech = GeneratedAudio.noise(20_000, peak = 0.02f)
        val temperature = 2.5

        val estimate = classify(speech, TinyAsset(manifest = { it.replace("\"temperature\": 1.0", "\"temperature\": $temperature") }))

        val exponentials = estimate.logits.map { exp(it / temperature) }
        estimate.probabilities.zip(exponentials).forEach { (probability, exponential) ->
            assertEquals(exponential / exponentials.sum(), probability, 1e-12)
        }
        assertEquals(1.0, estimate.probabilities.sum(), 1e-12)
    }

    @Test
    fun `a model that also gives arousal and valence, as its manifest says, names the same emotion`() {
        val speech = GeneratedAudio.noise(20_000, peak = 0.5f)

        val estimate = classify(speech, TinyAsset.withArousalValence())

        assertEquals(classify(speech), estimate.copy(arousalValence = null))
        val (arousal, valence) = estimate.arousalValence!!
        assertEquals(speech.average(), arousal.toDouble(), 1e-6)
        assertEquals(sqrt(speech.max()), valence)
    }

    @Test
    fun `arousal and valence that the manifest does not mention are left alone`() {
        val speech = GeneratedAudio.noise(20_000, peak = 0.5f)

        assertNull(classify(speech, TinyAsset(TinyModels.emotion(hasArousalValence = true))).arousalValence)
    }

    @Test
    fun `arousal and valence of a long recording are those of its windows, by their length`() {
        val windows = listOf(GeneratedAudio.noise(120_000, peak = 0.1f), GeneratedAudio.noise(120_001, peak = 0.9f))

        val (arousal, valence) = classify(windows[0] + windows[1], TinyAsset.withArousalValence()).arousalValence!!

        assertEquals((windows[0] + windows[1]).average(), arousal.toDouble(), 1e-6)
        assertEquals(windows.sumOf { sqrt(it.max().toDouble()) * it.size / 240_001 }, valence.toDouble(), 1e-6)
    }

    @Test
    fun `arousal and valence that are no numbers are refused`() {
        val refusal = assertFailsWith<AssetException> { classify(FloatArray(8_000) { -0.25f + it % 2 / -8f }, TinyAsset.withArousalValence()) }

        assertContains(refusal.message!!, "model.onnx: gives logits and arousal_valence that are not numbers: [-31.25, ")
    }

    @Test
    fun `the softmax of huge logits does not overflow`() {
        assertEquals(listOf(0.0, 1.0), softmax(listOf(-3e38f, 3e38f), temperature = 0.01))
    }

    @Test
    fun `a top probability below the threshold is uncertain, at it is not`() {
        val speech = GeneratedAudio.noise(20_000, peak = 0.001f)
        val top = classify(speech).probabilities.max()

        fun isUncertain(threshold: Double): Boolean {
            val asset = TinyAsset(manifest = { it.replace("\"uncertainty_threshold\": 0.4", "\"uncertainty_threshold\": $threshold") })
            return classify(speech, asset).isUncertain
        }

        assertFalse(isUncertain(top))
        assertTrue(isUncertain(Math.nextUp(top)))
    }

    @Test
    fun `of equal logits the first label wins`() {
        // A square wave of full scale has a maximum of 1 and a mean square of 1.
        assertEquals("happy", classify(FloatArray(8_000) { if (it % 2 == 0) 1f else -1f }).label)
    }

    @Test
    fun `a slice of a longer recording is heard alone`() {
        val speech = GeneratedAudio.noise(9_000, peak = 0.5f)
        val around = GeneratedAudio.noise(5_000, peak = 0.99f, seed = 2)

        assertEquals(classify(speech), classifier().use { it.classify(around + speech + around, offset = 5_000, length = 9_000) })
    }

    @Test
    fun `the longest window is one window, and a sample more makes two that weigh as much as they are long`() {
        val asset = TinyAsset(manifest = { it.replace("240000", "8000") })
        val longest = GeneratedAudio.noise(8_000, peak = 0.5f)
        assertEquals(100f * longest.max(), classify(longest, asset).logits[1])

        val windows = listOf(GeneratedAudio.noise(4_000, peak = 0.1f), GeneratedAudio.noise(4_001, peak = 0.9f))
        val expected = windows.sumOf { 100.0 * it.max() * it.size / 8_001 }
        assertEquals(expected, classify(windows[0] + windows[1], asset).logits[1].toDouble(), 1e-4)
    }

    @Test
    fun `no sample of a long recording is left out or heard twice`() {
        val speech = GeneratedAudio.noise(700_001, peak = 0.5f)

        val estimate = classify(speech)

        // The mean of the whole is the mean of its three windows only if they are all of it.
        assertEquals(100 * speech.average(), estimate.logits[0].toDouble(), 1e-4)
        assertEquals(100 * speech.map { it.toDouble() * it }.average(), estimate.logits[3].toDouble(), 1e-3)
    }

    @Test
    fun `the shortest window is enough, and a sample less is not`() {
        val speech = GeneratedAudio.noise(4_000, peak = 0.5f)
        assertEquals("happy", classify(speech).label)

        refuses(speech.copyOf(3_999), "too short: 3999 samples, the model needs 4000 at 16000 Hz")
    }

    @Test
    fun `silence has no emotion, but one step of 16 bits is not silence`() {
        refuses(GeneratedAudio.silence(8_000), "silent: what is in it lies below -80 dB of full scale")
        refuses(FloatArray(8_000) { 0.9f / 32768 }, "silent")
        refuses(FloatArray(8_000) { if (it % 3 == 0) 1f / 32768 else 0f }, "silent") // dither
        refuses(FloatArray(8_000) { 0.5f }, "silent") // an offset is no sound
        classify(FloatArray(8_000) { if (it % 2 == 0) 8f / 32768 else 0f }) // an RMS of -78 dBFS around its mean
    }

    @Test
    fun `audio without samples or with samples that are no numbers is refused`() {
        refuses(FloatArray(0), "empty: there is no audio in it")
        for (bad in listOf(Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY)) {
            refuses(GeneratedAudio.noise(8_000, 0.5f).also { it[4_321] = bad }, "damaged: sample 4321 is $bad")
        }
    }

    private fun classifier(asset: TinyAsset = TinyAsset()) = EmotionClassifier(EmotionAsset.open(asset.asStreams()))

    private fun classify(pcm: FloatArray, asset: TinyAsset = TinyAsset()) = classifier(asset).use { it.classify(pcm) }

    private fun refuses(pcm: FloatArray, message: String) {
        assertContains(assertFailsWith<AudioException> { classify(pcm) }.message!!, message)
    }
}
