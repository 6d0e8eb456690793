package app.undertone.replay.audio

import app.undertone.engine.AudioException
import app.undertone.engine.AudioProblem
import app.undertone.engine.Resampler
import app.undertone.engine.gate.SpeechDetector
import app.undertone.replay.Interruption

/** As many as Python reads. */
private const val MOST_CHANNELS = 256

/** Of all power in the loudest channel, the mean of channels that cancel out has less than this share; beside dead ones it has more. */
private const val CANCELLED_SHARE = 0.01

/**
 * A recording as 16 kHz mono.
 *
 * @property cancelsOut whether the mean of its channels has less than 1/100 of the power of the loudest one.
 */
internal class Mixdown(val pcm: FloatArray, val cancelsOut: Boolean, val loudestChannel: Int)

/** Mixes the [channels] of a recording at [rateHz] down to their mean, or takes one [channel], at 16 kHz, and keeps it. */
internal class PcmCollector(private val rateHz: Int, val channels: Int, private val channel: Int? = null) {
    init {
        if (channels > MOST_CHANNELS) throw UnreadableAudioException("its header has $channels channels, and recorders at most $MOST_CHANNELS")
    }

    private val resampler = try {
        Resampler(rateHz, SpeechDetector.SAMPLE_RATE_HZ)
    } catch (e: IllegalArgumentException) {
        throw UnreadableAudioException("its header states a sample rate of $rateHz Hz", e)
    }
    private var collected = FloatArray(1 shl 16)
    private var length = 0
    private var framesBefore = 0L
    private val energies = DoubleArray(channels)
    private var meanEnergy = 0.0

    /** Adds the first [frames] of [interleaved]: a sample of each channel, then the next of each. */
    fun add(interleaved: FloatArray, frames: Int) {
        Interruption.check()
        val mono = FloatArray(frames)
        for (frame in 0 until frames) {
            var sum = 0f
            for (channel in 0 until channels) {
                val sample = interleaved[frame * channels + channel]
                sum += sample
                energies[channel] += sample.toDouble() * sample
            }
            if (!sum.isFinite()) throw damaged(framesBefore + frame, sum)
            val mean = sum / channels
            meanEnergy += mean.toDouble() * mean
            mono[frame] = if (channel == null) mean else interleaved[frame * channels + channel]
        }
        framesBefore += frames
        append(resampler.accept(mono))
    }

    /** Adds those frames of [interleaved], whose first one is number [start] of the recording, that lie in [kept]. */
    fun addKept(interleaved: FloatArray, start: Long, kept: LongRange) {
        val frames = interleaved.size / channels
        val from = (kept.first - start).coerceIn(0, frames.toLong()).toInt()
        val until = (kept.last - start).let { if (it >= frames) frames else (it + 1).coerceAtLeast(from.toLong()).toInt() }
        if (until > from) add(interleaved.copyOfRange(from * channels, until * channels), until - from)
    }

    /** All that was added. */
    fun finish(): Mixdown {
        append(resampler.flush())
        val loudest = energies.indices.maxBy { energies[it] }
        val cancelsOut = channel == null && meanEnergy < CANCELLED_SHARE * energies[loudest]
        return Mixdown(collected.copyOf(length), cancelsOut, loudest)
    }

    private fun damaged(frame: Long, sum: Float) =
        AudioException(AudioProblem.Damaged, "damaged: the sample at ${frame.toDouble() / rateHz} s is $sum", frame)

    private fun append(samples: FloatArray) {
        if (length + samples.size > collected.size) collected = collected.copyOf(2 * (length + samples.size))
        samples.copyInto(collected, length)
        length += samples.size
    }
}
