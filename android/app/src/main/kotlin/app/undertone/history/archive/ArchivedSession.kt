package app.undertone.history.archive

import app.undertone.history.export.label
import app.undertone.model.Emotion
import app.undertone.model.KeptAudioFormat
import app.undertone.model.Mark
import app.undertone.model.Session
import app.undertone.model.SessionSource
import app.undertone.model.SpokenSegment
import kotlinx.serialization.SerialName
import kotlinx.serialization.Serializable
import kotlinx.serialization.json.Json
import java.io.File
import java.time.ZoneOffset

/**
 * The history as one file, for a new phone: a zip, described in docs/engine.md.
 *
 * - [HEADER]: an [ArchiveHeader], the first entry.
 * - `recordings/N.json` for N from 1 to [ArchiveHeader.recordings]: an [ArchivedSession].
 * - `recordings/N.wav` or another extension of [KeptAudioFormat], behind its JSON: the kept audio, where there is some.
 */
internal object ArchiveLayout {
    const val FORMAT = "undertone-history"

    /** Raised when an older version would read something wrong; fields that it does not know are passed over. */
    const val VERSION = 1
    const val HEADER = "undertone.json"
    const val MIME_TYPE = "application/zip"

    val json = Json {
        ignoreUnknownKeys = true
        encodeDefaults = true
    }

    fun recording(number: Int, extension: String = "json") = "recordings/$number.$extension"

    /** Whether [name] is that of an entry that holds a recording or its audio: a name that leads nowhere else. */
    fun isRecording(name: String): Boolean = RECORDING.matches(name)

    private val RECORDING = Regex("recordings/[1-9][0-9]{0,8}\\.(json|${KeptAudioFormat.entries.joinToString("|") { it.extension }})")
}

/** @param audioBytes of all kept audio in it. */
@Serializable
internal data class ArchiveHeader(
    val format: String = ArchiveLayout.FORMAT,
    val version: Int = ArchiveLayout.VERSION,
    val recordings: Int,
    @SerialName("audio_bytes") val audioBytes: Long,
)

/**
 * A finished recording with its segments and marks. Times are milliseconds; emotions and sources have the names of the JSON export.
 *
 * @param audio the extension of its kept audio; null where there is none.
 * @param audioBytes how long that is.
 */
@Serializable
internal data class ArchivedSession(
    val source: String,
    @SerialName("started_at_ms") val startedAtMs: Long,
    @SerialName("length_ms") val lengthMs: Long,
    val title: String? = null,
    val tags: List<String> = emptyList(),
    @SerialName("is_cut_off") val isCutOff: Boolean = false,
    @SerialName("zone_offset_s") val zoneOffsetS: Int? = null,
    @SerialName("stopped_after_silence_min") val stoppedAfterSilenceMin: Int? = null,
    val audio: String? = null,
    @SerialName("audio_bytes") val audioBytes: Long = 0,
    val segments: List<ArchivedSegment>,
    val marks: List<ArchivedMark> = emptyList(),
) {
    /** @throws IllegalArgumentException where this is nothing that the app ever stored. */
    fun toSession(audioFile: String?): Session {
        require(lengthMs >= 0 && audioBytes >= 0) { "a negative length" }
        require(zoneOffsetS == null || zoneOffsetS in -MOST_OFFSET_S..MOST_OFFSET_S) { "no zone has the offset $zoneOffsetS" }
        require(stoppedAfterSilenceMin == null || stoppedAfterSilenceMin > 0) { "$stoppedAfterSilenceMin minutes without speech" }
        return Session(
            id = 0,
            source = SessionSource.entries.firstOrNull { it.label == source } ?: throw IllegalArgumentException("no source is $source"),
            startedAtMs = startedAtMs,
            lengthMs = lengthMs,
            title = title,
            tags = tags,
            audioFile = audioFile,
            isFinished = true,
            isCutOff = isCutOff,
            zoneOffset = zoneOffsetS?.let(ZoneOffset::ofTotalSeconds),
            stoppedAfterSilenceMin = stoppedAfterSilenceMin,
        )
    }

    companion object {
        private const val MOST_OFFSET_S = 18 * 3_600

        /** @param audioBytes of its kept audio; null without any. */
        fun of(session: Session, segments: List<SpokenSegment>, marks: List<Mark>, audioBytes: Long?) = ArchivedSession(
            source = session.source.label,
            startedAtMs = session.startedAtMs,
            lengthMs = session.lengthMs,
            title = session.title,
            tags = session.tags,
            isCutOff = session.isCutOff,
            zoneOffsetS = session.zoneOffset?.totalSeconds,
            stoppedAfterSilenceMin = session.stoppedAfterSilenceMin,
            audio = session.audioFile?.takeIf { audioBytes != null }?.let { File(it).extension },
            audioBytes = audioBytes ?: 0,
            segments = segments.map(ArchivedSegment::of),
            marks = marks.map { ArchivedMark(it.positionMs, it.markedAtMs) },
        )
    }
}

/** @param probabilities by the name of the emotion. */
@Serializable
internal data class ArchivedSegment(
    @SerialName("start_ms") val startMs: Long,
    @SerialName("end_ms") val endMs: Long,
    @SerialName("paused_ms") val pausedMs: Long = 0,
    val label: String,
    val probabilities: Map<String, Double>,
    @SerialName("is_uncertain") val isUncertain: Boolean,
    @SerialName("corrected_to") val correctedTo: String? = null,
) {
    /** @throws IllegalArgumentException where this is nothing that the app ever stored. */
    fun toSegment(): SpokenSegment {
        require(startMs in 0..endMs && pausedMs >= 0) { "from $startMs to $endMs ms" }
        val inOrder = Emotion.entries.map { requireNotNull(probabilities[it.label]) { "no probability of ${it.label}" } }
        require(inOrder.all { it in 0.0..1.0 }) { "probabilities $inOrder" }
        return SpokenSegment(
            id = 0,
            startMs = startMs,
            endMs = endMs,
            emotion = emotionOf(label),
            probabilities = inOrder,
            isUncertain = isUncertain,
            correctedTo = correctedTo?.let(::emotionOf),
            pausedMs = pausedMs,
        )
    }

    companion object {
        fun of(segment: SpokenSegment) = ArchivedSegment(
            startMs = segment.startMs,
            endMs = segment.endMs,
            pausedMs = segment.pausedMs,
            label = segment.emotion.label,
            probabilities = Emotion.entries.zip(segment.probabilities).associate { (emotion, probability) -> emotion.label to probability },
            isUncertain = segment.isUncertain,
            correctedTo = segment.correctedTo?.label,
        )

        private fun emotionOf(label: String) =
            Emotion.entries.firstOrNull { it.label == label } ?: throw IllegalArgumentException("no emotion is $label")
    }
}

/** A moment that the user marked. */
@Serializable
internal data class ArchivedMark(@SerialName("position_ms") val positionMs: Long, @SerialName("marked_at_ms") val markedAtMs: Long) {
    /** @throws IllegalArgumentException where this is nothing that the app ever stored. */
    fun toMark(): Mark {
        require(positionMs >= 0) { "a mark at $positionMs ms" }
        return Mark(id = 0, positionMs, markedAtMs)
    }
}
