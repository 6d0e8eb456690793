package app.undertone.model.summary

import androidx.compose.runtime.Immutable
import app.undertone.model.Emotion
import app.undertone.model.SessionSummary
import app.undertone.model.SpokenSegment

/**
 * How long an emotion was heard in a session.
 *
 * @param emotion null: not sure.
 * @param share of all speech, in 0..1; 0 where there was none.
 */
@Immutable
data class EmotionTime(val emotion: Emotion?, val timeMs: Long, val share: Double)

/** What a voice can be said to sound like, in the order of the charts. */
internal val outcomes: List<Emotion?> = Emotion.entries + null

/** One for each of [outcomes], in that order. */
internal fun SessionSummary.emotionTimes(): List<EmotionTime> = withShares(sharesMs + uncertainMs)

/** One for each of [outcomes], in that order. */
internal fun List<SpokenSegment>.emotionTimes(): List<EmotionTime> {
    val timesMs = LongArray(outcomes.size)
    for (segment in this) timesMs[outcomes.indexOf(segment.recognised)] += segment.durationMs
    return withShares(timesMs.asList())
}

private fun withShares(timesMs: List<Long>): List<EmotionTime> {
    val speechMs = timesMs.sum()
    return outcomes.zip(timesMs) { emotion, timeMs -> EmotionTime(emotion, timeMs, if (speechMs == 0L) 0.0 else timeMs.toDouble() / speechMs) }
}
