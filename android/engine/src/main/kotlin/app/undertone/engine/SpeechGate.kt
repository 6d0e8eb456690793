package app.undertone.engine

/** A stretch of speech that the gate cut out; the positions count samples from the start of the stream. */
public class SpeechSegment(
    public val startSample: Long,
    /** The position after the last sample. */
    public val endSample: Long,
    public val pcm: FloatArray,
)

/**
 * Cuts a stream into segments of speech, given the probability of speech in each frame. Not thread-safe.
 *
 * A frame at or above [GateParameters.enterProbability] opens the gate, and the segment starts a pre-roll before it, but
 * never inside the segment before. While the gate is open, frames at or above [GateParameters.leaveProbability] are
 * speech. When the others have lasted for the hangover, the gate closes and the segment ends with its last frame of speech.
 *
 * @param onSegment is called within [accept] and [finish], in the order of the stream; segments never overlap.
 */
public class SpeechGate(
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
    public var isOpen: Boolean = false
        private set

    private var segmentStart = 0L // with the pre-roll
    private var speechStart = 0L // without it
    private var speechEnd = 0L
    private var previousSegmentEnd = 0L

    init {
        parameters.requireRoomToSplit(sampleRateHz)
    }

    /** Takes the next frame of the stream, whose speech probability is [speechProbability]. */
    public fun accept(frame: FloatArray, speechProbability: Float) {
        require(frame.size == parameters.frameSamples) {
            "a frame has ${parameters.frameSamples} samples, not ${frame.size}"
        }
        val frameStart = history.end
        append(frame, frame.size)
        when {
            isOpen && speechProbability >= parameters.leaveProbability -> extendSpeech()
            isOpen && history.end - speechEnd >= hangoverSamples -> close(segmentEnd = speechEnd)
            !isOpen && speechProbability >= parameters.enterProbability -> open(frameStart)
        }
    }

    /**
     * Ends the stream with the first [length] samples of [tail], too few for a frame, and starts a new one. If the last
     * frame was speech, the tail belongs to its segment.
     */
    public fun finish(tail: FloatArray = FloatArray(0), length: Int = tail.size) {
        require(length < parameters.frameSamples) { "$length samples are a frame or more" }
        if (isOpen) {
            val endsInSpeech = speechEnd == history.end
            append(tail, length)
            close(segmentEnd = if (endsInSpeech) history.end else speechEnd)
        }
        reset()
    }

    /** Drops what is open and starts a new stream. */
    public fun reset() {
        history.clear()
        isOpen = false
        previousSegmentEnd = 0
    }

    private fun append(samples: FloatArray, length: Int) {
        val needed = if (isOpen) segmentStart else history.end - preRollSamples
        history.append(samples, length, keepFrom = needed)
    }

    private fun open(frameStart: Long) {
        isOpen = true
        segmentStart = maxOf(frameStart - preRollSamples, previousSegmentEnd, 0)
        speechStart = frameStart
        extendSpeech()
    }

    private fun extendSpeech() {
        speechEnd = history.end
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
            speechStart = cut
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
        onSegment(SpeechSegment(segmentStart, segmentEnd, history.copy(segmentStart, segmentEnd)))
    }
}
