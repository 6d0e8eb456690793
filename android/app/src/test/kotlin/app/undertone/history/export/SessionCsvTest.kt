package app.undertone.history.export

import app.undertone.history.HistorySamples
import app.undertone.history.HistorySamples.segment
import app.undertone.model.Emotion
import app.undertone.model.Mark
import app.undertone.model.Session
import app.undertone.model.SpokenSegment
import org.junit.After
import org.junit.Test
import java.time.ZoneOffset
import java.util.Locale
import kotlin.random.Random
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertTrue

class SessionCsvTest {
    private val locale = Locale.getDefault()

    @After
    fun restoreLocale() = Locale.setDefault(locale)

    private fun csv(vararg sessions: Pair<Session, List<SpokenSegment>>): String = buildString {
        val writer = SessionCsv(this, HistorySamples.zone)
        writer.begin()
        for ((session, segments) in sessions) writer.session(session, segments)
        writer.end()
    }

    private fun titled(title: String?, tags: List<String> = emptyList()) = HistorySamples.session(title = title, tags = tags).copy(id = 7)

    @Test
    fun `a segment is a row, with times that say their offset`() {
        val segment = segment(1_250, 2_400, Emotion.Angry, correctedTo = Emotion.Sad).copy(probabilities = listOf(0.7, 0.2, 0.09, 0.01))
        assertEquals(
            "session,title,tags,source,session_start,start,end,start_s,end_s,label,is_uncertain,corrected_to,angry,happy,neutral,sad\r\n" +
                "7,Call,\"work, long\",microphone,2026-11-24T14:03:00.000+01:00,2026-11-24T14:03:01.250+01:00,2026-11-24T14:03:03.650+01:00," +
                "1.250,3.650,angry,false,sad,0.7,0.2,0.09,0.01\r\n",
            csv(titled("Call", listOf("work", "long")) to listOf(segment)),
        )
    }

    @Test
    fun `a mark is a row among the segments, with its place and its time, and nothing of what a model says`() {
        val session = titled("Call").copy(zoneOffset = ZoneOffset.ofHours(9))
        val csv = buildString {
            val segments = listOf(segment(1_250, 2_400, Emotion.Sad), segment(9_000, 500, Emotion.Sad))
            SessionCsv(this, HistorySamples.zone).session(session, segments, listOf(Mark(3, positionMs = 2_000, session.startedAtMs + 62_000)))
        }
        val rows = parsed(csv)
        assertEquals(listOf("sad", "mark", "sad"), rows.map { it[9] })
        val time = "2026-11-24T22:04:02.000+09:00"
        val fixed = listOf("7", "Call", "", "microphone", "2026-11-24T22:03:00.000+09:00")
        assertEquals(fixed + listOf(time, time, "2.000", "2.000", "mark") + List(6) { "" }, rows[1])
        assertTrue(rows.all { it.size == rows[0].size })
    }

    @Test
    fun `a recording that knows the offset of its place has its times by the clock of that place`() {
        val row = parsed(csv(titled("Call").copy(zoneOffset = ZoneOffset.ofHours(9)) to listOf(segment(1_250, 2_400, Emotion.Sad))))[1]
        assertEquals(listOf("2026-11-24T22:03:00.000+09:00", "2026-11-24T22:03:01.250+09:00", "2026-11-24T22:03:03.650+09:00"), row.slice(4..6))
    }

    @Test
    fun `a pause moves the time of day, not the place in the audio`() {
        val row = parsed(csv(titled("Call") to listOf(segment(1_250, 2_400, Emotion.Sad).copy(pausedMs = 60_000))))[1]
        assertEquals(listOf("2026-11-24T14:04:01.250+01:00", "2026-11-24T14:04:03.650+01:00", "1.250", "3.650"), row.slice(5..8))
    }

    @Test
    fun `the offset is that of the season, and of each segment where the clocks change`() {
        val beforeTheChange = HistorySamples.session(startedAt = HistorySamples.at(2026, 10, 25, 1, 30))
        val row = parsed(csv(beforeTheChange to listOf(segment(7_200_000, 1_000, Emotion.Sad))))[1]
        assertEquals("2026-10-25T01:30:00.000+02:00", row[4])
        assertEquals("2026-10-25T02:30:00.000+01:00", row[5])
    }

    @Test
    fun `whatever a title and tags hold is read back as it was`() {
        val random = Random(3)
        val hostile = listOf("\"", ",", "\n", "\r", "\r\n", ";", "\t", " ", "'", "=", "a") +
            listOf("مرحبا", "שלום", "\u200f", "🙂", "👩‍👩‍👧", "é", "\u0000", "0")
        repeat(500) {
            val title = "x" + List(random.nextInt(12)) { hostile.random(random) }.joinToString("")
            val tags = List(random.nextInt(3)) { "y" + hostile.random(random) + hostile.random(random) }
            val rows = parsed(csv(titled(title, tags) to listOf(segment(0, 500, Emotion.Happy), segment(900, 500, Emotion.Sad))))
            assertEquals(3, rows.size, "rows for ${title.map { it.code }}")
            assertTrue(rows.all { it.size == rows[0].size })
            assertEquals(title, rows[1][1])
            assertEquals(tags.joinToString(", "), rows[2][2])
        }
    }

    @Test
    fun `what the user typed never begins like a formula`() {
        val random = Random(4)
        for (start in listOf("=", "+", "-", "@", "\t", "\r")) {
            repeat(20) {
                val typed = start + List(random.nextInt(6)) { listOf("SUM(A1)", "\"", ",", "\n", "!", "|cmd", "1").random(random) }.joinToString("")
                val row = parsed(csv(titled(typed, listOf(typed)) to listOf(segment(0, 500, Emotion.Happy))))[1]
                assertEquals("'$typed", row[1])
                assertEquals("'$typed", row[2])
            }
        }
        assertEquals("a=1", parsed(csv(titled("a=1") to listOf(segment(0, 500, Emotion.Happy))))[1][1])
    }

    @Test
    fun `numbers and times are the same in every language`() {
        val session = titled(null) to HistorySamples.conversation
        Locale.setDefault(Locale.ROOT)
        val expected = csv(session)
        for (tag in listOf("de-DE", "ar-EG-u-nu-arab", "fa-IR", "th-TH-u-ca-buddhist-nu-thai", "ja-JP-u-ca-japanese")) {
            Locale.setDefault(Locale.forLanguageTag(tag))
            assertEquals(expected, csv(session), tag)
        }
        assertFalse(expected.any { it.code > 127 })
    }

    @Test
    fun `a length of days has no exponent`() {
        assertEquals("86400000.000", parsed(csv(titled(null) to listOf(segment(86_400_000_000, 500, Emotion.Sad))))[1][7])
    }

    /** RFC 4180, section 2. */
    private fun parsed(csv: String): List<List<String>> {
        val rows = mutableListOf<List<String>>()
        var row = mutableListOf<String>()
        var at = 0
        while (at < csv.length) {
            val cell = StringBuilder()
            if (csv[at] == '"') {
                at++
                while (true) {
                    val quote = csv.indexOf('"', at)
                    check(quote >= 0) { "a cell without its end" }
                    cell.append(csv, at, quote)
                    at = quote + 1
                    if (at >= csv.length || csv[at] != '"') break
                    cell.append('"')
                    at++
                }
            } else {
                while (csv[at] != ',' && csv[at] != '\r') {
                    check(csv[at] != '"' && csv[at] != '\n') { "a bare quote or line feed" }
                    cell.append(csv[at++])
                }
            }
            row += cell.toString()
            if (csv[at] == ',') {
                at++
            } else {
                check(csv.startsWith("\r\n", at)) { "a row without its end" }
                at += 2
                rows += row
                row = mutableListOf()
            }
        }
        return rows
    }
}
