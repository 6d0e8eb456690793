package app.undertone.history.export

import app.undertone.model.Emotion
import app.undertone.model.Mark
import app.undertone.model.Session
import app.undertone.model.SpokenSegment
import java.time.ZoneId

/**
 * One row for each segment and each mark, in order of time, after a row of names; quoted as in RFC 4180, with points in numbers whatever
 * the phone's language. The label of a mark is "mark"; it has no length, and nothing of what a model says.
 *
 * What the user typed cannot act as a formula in a spreadsheet: where it begins like one, an apostrophe stands before it
 * (OWASP, CSV Injection).
 */
internal class SessionCsv(private val out: Appendable, private val here: ZoneId) : SessionWriter {
    override fun begin() = row(
        listOf("session", "title", "tags", "source", "session_start", "start", "end", "start_s", "end_s", "label", "is_uncertain", "corrected_to") +
            Emotion.labels,
    )

    override fun session(session: Session, segments: List<SpokenSegment>, marks: List<Mark>) {
        val zone = session.zone(here)
        val fixed = listOf(
            session.id,
            typed(session.title.orEmpty()),
            typed(session.tags.joinToString(", ")),
            session.source.label,
            isoTime(session.startedAtMs, zone),
        )
        val rows = segments.map { it.startMs to { cells(session, it, zone) } } + marks.map { it.positionMs to { cells(it, zone) } }
        for ((_, cells) in rows.sortedBy { (startMs, _) -> startMs }) row(fixed + cells())
    }

    private fun cells(session: Session, segment: SpokenSegment, zone: ZoneId): List<Any> = listOf(
        isoTime(segment.startedAtMs(session.startedAtMs), zone),
        isoTime(segment.endedAtMs(session.startedAtMs), zone),
        seconds(segment.startMs),
        seconds(segment.endMs),
        segment.emotion.label,
        segment.isUncertain,
        segment.correctedTo?.label.orEmpty(),
    ) + segment.probabilities

    private fun cells(mark: Mark, zone: ZoneId): List<Any> {
        val time = isoTime(mark.markedAtMs, zone)
        val place = seconds(mark.positionMs)
        return listOf(time, time, place, place, MARK, "", "") + Emotion.entries.map { "" }
    }

    override fun end() = Unit

    private fun row(cells: List<Any>) {
        cells.joinTo(out, ",", postfix = "\r\n") { quoted("$it") }
    }

    private fun quoted(cell: String) = if (cell.any { it in ",\"\r\n" }) "\"${cell.replace("\"", "\"\"")}\"" else cell

    private fun typed(cell: String) = if (cell.firstOrNull() in FORMULA_STARTS) "'$cell" else cell

    private companion object {
        const val MARK = "mark"
        val FORMULA_STARTS = setOf('=', '+', '-', '@', '\t', '\r')
    }
}
