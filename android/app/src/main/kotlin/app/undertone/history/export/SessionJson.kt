package app.undertone.history.export

import app.undertone.model.Emotion
import app.undertone.model.Mark
import app.undertone.model.Session
import app.undertone.model.SpokenSegment
import kotlinx.serialization.json.JsonObjectBuilder
import kotlinx.serialization.json.add
import kotlinx.serialization.json.addJsonObject
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import kotlinx.serialization.json.putJsonArray
import kotlinx.serialization.json.putJsonObject
import java.time.ZoneId

/** One document: `{"sessions": [{..., "marks": [...], "segments": [...]}]}`, a segment a line. */
internal class SessionJson(private val out: Appendable, private val here: ZoneId) : SessionWriter {
    private var hasSessions = false

    override fun begin() {
        out.append("{\"sessions\":[")
    }

    override fun session(session: Session, segments: List<SpokenSegment>, marks: List<Mark>) {
        if (hasSessions) out.append(',')
        hasSessions = true
        // Left open, for the segments to come in one by one.
        out.append('\n').append(buildJsonObject { fields(session, marks) }.toString().removeSuffix("}")).append(",\"segments\":[")
        segments.forEachIndexed { index, segment ->
            out.append(if (index > 0) ",\n" else "\n").append(buildJsonObject { fields(session, segment) }.toString())
        }
        out.append("]}")
    }

    override fun end() {
        out.append("]}\n")
    }

    private fun JsonObjectBuilder.fields(session: Session, marks: List<Mark>) {
        put("id", session.id)
        put("title", session.title)
        putJsonArray("tags") { session.tags.forEach { add(it) } }
        put("source", session.source.label)
        put("start", isoTime(session.startedAtMs, session.zone(here)))
        put("length_s", seconds(session.lengthMs))
        put("is_finished", session.isFinished)
        put("is_cut_off", session.isCutOff)
        put("stopped_after_silence_min", session.stoppedAfterSilenceMin)
        putJsonArray("marks") {
            for (mark in marks) {
                addJsonObject {
                    put("time", isoTime(mark.markedAtMs, session.zone(here)))
                    put("position_s", seconds(mark.positionMs))
                }
            }
        }
    }

    private fun JsonObjectBuilder.fields(session: Session, segment: SpokenSegment) {
        put("start", isoTime(segment.startedAtMs(session.startedAtMs), session.zone(here)))
        put("end", isoTime(segment.endedAtMs(session.startedAtMs), session.zone(here)))
        put("start_s", seconds(segment.startMs))
        put("end_s", seconds(segment.endMs))
        put("label", segment.emotion.label)
        put("is_uncertain", segment.isUncertain)
        put("corrected_to", segment.correctedTo?.label)
        putJsonObject("probabilities") {
            Emotion.entries.zip(segment.probabilities).forEach { (emotion, probability) -> put(emotion.label, probability) }
        }
    }
}
