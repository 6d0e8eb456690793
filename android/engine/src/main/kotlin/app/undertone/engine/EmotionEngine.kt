package app.undertone.engine

import kotlin.math.log10
import kotlin.math.max

/**
 * The whole way from microphone samples to emotions: resampling, speech detection, the gate and the classifier.
 *
 * Synchronous and not thread-safe: one thread calls it, and [listener] is called on that thread before [accept] and
 * [finish] return. Chunks may have any length, with the same events as a result. Where no segment ends it runs hundreds
 * of times faster than real time; at the end of a segment it waits for the classifier.
 *
 * @param inputRateHz the rate of the samples that come in; other rates than the manifest's are resampled.
 * @param threads for the classifier.
 * @throws AssetException when a model is not what the engine was written for.
 */
public class EmotionEngine(
    asset: EmotionAsset,
    inputRateHz: Int = SpeechDetector.SAMPLE_RATE_HZ,
    threads: Int = 1,
    private val listener: (EngineEvent) -> Unit,
) : AutoCloseable {
    private val sampleRateHz = asset.manifest.sampleRateHz
    private val resampler = if (inputRateHz == sampleRateHz) null else Resampler(inputRateHz, sampleRateHz)
    private val detector = SpeechDetector(asset)
    private val classifier = try {
        EmotionClassifier(asset, threads)
    } catch (e: Throwable) {
        detector.close()
        throw e
    }
    private val gate = SpeechGate(asset.manifest.gate, sampleRateHz, ::classify)

    private val frame = FloatArray(asset.manifest.gate.frameSamples)
    private var frameLength = 0
    private var frameStart = 0L
    private var converted = FloatArray(0)

    /** Hears the first [length] samples of [pcm], 16-bit mono. */
    public fun accept(pcm: ShortArray, length: Int = pcm.size) {
        if (converted.size < length) converted = FloatArray(length)
        for (i in 0 until length) converted[i] = pcm[i] / FULL_SCALE
        resampleAndCut(converted, length)
    }

    /**
     * Hears the first [length] samples of [pcm], mono in [-1, 1).
     *
     * @throws AudioException when one of them is NaN or infinite; none of the chunk is heard then.
     */
    public fun accept(pcm: FloatArray, length: Int = pcm.size) {
        for (i in 0 until length) {
            if (!pcm[i].isFinite()) throw AudioException("damaged: sample $i of the chunk is ${pcm[i]}")
        }
        resampleAndCut(pcm, length)
    }

    /** Ends the stream: an open segment ends here and gets its emotion. The next sample starts a new stream. */
    public fun finish() {
        resampler?.flush()?.let { cutIntoFrames(it, it.size) }
        gate.finish(frame, frameLength)
        reset()
    }

    /** Drops what is open, without an event. The next sample starts a new stream. */
    public fun reset() {
        resampler?.reset()
        detector.reset()
        gate.reset()
        frameLength = 0
        frameStart = 0
    }

    override fun close() {
        detector.close()
        classifier.close()
    }

    private fun resampleAndCut(pcm: FloatArray, length: Int) {
        if (resampler == null) {
            cutIntoFrames(pcm, length)
        } else {
            val resampled = resampler.accept(pcm, 0, length)
            cutIntoFrames(resampled, resampled.size)
        }
    }

    private fun cutIntoFrames(pcm: FloatArray, length: Int) {
        var taken = 0
        while (taken < length) {
            val count = minOf(frame.size - frameLength, length - taken)
            pcm.copyInto(frame, frameLength, taken, taken + count)
            frameLength += count
            taken += count
            if (frameLength == frame.size) hearFrame()
        }
    }

    private fun hearFrame() {
        val speechProbability = detector.probability(frame)
        val start = frameStart
        frameLength = 0
        frameStart += frame.size
        gate.accept(frame, speechProbability)
        listener(EngineEvent.Frame(start, levelDbfs(frame), speechProbability, gate.isOpen))
    }

    private fun classify(segment: SpeechSegment) {
        val event = try {
            EngineEvent.Segment(segment.startSample, segment.endSample, classifier.classify(segment.pcm))
        } catch (e: AudioException) {
            EngineEvent.Skipped(segment.startSample, segment.endSample, e.message.orEmpty())
        }
        listener(event)
    }

    public companion object {
        /** The level of a frame without any sound, in dB of full scale: below what 16 bits can hold. */
        public const val SILENCE_DBFS: Float = -100f

        private const val FULL_SCALE = 32768f

        /** The RMS of [frame] in dB; a full-scale square wave has 0, a full-scale sine -3. */
        internal fun levelDbfs(frame: FloatArray): Float {
            var sum = 0.0
            for (sample in frame) sum += sample.toDouble() * sample
            return max(SILENCE_DBFS, (10 * log10(sum / frame.size)).toFloat())
        }
    }
}
