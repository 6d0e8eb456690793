package app.undertone.model

import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.flow.flow
import java.time.Clock
import java.time.Instant
import java.time.LocalDate
import java.time.ZoneId
import java.time.ZoneOffset

/** The phone's clock, in the zone where the phone is now: [Clock.systemDefaultZone] stays in the one where it was made. */
internal object PhoneClock : Clock() {
    override fun getZone(): ZoneId = ZoneId.systemDefault()

    override fun withZone(zone: ZoneId): Clock = system(zone)

    override fun instant(): Instant = Instant.now()
}

/** The day that it is, by the clock of the place. */
internal data class Today(val date: LocalDate, val zone: ZoneId)

internal val Clock.today: Today get() = zone.let { Today(instant().atZone(it).toLocalDate(), it) }

/** Now, and again when midnight has passed or the phone is in another zone. Looks once a minute: a phone that sleeps counts no time. */
internal fun Clock.days(): Flow<Today> = flow {
    while (true) {
        emit(today)
        delay(LOOK_EVERY_MS)
    }
}.distinctUntilChanged()

/** Of the zone where the phone is, at [atMs] since the epoch. */
internal fun zoneOffsetAt(atMs: Long): ZoneOffset = ZoneId.systemDefault().rules.getOffset(Instant.ofEpochMilli(atMs))

/** The day on which the recording began, by the clock of its place. */
internal fun Session.startedOn(here: ZoneId): LocalDate = Instant.ofEpochMilli(startedAtMs).atZone(zone(here)).toLocalDate()

private const val LOOK_EVERY_MS = 60_000L
