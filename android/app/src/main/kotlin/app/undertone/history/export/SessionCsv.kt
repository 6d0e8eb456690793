package app.undertone.history.export

import app.undertone.model.Emotion
import app.undertone.model.Session
import app.undertone.model.SpokenSegment
import java.time.ZoneId

/**
 * One row for each segment, after a row of names; quoted as in RFC 4180, with points in numbers whatever the phone's language.
 *
 * What the user typed cannot act as a formula in a spreadsheet: where it begins like one, an apostrophe stands before it
 * (OWASP, CSV Injection).
 */
internal class SessionCsv(private val out: Appendable, private val here: ZoneId) : SessionWriter {
    override fun begin() = row(
        listOf("session", "title", "tags", "source", "session_start", "start", "end", "start_s", "end_s", "label", "is_uncertain", "corrected_to") +
            Emotion.labels,
    )

    override fun session(session: Session, segments: List<SpokenSegment>) {
        val zone = session.zone(here)
        val fixed = listOf(
            session.id,
            typed(session.title.orEmpty()),
            typed(session.tags.joinToString(", ")),
            session.source.label,
            isoTime(session.startedAtMs, zone),
        )
        for (segment in segments) {
            row(
                fixed +
                    isoTime(segment.startedAtMs(session.startedAtMs), zone) + isoTime(segment.endedAtMs(session.startedAtMs), zone) +
                    seconds(segment.startMs) + seconds(segment.endMs) +
                    segment.emotion.label + segment.isUncertain + segment.correctedTo?.label.orEmpty() + segment.probabilities,
            )
        }
    }

    override fun end() = Unit

    private fun row(cells: List<Any>) {
        cells.joinTo(out, ",", postfix = "\r\n") { quoted("$it") }
    }

    private fun quoted(cell: String) = if (cell.any { it in ",\"\r\n" }) "\"${cell.replace("\"", "\"\"")}\"" else cell

    private fun typed(cell: String) = if (cell.firstOrNull() in FORMULA_STARTS) "'$cell" else cell

    private companion object {
        val FORMULA_STARTS = setOf('=', '+', '-', '@', '\t', '\r')
    }
}
