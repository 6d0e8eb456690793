package app.undertone.model.summary

import androidx.compose.runtime.Immutable
import app.undertone.model.Emotion
import app.undertone.model.SessionOutline
import app.undertone.model.SpokenSegment

/** A recording in one sentence. What nobody can be sure of is left out, but for [NotSure]. */
@Immutable
sealed interface Story {
    /** Nobody spoke. */
    data object Silence : Story

    /** Somebody spoke, and no moment was sure. */
    data object NotSure : Story

    /** A single sure moment. */
    data class OneMoment(val emotion: Emotion) : Story

    /** One emotion in all of the speech, in several moments. */
    data class Throughout(val emotion: Emotion) : Story

    /**
     * One emotion for more than [MOSTLY_ABOVE] of the speech, and not for all of it.
     *
     * @param percent of all speech, as charts show it: at most 99.
     * @param ending what the last third sounds like; null where that is [emotion], or not known.
     */
    data class Mostly(val emotion: Emotion, val percent: Int, val ending: Emotion? = null) : Story

    /** No emotion has that much, and yet each third that is sure of one is sure of the same. */
    data class MoreThanOthers(val emotion: Emotion) : Story

    data class TwoParts(val start: Emotion, val end: Emotion) : Story

    data class ThreeParts(val start: Emotion, val middle: Emotion, val end: Emotion) : Story

    companion object {
        const val MOSTLY_ABOVE = 0.6
    }
}

/**
 * The story of a recording of [lengthMs] with these segments in order of time: the emotion with most time in each third of the recording,
 * equal neighbours merged; [Story.Throughout] and [Story.Mostly] come before that. Pauses in speech belong to no third.
 */
internal fun List<SpokenSegment>.story(lengthMs: Long): Story = outline(lengthMs).story

/** The story that [SpokenSegment]s with this outline tell. */
internal val SessionOutline.story: Story
    get() {
        if (segmentCount == 0) return Story.Silence
        if (sureCount == 0) return Story.NotSure
        val most = Emotion.entries.maxBy { timesMs[it.ordinal] }
        if (sureCount == 1) return Story.OneMoment(most)
        val speechMs = timesMs.sum()
        if (timesMs[most.ordinal] == speechMs) return Story.Throughout(most)
        val share = timesMs[most.ordinal].toDouble() / speechMs
        if (share > Story.MOSTLY_ABOVE) return Story.Mostly(most, percent(share), ending = thirds.last().takeUnless { it == most })
        val parts = thirds.filterNotNull().fold(emptyList<Emotion>()) { parts, next -> if (parts.lastOrNull() == next) parts else parts + next }
        return when (parts.size) {
            1 -> Story.MoreThanOthers(parts.single())
            2 -> Story.TwoParts(parts[0], parts[1])
            else -> Story.ThreeParts(parts[0], parts[1], parts[2])
        }
    }

/** What is stored of these segments, in order of time, beside a recording of [lengthMs]. */
internal fun List<SpokenSegment>.outline(lengthMs: Long): SessionOutline {
    val timesMs = LongArray(outcomes.size)
    for (segment in this) timesMs[outcomes.indexOf(segment.recognised)] += segment.durationMs
    val sure = filter { it.recognised != null }
    val endMs = maxOf(1, lengthMs, lastOrNull()?.endMs ?: 0)
    return SessionOutline(
        timesMs = timesMs.asList(),
        segmentCount = size,
        sureCount = sure.size,
        thirds = (0 until THIRDS).map { third -> sure.longestEmotion(endMs * third / THIRDS, endMs * (third + 1) / THIRDS) },
        columns = ribbonColumns(this, RibbonWindow(0, endMs), SessionOutline.COLUMNS),
    )
}

/** A share in 0..1, as it is shown everywhere: below a whole, never 100 %. */
internal fun percent(share: Double): Int = if (share < 1.0) Math.round(share * 100).toInt().coerceAtMost(99) else 100

/** The emotion with most time between [fromMs] and [toMs]; of two with as much, the one that came first. */
private fun List<SpokenSegment>.longestEmotion(fromMs: Long, toMs: Long): Emotion? {
    val timesMs = LinkedHashMap<Emotion, Long>()
    for (segment in this) {
        val insideMs = minOf(segment.endMs, toMs) - maxOf(segment.startMs, fromMs)
        if (insideMs > 0) timesMs.merge(segment.recognised!!, insideMs, Long::plus)
    }
    return timesMs.entries.maxByOrNull { it.value }?.key
}

private const val THIRDS = 3
