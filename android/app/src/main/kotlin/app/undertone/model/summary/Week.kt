package app.undertone.model.summary

import androidx.compose.runtime.Immutable
import app.undertone.model.SessionSummary
import app.undertone.model.days
import app.undertone.model.startedOn
import app.undertone.model.today
import java.time.LocalDate
import java.time.ZoneId
import java.time.ZoneOffset

/**
 * A day of the week that ends today.
 *
 * @param timesMs of each of [outcomes] in that order, "not sure" last.
 */
@Immutable
data class DayOfWeek(val date: LocalDate, val timesMs: List<Long>) {
    val speechMs: Long get() = timesMs.sum()
}

/** The seven days until [today], the oldest first; a recording belongs to the day on which it began. */
internal fun List<SessionSummary>.week(today: LocalDate, zone: ZoneId): List<DayOfWeek> {
    val byDay = groupBy { it.session.startedOn(zone) }
    return (DAYS - 1L downTo 0L).map { ago ->
        val date = today.minusDays(ago)
        val timesMs = LongArray(outcomes.size)
        for (summary in byDay[date].orEmpty()) (summary.sharesMs + summary.uncertainMs).forEachIndexed { kind, timeMs -> timesMs[kind] += timeMs }
        DayOfWeek(date, timesMs.asList())
    }
}

/** No recording of the week until [today] began before, whatever the clock of its place says: milliseconds since the epoch. */
internal fun weekStartMs(today: LocalDate): Long = today.minusDays(DAYS - 1).atStartOfDay(ZoneOffset.MAX).toInstant().toEpochMilli()

private const val DAYS = 7L
