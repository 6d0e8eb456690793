package app.undertone.engine

import app.undertone.engine.gate.SpeechDetector
import kotlin.math.PI
import kotlin.math.abs
import kotlin.math.ceil
import kotlin.math.min
import kotlin.math.sin
import kotlin.math.sqrt

/**
 * Changes the sample rate of a mono stream, chunk by chunk; any chunking gives the same samples. Not thread-safe.
 *
 * A polyphase windowed-sinc filter: flat to 0.9 of the lower Nyquist frequency, at least 80 dB down above it. Output
 * sample n sits at the time of input sample n * [fromHz] / [toHz], so positions keep their meaning.
 *
 * @property fromHz samples a second of what comes in.
 * @property toHz samples a second of what comes out.
 */
@InternalUndertoneApi
public class Resampler(public val fromHz: Int, public val toHz: Int = SpeechDetector.SAMPLE_RATE_HZ) {
    private val up: Int // output n is at input n * down / up
    private val down: Int
    private val halfTaps: Int
    private val phases: Array<FloatArray> // (up, 2 * halfTaps)

    // The window holds the inputs from position windowStart on; before the stream and after it come zeros.
    private var window = FloatArray(0)
    private var windowStart = 0L
    private var windowLength = 0
    private var received = 0L
    private var produced = 0L

    init {
        require(fromHz in RATES_HZ && toHz in RATES_HZ) {
            "rates must be in ${RATES_HZ.first}..${RATES_HZ.last} Hz, not $fromHz to $toHz"
        }
        val divisor = greatestCommonDivisor(fromHz, toHz)
        up = toHz / divisor
        down = fromHz / divisor
        // In cycles per input sample: the lower of both Nyquist frequencies, where the stop band begins.
        val nyquist = 0.5 * min(1.0, toHz.toDouble() / fromHz)
        halfTaps = ceil(ZERO_CROSSINGS / (2 * nyquist)).toInt()
        require(2L * up * halfTaps <= LARGEST_FILTER_TAPS) { "$fromHz and $toHz Hz have no common divisor that is large enough" }
        phases = Array(up) { phase -> phaseTaps(phase.toDouble() / up, CUTOFF * nyquist) }
        reset()
    }

    /** Takes [length] samples of [chunk] from [offset] on and returns those that are now certain, perhaps none. */
    public fun accept(chunk: FloatArray, offset: Int = 0, length: Int = chunk.size - offset): FloatArray =
        if (fromHz == toHz) chunk.copyOfRange(offset, offset + length) else resample(chunk, offset, length).let { output.copyOf(it) }

    /** Ends the stream: returns the last samples, ceil(inputs * [toHz] / [fromHz]) in all, and starts a new one. */
    public fun flush(): FloatArray = if (fromHz == toHz) FloatArray(0) else resampleEnd().let { output.copyOf(it) }

    /** What [resample] and [resampleEnd] made last; it grows with the chunks. */
    internal var output = FloatArray(0)
        private set

    /** As [accept], between different rates; leaves the samples in [output], and returns how many. */
    internal fun resample(chunk: FloatArray, offset: Int, length: Int): Int {
        append(chunk, offset, length)
        received += length
        return produce(until = outputsReaching(windowStart + windowLength))
    }

    /** As [flush], between different rates; leaves the samples in [output], and returns how many. */
    internal fun resampleEnd(): Int {
        append(FloatArray(halfTaps), 0, halfTaps)
        return produce(until = Math.floorDiv(received * up + down - 1, down.toLong())).also { reset() }
    }

    /** Drops what is not yet out and starts a new stream. */
    public fun reset() {
        windowStart = -(halfTaps - 1L)
        windowLength = halfTaps - 1
        if (window.size < windowLength) window = FloatArray(windowLength) else window.fill(0f, 0, windowLength)
        received = 0
        produced = 0
    }

    private fun append(chunk: FloatArray, offset: Int, length: Int) {
        // The oldest input that the next output still needs.
        val firstNeeded = produced * down / up - (halfTaps - 1)
        val forgotten = (firstNeeded - windowStart).coerceIn(0, windowLength.toLong()).toInt()
        window.copyInto(window, 0, forgotten, windowLength)
        windowStart += forgotten
        windowLength -= forgotten
        if (windowLength + length > window.size) window = window.copyOf(2 * (windowLength + length))
        chunk.copyInto(window, windowLength, offset, offset + length)
        windowLength += length
    }

    /** How many outputs need no input at or after the position [end]: output n needs those up to n * down / up + halfTaps. */
    private fun outputsReaching(end: Long): Long =
        maxOf(produced, Math.floorDiv((end - halfTaps) * up - 1, down.toLong()) + 1)

    private fun produce(until: Long): Int {
        val count = (until - produced).toInt()
        if (count > output.size) output = FloatArray(count)
        for (i in 0 until count) {
            val position = (produced + i) * down // in input samples, times up
            val taps = phases[(position % up).toInt()]
            val first = (position / up - (halfTaps - 1) - windowStart).toInt()
            var sum = 0f
            for (tap in taps.indices) sum += taps[tap] * window[first + tap]
            output[i] = sum
        }
        produced = until
        return count
    }

    /** The taps for outputs that lie [fraction] of an input sample after an input, scaled to a gain of 1 at 0 Hz. */
    private fun phaseTaps(fraction: Double, cutoff: Double): FloatArray {
        val taps = DoubleArray(2 * halfTaps) { tap ->
            val distance = tap - (halfTaps - 1) - fraction // in input samples
            sinc(2 * cutoff * distance) * kaiser(distance / halfTaps)
        }
        val gain = taps.sum()
        return FloatArray(taps.size) { (taps[it] / gain).toFloat() }
    }

    private companion object {
        val RATES_HZ = 1_000..192_000

        // Kaiser (1974): for 85 dB, beta = 0.1102 * (85 - 8.7), and 64 zero crossings a side make the transition, from
        // 0.916 to 1 of Nyquist, (85 - 8) / (2.285 * 2 * 64 * pi) = 0.084 wide; its middle is the cutoff.
        const val ZERO_CROSSINGS = 64
        const val BETA = 8.41
        const val CUTOFF = 0.958

        /** 16 MB: enough for every rate up to 32 kHz, and above for all that recorders have. */
        const val LARGEST_FILTER_TAPS = 1L shl 22

        /** The right half of the Kaiser window, for linear interpolation: millions of taps of an odd rate take too long otherwise. */
        val WINDOW = DoubleArray(4_097) { i -> (i / 4_096.0).let { x -> bessel(BETA * sqrt(1 - x * x)) / bessel(BETA) } }

        fun sinc(x: Double) = if (abs(x) < 1e-9) 1.0 else sin(PI * x) / (PI * x)

        /** The Kaiser window at [x] in -1..1. */
        fun kaiser(x: Double): Double {
            if (abs(x) >= 1) return 0.0
            val at = abs(x) * (WINDOW.size - 1)
            val left = at.toInt()
            return WINDOW[left] + (at - left) * (WINDOW[left + 1] - WINDOW[left])
        }

        /** The modified Bessel function of the first kind, of order zero, by its power series. */
        fun bessel(x: Double): Double {
            var term = 1.0
            var sum = 1.0
            var k = 1
            while (term > 1e-12 * sum) {
                term *= (x / (2 * k)) * (x / (2 * k))
                sum += term
                k++
            }
            return sum
        }

        tailrec fun greatestCommonDivisor(a: Int, b: Int): Int = if (b == 0) a else greatestCommonDivisor(b, a % b)
    }
}
