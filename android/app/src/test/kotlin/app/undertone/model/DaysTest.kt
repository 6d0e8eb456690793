package app.undertone.model

import app.undertone.history.HistorySamples
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.advanceTimeBy
import kotlinx.coroutines.test.runTest
import org.junit.After
import org.junit.Test
import java.time.Clock
import java.time.Instant
import java.time.LocalDate
import java.time.ZoneId
import java.time.ZoneOffset
import java.util.TimeZone
import kotlin.test.assertEquals

@OptIn(ExperimentalCoroutinesApi::class)
class DaysTest {
    private val zoneOfThisMachine = TimeZone.getDefault()

    @After
    fun goHome() = TimeZone.setDefault(zoneOfThisMachine)

    @Test
    fun `today moves at midnight, and with the zone, and else says nothing`() = runTest {
        val startMs = Instant.parse("2026-11-24T22:58:30Z").toEpochMilli()
        var zone: ZoneId = ZoneId.of("Europe/Berlin")
        val clock = object : Clock() {
            override fun getZone() = zone

            override fun withZone(zone: ZoneId) = this

            override fun instant(): Instant = Instant.ofEpochMilli(startMs + testScheduler.currentTime)
        }
        val days = mutableListOf<Today>()
        val collecting = launch { clock.days().toList(days) }
        advanceTimeBy(80_000)
        assertEquals(listOf(LocalDate.of(2026, 11, 24)), days.map { it.date })
        advanceTimeBy(60_000)
        assertEquals(LocalDate.of(2026, 11, 25), days.last().date)
        zone = ZoneId.of("America/New_York")
        advanceTimeBy(60_000)
        assertEquals(listOf(24, 25, 24), days.map { it.date.dayOfMonth })
        collecting.cancel()
    }

    @Test
    fun `the phone's clock is in the zone where the phone is now`() {
        for (zone in listOf("Asia/Tokyo", "America/New_York")) {
            TimeZone.setDefault(TimeZone.getTimeZone(zone))
            assertEquals(ZoneId.of(zone), PhoneClock.zone)
        }
    }

    @Test
    fun `a recording keeps the day of the place where it was made`() {
        val atMs = Instant.parse("2026-11-24T20:00:00Z").toEpochMilli()
        val session = HistorySamples.session(Instant.ofEpochMilli(atMs))
        val berlin = ZoneId.of("Europe/Berlin")
        assertEquals(LocalDate.of(2026, 11, 24), session.startedOn(berlin))
        assertEquals(LocalDate.of(2026, 11, 25), session.copy(zoneOffset = ZoneOffset.ofHours(9)).startedOn(berlin))
        TimeZone.setDefault(TimeZone.getTimeZone("Asia/Tokyo"))
        assertEquals(ZoneOffset.ofHours(9), zoneOffsetAt(atMs))
    }
}
