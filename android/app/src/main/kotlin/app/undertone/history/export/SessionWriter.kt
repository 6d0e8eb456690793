package app.undertone.history.export

import app.undertone.model.Mark
import app.undertone.model.Session
import app.undertone.model.SessionSource
import app.undertone.model.SpokenSegment
import java.math.BigDecimal
import java.time.Instant
import java.time.ZoneId
import java.time.format.DateTimeFormatter
import java.util.Locale

/** Writes sessions one after the other. Holds no more than one row at a time; not thread-safe. */
internal interface SessionWriter {
    /** Once, before the first session. */
    fun begin()

    /** @param segments in order of time, as are [marks]. */
    fun session(session: Session, segments: List<SpokenSegment>, marks: List<Mark> = emptyList())

    /** Once, after the last session. */
    fun end()
}

/** ISO 8601 with milliseconds and the offset that [zone] had then, whatever the phone's language. */
internal fun isoTime(atMs: Long, zone: ZoneId): String = ISO_TIME.format(Instant.ofEpochMilli(atMs).atZone(zone))

/** Exact, never in scientific notation. */
internal fun seconds(timeMs: Long): BigDecimal = BigDecimal.valueOf(timeMs, 3)

internal val SessionSource.label: String
    get() = when (this) {
        SessionSource.Microphone -> "microphone"
        SessionSource.File -> "file"
    }

private val ISO_TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSxxx", Locale.ROOT)
