package app.undertone.model.summary

import app.undertone.history.HistorySamples.at
import app.undertone.history.HistorySamples.session
import app.undertone.history.HistorySamples.zone
import app.undertone.model.SessionSummary
import app.undertone.model.days
import app.undertone.model.today
import org.junit.Test
import java.time.Instant
import java.time.LocalDate
import kotlin.test.assertEquals

class WeekTest {
    private val today = LocalDate.of(2026, 11, 24)

    private fun summary(at: Instant, vararg sharesMs: Long, uncertainMs: Long = 0) =
        SessionSummary(session(at), sharesMs.asList(), uncertainMs)

    @Test
    fun `a week has seven days, the oldest first, also without any recording`() {
        val week = emptyList<SessionSummary>().week(today, zone)
        assertEquals((6L downTo 0L).map(today::minusDays), week.map { it.date })
        assertEquals(List(7) { 0L }, week.map { it.speechMs })
    }

    @Test
    fun `the recordings of a day add up, not sure included`() {
        val morning = summary(at(2026, 11, 24, 8, 0), 1_000, 2_000, 0, 0, uncertainMs = 500)
        val noon = summary(at(2026, 11, 24, 12, 0), 0, 1_000, 4_000, 0)
        assertEquals(listOf(1_000L, 3_000L, 4_000L, 0L, 500L), listOf(noon, morning).week(today, zone).last().timesMs)
    }

    @Test
    fun `a recording belongs to the day on which it began, by the clock of the place`() {
        val week = listOf(
            summary(at(2026, 11, 23, 23, 59), 0, 0, 7, 0),
            summary(at(2026, 11, 24, 0, 0), 0, 0, 0, 9),
            summary(at(2026, 11, 18, 0, 0), 3, 0, 0, 0),
            summary(at(2026, 11, 17, 23, 59), 8, 0, 0, 0),
        ).week(today, zone)
        assertEquals(listOf(3L, 0, 0, 0, 0, 7, 9), week.map { it.speechMs })
    }

    @Test
    fun `the hour that a clock change takes away leaves every day in its place`() {
        val afterChange = LocalDate.of(2026, 3, 30)
        val week = listOf(summary(at(2026, 3, 29, 23, 30), 5, 0, 0, 0)).week(afterChange, zone)
        assertEquals(listOf(0L, 0, 0, 0, 0, 5, 0), week.map { it.speechMs })
    }
}
