package app.undertone.engine

import app.undertone.engine.asset.AssetException
import app.undertone.engine.asset.EmotionAsset
import app.undertone.engine.gate.EnergyGate
import app.undertone.engine.gate.FrameCutter
import app.undertone.engine.gate.NetworkRest
import app.undertone.engine.gate.OffsetEstimate
import app.undertone.engine.gate.RumbleFilter
import app.undertone.engine.gate.SpeechDetector
import app.undertone.engine.gate.SpeechGate
import app.undertone.engine.gate.SpeechSegment
import kotlin.math.abs
import kotlin.math.log10
import kotlin.math.max

/**
 * The whole way from microphone samples to emotions: resampling, noise floor, speech detection, the gate, the classifier and
 * smoothing.
 *
 * Synchronous and not thread-safe: one thread calls it, and the listener is called on that thread before [accept], [skip] and
 * [finish] return. Chunks may have any length, with the same events as a result. Where no result is due it runs hundreds
 * of times faster than real time; for a result it waits for the classifier. A [LiveStream] runs it beside a microphone.
 *
 * @param threads for the classifier.
 * @throws AssetException when a model is not what the engine was written for.
 */
public class EmotionEngine(asset: EmotionAsset, threads: Int = 1) : StreamEngine {
    private val manifest = asset.manifest
    private val sampleRateHz = manifest.sampleRateHz
    private val earlyResultSamples = manifest.live.earlyResultMs.toLong() * sampleRateHz / 1000
    private val earlyWindowSamples = manifest.live.earlyWindowMs.toLong() * sampleRateHz / 1000
    private val earlyStepSamples = manifest.live.earlyStepMs.toLong() * sampleRateHz / 1000
    private val shortestSpeechSamples = manifest.gate.samples(manifest.gate.shortestSpeechMs, sampleRateHz)
    private val detector = SpeechDetector(asset)
    private val classifier = try {
        EmotionClassifier(asset, threads)
    } catch (e: Throwable) {
        detector.close()
        throw e
    }
    private val cutter = FrameCutter(sampleRateHz, manifest.gate.frameSamples, ::processFrame)
    private var streamOptions = StreamOptions()
    private val rumbleFilter = RumbleFilter(sampleRateHz)
    private val offset = OffsetEstimate()
    private var energyGate = EnergyGate(manifest.gate, sampleRateHz)
    private var networkRest = NetworkRest(manifest.gate)
    private val leadInFrames = manifest.gate.frames(manifest.gate.networkLeadInMs, sampleRateHz)
    private val leadIn = FloatArray(manifest.gate.frameSamples)
    private val centred = FloatArray(manifest.gate.frameSamples)
    private var gate = SpeechGate(manifest.gate, sampleRateHz, ::classifySegment)
    private val adaptation = manifest.sessionAdaptation?.let { SessionAdaptation(it, manifest.labels.size) }
    private val smoother = EmotionSmoother(manifest)

    private var stream: Stream? = null
    private var converted = FloatArray(0)
    private var framesSinceNetwork = 0
    private var nextEarlySamples = earlyResultSamples

    private var frames = 0L
    private var networkFrames = 0L
    private var networkRuns = 0L
    private var earlyResults = 0L
    private var lateEarlyResults = 0L
    private var earlySamples = 0L
    private var segmentSamples = 0L
    private var lostSamples = 0L

    /** What happened in the stream that goes on, or in the last one. */
    public val counts: StreamCounts
        get() = StreamCounts(
            frames,
            networkFrames,
            networkRuns,
            earlyResults,
            lateEarlyResults,
            lostSamples,
            earlySamples,
            segmentSamples,
        )

    /** How streams are heard from the next [start] on; the one that goes on is not changed. */
    public var options: StreamOptions = streamOptions

    override fun start(inputRateHz: Int, startedAtMs: Long, listener: EngineListener, isLate: () -> Boolean) {
        reset()
        if (options.sensitivity != streamOptions.sensitivity) {
            val parameters = options.sensitivity.applyTo(manifest.gate)
            energyGate = EnergyGate(parameters, sampleRateHz)
            networkRest = NetworkRest(parameters)
            gate = SpeechGate(parameters, sampleRateHz, ::classifySegment)
        }
        streamOptions = options
        cutter.start(inputRateHz)
        frames = 0
        networkFrames = 0
        networkRuns = 0
        earlyResults = 0
        lateEarlyResults = 0
        earlySamples = 0
        segmentSamples = 0
        lostSamples = 0
        stream = Stream(startedAtMs, listener, isLate)
    }

    /** @throws IllegalStateException when no stream was started. */
    override fun accept(pcm: ShortArray, length: Int) {
        requireStream()
        if (converted.size < length) converted = FloatArray(length)
        for (i in 0 until length) converted[i] = pcm[i] / FULL_SCALE
        cutter.accept(converted, length)
    }

    /**
     * Hears the first [length] samples of [pcm], mono in [-1, 1).
     *
     * @throws AudioException when one of them is NaN or far beyond full scale; none of the chunk is heard then.
     * @throws IllegalStateException when no stream was started.
     */
    public fun accept(pcm: FloatArray, length: Int = pcm.size) {
        requireStream()
        for (i in 0 until length) {
            if (!(abs(pcm[i]) <= LOUDEST)) {
                throw AudioException(AudioProblem.Damaged, "damaged: sample $i of the chunk is ${pcm[i]}", i.toLong())
            }
        }
        cutter.accept(pcm, length)
    }

    override fun skip(lostSamples: Long) {
        val stream = requireStream()
        require(lostSamples > 0) { "a gap has samples, not $lostSamples" }
        cutter.flush()
        val gapStart = cutter.frameStart + cutter.length
        val tailSamples = cutter.length
        cutter.skip(lostSamples)
        gate.finish(cutter.frame, tailSamples, nextStart = cutter.frameStart)
        forgetFrames()
        this.lostSamples += cutter.frameStart - gapStart
        stream.listener.onEvent(EmotionEvent.Gap(gapStart, cutter.frameStart, timeMs(gapStart)))
    }

    /** @throws IllegalStateException when no stream was started. */
    override fun finish() {
        requireStream()
        cutter.flush()
        gate.finish(cutter.frame, cutter.length)
        reset()
    }

    override fun reset() {
        stream = null
        forgetFrames()
        energyGate.reset()
        gate.reset()
        adaptation?.reset()
        smoother.reset()
    }

    /** Frees the memory of both networks; the engine takes nothing from then on. */
    override fun close() {
        detector.close()
        classifier.close()
    }

    private fun requireStream() = checkNotNull(stream) { "no stream was started" }

    private fun timeMs(sample: Long) = requireStream().startedAtMs + sample * 1000 / sampleRateHz

    private fun processFrame(frame: FloatArray) {
        val power = rumbleFilter.meanSquare(frame)
        offset.accept(frame)
        val reachesNetwork = energyGate.accept(power)
        val speechProbability = if (reachesNetwork) detect(frame, power) else 0f
        framesSinceNetwork = if (reachesNetwork) 0 else framesSinceNetwork + 1
        frames++
        val wasStuck = gate.isStuck
        gate.accept(frame, speechProbability)
        if (gate.isStuck && !wasStuck) forgetSpeech()
        requireStream().listener.onFrame(cutter.frameStart, levelDbfs(power), speechProbability, reachesNetwork, gate.isOpen)
        when {
            !gate.isOpen -> nextEarlySamples = earlyResultSamples
            streamOptions.givesEarlyResults && gate.openSpeechSamples >= nextEarlySamples -> classifyEarly()
        }
    }

    /** The next frame follows none. */
    private fun forgetFrames() {
        forgetSpeech()
        rumbleFilter.reset()
        offset.reset()
        framesSinceNetwork = 0
        nextEarlySamples = earlyResultSamples
    }

    private fun forgetSpeech() {
        detector.reset()
        networkRest.reset()
    }

    private fun detect(frame: FloatArray, power: Double): Float {
        networkFrames++
        if (framesSinceNetwork > 0) networkRest.reset()
        if (networkRest.accept(power, isWellInside = gate.openSpeechSamples >= shortestSpeechSamples)) {
            detector.skip(frame.centred())
            return networkRest.probability
        }
        for (framesAgo in minOf(framesSinceNetwork, leadInFrames) downTo 1) {
            if (!gate.copyFrame(framesAgo, leadIn)) continue
            detector.probability(leadIn.centred())
            networkRuns++
        }
        networkRuns++
        return detector.probability(frame.centred()).also { networkRest.onRun(it, power) }
    }

    /** The speech network misses faint voices on an offset that is louder than they are; the emotion model takes it out by itself. */
    private fun FloatArray.centred(): FloatArray {
        val offset = offset.value
        for (i in indices) centred[i] = this[i] - offset
        return centred
    }

    private fun classifyEarly() {
        val longestSamples = if (nextEarlySamples <= earlyWindowSamples) Long.MAX_VALUE else earlyWindowSamples
        nextEarlySamples += if (nextEarlySamples + earlyResultSamples <= earlyWindowSamples) earlyResultSamples else earlyStepSamples
        val stream = requireStream()
        if (stream.isLate()) {
            lateEarlyResults++
            return
        }
        val segment = gate.openSegment(longestSamples) ?: return
        val estimate = try {
            estimate(segment, isFinal = false)
        } catch (_: AudioException) {
            return // whatever is wrong with the segment, its end will tell
        }
        earlyResults++
        earlySamples += segment.pcm.size
        val smoothed = smoother.accept(estimate, gate.openSpeechSamples, segment.endSample, isFinal = false)
        stream.listener.onEvent(
            EmotionEvent.Early(segment.startSample, segment.endSample, timeMs(segment.startSample), estimate, smoothed),
        )
    }

    private fun classifySegment(segment: SpeechSegment) {
        nextEarlySamples = earlyResultSamples
        val startTimeMs = timeMs(segment.startSample)
        val event = try {
            val estimate = estimate(segment, isFinal = true)
            segmentSamples += segment.pcm.size
            val smoothed = smoother.accept(estimate, segment.pcm.size.toLong(), segment.endSample, isFinal = true)
            EmotionEvent.Segment(segment.startSample, segment.endSample, startTimeMs, estimate, smoothed, segment.speech)
        } catch (e: AudioException) {
            EmotionEvent.Skipped(segment.startSample, segment.endSample, startTimeMs, e.problem, e.reason, segment.speech)
        }
        requireStream().listener.onEvent(event)
    }

    /** Only segments that ended are evidence: early results are of the same speech, and of a part of it. */
    private fun estimate(segment: SpeechSegment, isFinal: Boolean): EmotionEstimate {
        val estimate = classifier.classify(segment.pcm)
        val adaptation = adaptation?.takeIf { streamOptions.adaptsToSession } ?: return estimate
        val adapted = adaptation.adapted(estimate.logits)
        if (isFinal) adaptation.accept(estimate.logits)
        return manifest.estimateOf(estimate.logits, estimate.arousalValence, adapted)
    }

    private class Stream(val startedAtMs: Long, val listener: EngineListener, val isLate: () -> Boolean)

    /** The units of positions and frames. */
    public companion object {
        /** Samples a second of all positions in events, whatever the rate of the samples that come in. */
        public const val SAMPLE_RATE_HZ: Int = 16_000

        /** Samples at [SAMPLE_RATE_HZ] in a frame of [EngineListener.onFrame]: 32 ms. */
        public const val FRAME_SAMPLES: Int = 512

        /** The level of a frame without any sound, in dB of full scale: below what 16 bits can hold. */
        public const val SILENCE_DBFS: Float = -100f

        private const val FULL_SCALE = 32768f

        /** 24 dB above full scale: float recordings may be too loud, but beyond this the models give no numbers. */
        private const val LOUDEST = 16f

        /** The RMS in dB of a frame with this mean square; a full-scale square wave has 0, a full-scale sine -3. */
        internal fun levelDbfs(meanSquare: Double): Float = max(SILENCE_DBFS, (10 * log10(meanSquare)).toFloat())
    }
}
