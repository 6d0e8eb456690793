package app.undertone.engine.testing

import kotlin.math.PI
import kotlin.math.sin
import kotlin.random.Random

/** Audio made on the spot, at 16 kHz unless said otherwise. */
object GeneratedAudio {
    fun silence(samples: Int) = FloatArray(samples)

    /** White noise with samples in -[peak]..[peak]; the same for the same [seed]. */
    fun noise(samples: Int, peak: Float, seed: Int = 1): FloatArray {
        val random = Random(seed)
        return FloatArray(samples) { (2 * random.nextFloat() - 1) * peak }
    }

    fun sine(samples: Int, frequencyHz: Double, rateHz: Int, amplitude: Double = 0.5) =
        FloatArray(samples) { (amplitude * sin(2 * PI * frequencyHz * it / rateHz)).toFloat() }

    /** Stretches of loud and quiet noise by turns, the first one quiet; [lengths] in samples. */
    fun bursts(vararg lengths: Int): FloatArray = lengths.foldIndexed(FloatArray(0)) { index, audio, samples ->
        audio + noise(samples, peak = if (index % 2 == 0) 0.01f else 0.9f, seed = index)
    }
}
