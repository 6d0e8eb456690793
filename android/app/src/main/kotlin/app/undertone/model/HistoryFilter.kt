package app.undertone.model

import androidx.compose.runtime.Immutable
import java.time.LocalDate
import java.time.ZoneId

/**
 * Which recordings of the history are shown: those that fit all of it.
 *
 * @param query part of a name or tag, whatever its case; blank fits all.
 * @param day on which the recording began; null fits all.
 * @param emotions one of them takes at least [NOTABLE_SHARE] of the speech; none chosen fits all.
 * @param tags the recording has one of them; none chosen fits all.
 */
@Immutable
data class HistoryFilter(
    val query: String = "",
    val day: LocalDate? = null,
    val emotions: Set<Emotion> = emptySet(),
    val tags: Set<String> = emptySet(),
) {
    /** What was chosen before, without days and tags that are not offered any more. */
    fun within(days: List<LocalDate>, offeredTags: List<String>) =
        copy(day = day.takeIf { it in days }, tags = tags.intersect(offeredTags.toSet()))

    companion object {
        /** Enough for a tone to be remembered; a long recording has a moment of every one. */
        const val NOTABLE_SHARE = 0.2
    }
}

internal fun SessionSummary.fits(filter: HistoryFilter, zone: ZoneId): Boolean = session.hasName(filter.query.trim()) &&
    (filter.day == null || session.startedOn(zone) == filter.day) &&
    (filter.emotions.isEmpty() || filter.emotions.any(::isNotable)) &&
    (filter.tags.isEmpty() || session.tags.any { it in filter.tags })

/** At most [count] of the tags that these recordings have, those of most recordings first, then by name. */
internal fun List<List<String>>.mostUsedTags(count: Int): List<String> =
    flatten().groupingBy { it }.eachCount().entries
        .sortedWith(compareByDescending<Map.Entry<String, Int>> { it.value }.thenBy { it.key })
        .take(count).map { it.key }

private fun Session.hasName(query: String) = query.isEmpty() || (tags + listOfNotNull(title)).any { it.contains(query, ignoreCase = true) }

private fun SessionSummary.isNotable(emotion: Emotion): Boolean {
    val speechMs = sharesMs.sum() + uncertainMs
    val timeMs = sharesMs[emotion.ordinal]
    return timeMs > 0 && timeMs >= HistoryFilter.NOTABLE_SHARE * speechMs
}
