package app.undertone.engine

/**
 * A stretch of a segment in which somebody spoke; positions as in [EmotionEvent].
 *
 * @property startSample the position of the first sample.
 * @property endSample the position after the last sample.
 */
public data class SpeechSpan(public val startSample: Long, public val endSample: Long)

/**
 * Collects the frames of speech of an open segment into spans: a pause up to [pauseSamples] is part of one, as listeners have it, and a
 * span starts [leadSamples] before its first frame and ends [trailSamples] after its last, for faint sounds at both ends.
 */
internal class SpeechSpans(private val pauseSamples: Int, private val leadSamples: Int, private val trailSamples: Int) {
    private val spans = ArrayDeque<SpeechSpan>()

    /** Adds a frame of speech, or what is there of one; positions only grow. */
    fun add(startSample: Long, endSample: Long) {
        val last = spans.lastOrNull()
        if (last != null && startSample - last.endSample <= pauseSamples) {
            spans[spans.lastIndex] = last.copy(endSample = endSample)
        } else {
            spans += SpeechSpan(startSample, endSample)
        }
    }

    /** The spans, widened, as far as they lie between the positions [from] and [until]: in order, apart, none empty. */
    fun within(from: Long, until: Long): List<SpeechSpan> = spans.mapNotNull { span ->
        SpeechSpan(maxOf(span.startSample - leadSamples, from), minOf(span.endSample + trailSamples, until))
            .takeIf { it.startSample < it.endSample }
    }

    /** Forgets what lies before [position]. */
    fun forgetBefore(position: Long) {
        while (spans.isNotEmpty() && spans.first().endSample <= position) spans.removeFirst()
    }

    fun clear() = spans.clear()
}
