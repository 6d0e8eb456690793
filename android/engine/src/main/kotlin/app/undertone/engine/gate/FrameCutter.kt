package app.undertone.engine.gate

import app.undertone.engine.Resampler

/**
 * Makes frames of [frameSamples] at [rateHz] out of chunks of any length and rate, and keeps the clock. Not thread-safe.
 *
 * Any chunking gives the same frames. Allocates only while its buffers grow to the size of the chunks.
 */
internal class FrameCutter(private val rateHz: Int, frameSamples: Int, private val onFrame: (FloatArray) -> Unit) {
    private var inputRateHz = rateHz
    private var resampler: Resampler? = null
    private var received = 0L // at the input's rate, lost ones included

    /** The frame in the making: its first [length] samples are there. */
    val frame = FloatArray(frameSamples)
    var length = 0
        private set

    /** The position of the first sample of [frame]. */
    var frameStart = 0L
        private set

    /** Starts a stream of samples at [inputRateHz]. */
    fun start(inputRateHz: Int) {
        if (inputRateHz != this.inputRateHz) resampler = if (inputRateHz == rateHz) null else Resampler(inputRateHz, rateHz)
        this.inputRateHz = inputRateHz
        resampler?.reset()
        received = 0
        length = 0
        frameStart = 0
    }

    /** Takes the first [count] samples of [pcm]. */
    fun accept(pcm: FloatArray, count: Int) {
        received += count
        val resampler = resampler ?: return cut(pcm, count)
        val made = resampler.resample(pcm, 0, count)
        cut(resampler.output, made)
    }

    /** Gives out the last whole frames of the stream; what is left stays in [frame]. */
    fun flush() {
        val resampler = resampler ?: return
        val made = resampler.resampleEnd()
        cut(resampler.output, made)
    }

    /** Goes on [lostSamples] of the input later, with an empty frame; to be called after [flush]. */
    fun skip(lostSamples: Long) {
        received += lostSamples
        val position = Math.floorDiv(received * rateHz + inputRateHz - 1, inputRateHz.toLong())
        // The end of each piece is rounded up, so that the clock could run back by a sample.
        frameStart = maxOf(frameStart + length, position)
        length = 0
    }

    private fun cut(pcm: FloatArray, count: Int) {
        var taken = 0
        while (taken < count) {
            val piece = minOf(frame.size - length, count - taken)
            pcm.copyInto(frame, length, taken, taken + piece)
            length += piece
            taken += piece
            if (length == frame.size) {
                onFrame(frame)
                length = 0
                frameStart += frame.size
            }
        }
    }
}
