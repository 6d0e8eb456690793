package app.undertone.replay

import app.undertone.engine.AudioException
import app.undertone.engine.Resampler
import app.undertone.engine.SpeechDetector

/** Mixes the [channels] of a recording at [rateHz] down to their mean, at 16 kHz, and keeps it. */
internal class PcmCollector(private val rateHz: Int, private val channels: Int) {
    private val resampler = try {
        Resampler(rateHz, SpeechDetector.SAMPLE_RATE_HZ)
    } catch (e: IllegalArgumentException) {
        throw UnreadableAudioException("its header states a sample rate of $rateHz Hz", e)
    }
    private var collected = FloatArray(1 shl 16)
    private var length = 0
    private var framesBefore = 0L

    /** Adds the first [frames] of [interleaved]: a sample of each channel, then the next of each. */
    fun add(interleaved: FloatArray, frames: Int) {
        val mono = FloatArray(frames)
        for (frame in 0 until frames) {
            var sum = 0f
            for (channel in 0 until channels) sum += interleaved[frame * channels + channel]
            if (!sum.isFinite()) throw AudioException("damaged: the sample at ${(framesBefore + frame).toDouble() / rateHz} s is $sum")
            mono[frame] = sum / channels
        }
        framesBefore += frames
        append(resampler.accept(mono))
    }

    /** All that was added. */
    fun finish(): FloatArray {
        append(resampler.flush())
        return collected.copyOf(length)
    }

    private fun append(samples: FloatArray) {
        if (length + samples.size > collected.size) collected = collected.copyOf(2 * (length + samples.size))
        samples.copyInto(collected, length)
        length += samples.size
    }
}
