package app.undertone.history.export

import app.undertone.history.HistorySamples
import app.undertone.history.HistorySamples.segment
import app.undertone.model.Emotion
import app.undertone.model.Mark
import app.undertone.model.Session
import app.undertone.model.SpokenSegment
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import org.junit.Test
import kotlin.random.Random
import kotlin.test.assertEquals

class SessionJsonTest {
    private fun json(vararg sessions: Pair<Session, List<SpokenSegment>>): String = buildString {
        val writer = SessionJson(this, HistorySamples.zone)
        writer.begin()
        for ((session, segments) in sessions) writer.session(session, segments)
        writer.end()
    }

    private fun sessions(json: String): JsonArray = Json.parseToJsonElement(json).jsonObject.getValue("sessions").jsonArray

    private fun JsonObject.text(key: String) = getValue(key).jsonPrimitive.content

    @Test
    fun `no session is an empty list, and so is a session without speech`() {
        assertEquals(JsonArray(emptyList()), sessions(json()))
        assertEquals(JsonArray(emptyList()), sessions(json(HistorySamples.session() to emptyList())).single().jsonObject["segments"])
    }

    @Test
    fun `sessions and segments keep their order and every field`() {
        val first = HistorySamples.session(title = "Call", tags = listOf("work", "long")).copy(id = 7)
        val second = HistorySamples.session().copy(id = 8)
        val written = sessions(json(first to HistorySamples.conversation, second to listOf(segment(1_250, 2_400, Emotion.Angry, isUncertain = true))))
        assertEquals(listOf("7", "8"), written.map { it.jsonObject.text("id") })
        val (call, untitled) = written.map { it.jsonObject }
        assertEquals(listOf("work", "long"), call.getValue("tags").jsonArray.map { it.jsonPrimitive.content })
        assertEquals("95.000", call.text("length_s"))
        assertEquals(HistorySamples.conversation.map { it.emotion.label }, call.getValue("segments").jsonArray.map { it.jsonObject.text("label") })
        assertEquals("sad", call.getValue("segments").jsonArray[6].jsonObject.text("corrected_to"))
        assertEquals(JsonNull, untitled["title"])
        val segment = untitled.getValue("segments").jsonArray.single().jsonObject
        assertEquals("2026-11-24T14:03:01.250+01:00", segment.text("start"))
        assertEquals("3.650", segment.text("end_s"))
        assertEquals("true", segment.text("is_uncertain"))
        assertEquals(JsonNull, segment["corrected_to"])
        assertEquals(Emotion.labels, segment.getValue("probabilities").jsonObject.keys.toList())
        assertEquals(0.7, segment.getValue("probabilities").jsonObject.text("angry").toDouble())
    }

    @Test
    fun `a session says which silence ended it`() {
        val session = HistorySamples.session()
        val written = sessions(json(session.copy(stoppedAfterSilenceMin = 5) to emptyList(), session to emptyList())).map { it.jsonObject }
        assertEquals(listOf("5", "null"), written.map { it.text("stopped_after_silence_min") })
    }

    @Test
    fun `marks are a list of their own`() {
        val session = HistorySamples.session().copy(id = 7)
        val written = buildString {
            val writer = SessionJson(this, HistorySamples.zone)
            writer.begin()
            writer.session(session, emptyList(), listOf(Mark(3, 2_000, session.startedAtMs + 62_000), Mark(4, 5_500, session.startedAtMs + 70_000)))
            writer.end()
        }
        val marks = sessions(written).single().jsonObject.getValue("marks").jsonArray.map { it.jsonObject }
        assertEquals(listOf("2.000", "5.500"), marks.map { it.text("position_s") })
        assertEquals("2026-11-24T14:04:02.000+01:00", marks.first().text("time"))
    }

    @Test
    fun `whatever a title holds is read back as it was`() {
        val random = Random(5)
        val hostile = listOf("\"", "\\", "/", "\n", "\r", "\t", "\u0000", "\u001f", "\u2028", "مرحبا", "\u200f", "🙂", "👩‍👩‍👧", "}", "],", "=1")
        repeat(300) {
            val title = List(random.nextInt(12)) { hostile.random(random) }.joinToString("")
            val tag = hostile.random(random)
            val written = sessions(json(HistorySamples.session(title = title, tags = listOf(tag)) to HistorySamples.conversation)).single().jsonObject
            assertEquals(title, written.text("title"))
            assertEquals(tag, written.getValue("tags").jsonArray.single().jsonPrimitive.content)
            assertEquals(8, written.getValue("segments").jsonArray.size)
        }
    }
}
