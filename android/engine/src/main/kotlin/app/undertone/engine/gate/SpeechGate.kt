package app.undertone.engine.gate

import app.undertone.engine.SpeechSpan
import app.undertone.engine.SpeechSpans

/**
 * A stretch of speech that the gate cut out; the positions count samples from the start of the stream.
 *
 * @property startSample the position of the first sample, pre-roll included.
 * @property endSample the position after the last sample.
 * @property pcm the samples, mono in [-1, 1).
 * @property speech when in it somebody spoke: in order and apart, neither pre-roll nor long pauses.
 */
internal class SpeechSegment(
    val startSample: Long,
    val endSample: Long,
    val pcm: FloatArray,
    val speech: List<SpeechSpan>,
)

/**
 * Cuts a stream into segments of speech, given the probability of speech in each frame. Not thread-safe.
 *
 * A frame at or above [GateParameters.enterProbability] opens the gate, and the segment starts a pre-roll before it, but
 * never inside the segment before. While the gate is open, frames at or above [GateParameters.leaveProbability] are
 * speech. When the others have lasted for the hangover, the gate closes and the segment ends with its last frame of speech.
 * Whoever speaks pauses for a frame now and then: a gate that is open for a longest segment without one [isStuck].
 *
 * @param onSegment is called within [accept] and [finish], in the order of the stream; segments never overlap.
 */
internal class SpeechGate(
    private val parameters: GateParameters,
    sampleRateHz: Int,
    private val onSegment: (SpeechSegment) -> Unit,
) {
    private val preRollSamples = parameters.samples(parameters.preRollMs, sampleRateHz)
    private val hangoverSamples = parameters.samples(parameters.hangoverMs, sampleRateHz)
    private val shortestSpeechSamples = parameters.samples(parameters.shortestSpeechMs, sampleRateHz)
    private val longestSegmentSamples = parameters.samples(parameters.longestSegmentMs, sampleRateHz)

    // An open segment may have a hangover of silence behind it, and then one more frame.
    private val history = SampleHistory(longestSegmentSamples + hangoverSamples + 2 * parameters.frameSamples)

    /** Whether a segment is going on. */
    var isOpen: Boolean = false
        private set

    /**
     * Whether no frame fell silent for a whole longest segment, as in music: until one reaches
     * [GateParameters.enterProbability] again, lower ones are silence, so that the gate can close.
     */
    var isStuck: Boolean = false
        private set

    /** How much has been said in the open segment, from the frame that opened it to the last frame of speech, in samples. */
    val openSpeechSamples: Long
        get() = if (isOpen) speechEnd - speechStart else 0

    private val spans = SpeechSpans(
        pauseSamples = parameters.samples(BRIDGED_PAUSE_MS, sampleRateHz),
        leadSamples = parameters.samples(SPAN_LEAD_MS, sampleRateHz),
        trailSamples = parameters.samples(SPAN_TRAIL_MS, sampleRateHz),
    )
    private var hasPaused = false // since the segment's start
    private var segmentStart = 0L // with the pre-roll
    private var speechStart = 0L // without it
    private var speechEnd = 0L
    private var previousSegmentEnd = 0L
    private var streamStart = 0L

    init {
        parameters.requireRoomToSplit(sampleRateHz)
    }

    /** Takes the next frame of the stream, whose speech probability is [speechProbability]. */
    fun accept(frame: FloatArray, speechProbability: Float) {
        require(frame.size == parameters.frameSamples) {
            "a frame has ${parameters.frameSamples} samples, not ${frame.size}"
        }
        val frameStart = history.end
        append(frame, frame.size)
        val isCertain = speechProbability >= parameters.enterProbability
        val isSpeech = isOpen && speechProbability >= if (isStuck) parameters.enterProbability else parameters.leaveProbability
        if (isCertain) isStuck = false
        if (!isSpeech) hasPaused = true
        when {
            isSpeech -> extendSpeech()
            isOpen && history.end - speechEnd >= hangoverSamples -> close(segmentEnd = speechEnd)
            !isOpen && isCertain -> open(frameStart)
        }
    }

    /**
     * Ends the stream, or what there was before a gap in it, with the first [length] samples of [tail], too few for a frame. If the
     * last frame was speech, the tail belongs to its segment. The next stream starts at [nextStart].
     */
    fun finish(tail: FloatArray = FloatArray(0), length: Int = tail.size, nextStart: Long = 0) {
        require(length < parameters.frameSamples) { "$length samples are a frame or more" }
        if (isOpen) {
            val endsInSpeech = speechEnd == history.end
            append(tail, length)
            close(segmentEnd = if (endsInSpeech) history.end else speechEnd)
        }
        reset(nextStart)
    }

    /** Drops what is open and starts a new stream, or goes on at the position [at] after a gap in one. */
    fun reset(at: Long = 0) {
        history.clear(at)
        isOpen = false
        isStuck = false
        streamStart = at
        previousSegmentEnd = at
    }

    /** The open segment up to its last frame of speech, or no more than the last [longestSamples] of that; null while closed. */
    fun openSegment(longestSamples: Long): SpeechSegment? {
        if (!isOpen) return null
        val start = maxOf(segmentStart, speechEnd - longestSamples)
        return SpeechSegment(start, speechEnd, history.copy(start, speechEnd), spans.within(start, speechEnd))
    }

    /** Copies the frame that began [framesAgo] frames before the end of what was heard; returns false where there is none. */
    internal fun copyFrame(framesAgo: Int, target: FloatArray): Boolean {
        val start = history.end - framesAgo.toLong() * parameters.frameSamples
        return (start >= streamStart && history.holds(start)).also { if (it) history.copyInto(target, start) }
    }

    private fun append(samples: FloatArray, length: Int) {
        val needed = if (isOpen) segmentStart else history.end - preRollSamples
        history.append(samples, length, keepFrom = needed)
    }

    private fun open(frameStart: Long) {
        isOpen = true
        hasPaused = false
        spans.clear()
        segmentStart = maxOf(frameStart - preRollSamples, previousSegmentEnd)
        speechStart = frameStart
        extendSpeech()
    }

    private fun extendSpeech() {
        speechEnd = history.end
        spans.add(speechEnd - parameters.frameSamples, speechEnd)
        splitWhileLongerThanLongest(speechEnd)
    }

    private fun close(segmentEnd: Long) {
        splitWhileLongerThanLongest(segmentEnd)
        isOpen = false
        if (speechEnd - speechStart >= shortestSpeechSamples) emit(segmentEnd)
    }

    /** Cuts at the quietest point of the last third; what follows is the next segment, and is speech from its start. */
    private fun splitWhileLongerThanLongest(end: Long) {
        while (end - segmentStart > longestSegmentSamples) {
            val cut = quietestPoint(
                from = segmentStart + longestSegmentSamples * 2L / 3,
                until = segmentStart + longestSegmentSamples,
            )
            emit(cut)
            segmentStart = cut
            spans.forgetBefore(cut)
            speechStart = cut
            isStuck = !hasPaused
            hasPaused = false
        }
    }

    /** The middle of the frame with the lowest RMS, of those wholly within the range; the first of equals. */
    private fun quietestPoint(from: Long, until: Long): Long {
        val frameSamples = parameters.frameSamples
        val firstFrame = Math.floorDiv(from + frameSamples - 1, frameSamples.toLong())
        val lastFrame = until / frameSamples - 1
        val quietest = (firstFrame..lastFrame).minBy { history.energy(it * frameSamples, frameSamples) }
        return quietest * frameSamples + frameSamples / 2
    }

    private fun emit(segmentEnd: Long) {
        previousSegmentEnd = segmentEnd
        onSegment(SpeechSegment(segmentStart, segmentEnd, history.copy(segmentStart, segmentEnd), spans.within(segmentStart, segmentEnd)))
    }

    private companion object {
        /** Turns of meetings, as people mark them, go on over pauses of this length. */
        const val BRIDGED_PAUSE_MS = 320

        // The speech network is sure of a voice later than it begins, and for a shorter time than it dies away.
        const val SPAN_LEAD_MS = 160
        const val SPAN_TRAIL_MS = 96
    }
}
