package app.undertone.model

import androidx.compose.runtime.Immutable

/**
 * How long an emotion was heard in a session.
 *
 * @param emotion null: not sure.
 * @param share of all speech, in 0..1; 0 where there was none.
 */
@Immutable
data class HeardTime(val emotion: Emotion?, val timeMs: Long, val share: Double)

/** What a voice can be said to sound like, in the order of the charts. */
internal val heardKinds: List<Emotion?> = Emotion.entries + null

/** One for each of [heardKinds], in that order. */
internal fun SessionSummary.heardTimes(): List<HeardTime> = withShares(sharesMs + uncertainMs)

/** One for each of [heardKinds], in that order. */
internal fun List<SpokenSegment>.heardTimes(): List<HeardTime> {
    val timesMs = LongArray(heardKinds.size)
    for (segment in this) timesMs[heardKinds.indexOf(segment.heard)] += segment.durationMs
    return withShares(timesMs.asList())
}

private fun withShares(timesMs: List<Long>): List<HeardTime> {
    val speechMs = timesMs.sum()
    return heardKinds.zip(timesMs) { emotion, timeMs -> HeardTime(emotion, timeMs, if (speechMs == 0L) 0.0 else timeMs.toDouble() / speechMs) }
}
