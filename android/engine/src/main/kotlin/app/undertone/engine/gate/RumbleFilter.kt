package app.undertone.engine.gate

import app.undertone.engine.InternalUndertoneApi
import kotlin.math.PI
import kotlin.math.sqrt
import kotlin.math.tan

/**
 * Takes DC offset, mains hum and rumble away before a level is measured: a Butterworth high-pass of order 4 at [CUTOFF_HZ].
 *
 * 60 Hz fall by 18 dB and 50 Hz by 24; voices, whose power lies above 150 Hz, keep theirs. The state settles on the first sample, so
 * that a DC offset gives no transient. For measuring only: the models take the samples as they are. Not thread-safe; allocates
 * nothing.
 *
 * Source: Oppenheim and Schafer (2010), Discrete-Time Signal Processing, 7.1.2 (bilinear transform) and 6.3 (transposed direct form II).
 */
@InternalUndertoneApi
public class RumbleFilter(sampleRateHz: Int) {
    // The two pairs of poles of a Butterworth filter of order 4, by their quality factors 1 / (2 cos(pi / 8)) and 1 / (2 cos(3 pi / 8)).
    private val first = HighPass(sampleRateHz, quality = 1 / sqrt(2 + sqrt(2.0)))
    private val second = HighPass(sampleRateHz, quality = 1 / sqrt(2 - sqrt(2.0)))
    private var isSettled = false

    /** The mean square of [frame], whose samples follow those of the last call, without what lies below the cutoff. */
    public fun meanSquare(frame: FloatArray): Double {
        var sum = 0.0
        for (sample in frame) sum += square(sample.toDouble())
        return sum / frame.size
    }

    /** The same of the first [length] samples of [pcm], in 16 bits, of full scale 1; 0 where there are none. */
    public fun meanSquare(pcm: ShortArray, length: Int): Double {
        var sum = 0.0
        for (i in 0 until length) sum += square(pcm[i] / FULL_SCALE)
        return if (length == 0) 0.0 else sum / length
    }

    private fun square(sample: Double): Double {
        if (!isSettled) settle(sample)
        val filtered = second.filter(first.filter(sample))
        return filtered * filtered
    }

    /** Forgets what was filtered: the next frame starts a new recording. */
    public fun reset() {
        isSettled = false
    }

    private fun settle(sample: Double) {
        first.settle(sample)
        second.settle(0.0) // what the first section makes of a constant
        isSettled = true
    }

    /** A section of order 2, in transposed direct form II. */
    private class HighPass(sampleRateHz: Int, quality: Double) {
        private val b0: Double
        private val a1: Double
        private val a2: Double
        private var state1 = 0.0
        private var state2 = 0.0

        init {
            val warped = tan(PI * CUTOFF_HZ / sampleRateHz)
            val a0 = 1 + warped / quality + warped * warped
            b0 = 1 / a0
            a1 = 2 * (warped * warped - 1) / a0
            a2 = (1 - warped / quality + warped * warped) / a0
        }

        fun filter(sample: Double): Double {
            val filtered = b0 * sample + state1
            state1 = -2 * b0 * sample - a1 * filtered + state2
            state2 = b0 * sample - a2 * filtered
            return filtered
        }

        fun settle(sample: Double) {
            state1 = -b0 * sample
            state2 = b0 * sample
        }
    }

    internal companion object {
        const val CUTOFF_HZ: Int = 100
        private const val FULL_SCALE = 32_768.0
    }
}
