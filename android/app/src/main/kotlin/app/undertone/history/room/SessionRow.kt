package app.undertone.history.room

import androidx.room.ColumnInfo
import androidx.room.Embedded
import androidx.room.Entity
import androidx.room.Index
import androidx.room.PrimaryKey
import app.undertone.model.Session
import app.undertone.model.SessionSource
import app.undertone.model.SessionSummary
import kotlinx.serialization.json.Json
import java.time.ZoneOffset

/**
 * @param tags as a JSON array of strings.
 * @param isDeleted hidden, until it is restored or purged.
 * @param zoneOffsetS east of Greenwich; null of what version 1 stored.
 * @param stoppedAfterSilenceMin null of what versions before 5 stored, too.
 */
@Entity(tableName = "sessions", indices = [Index("started_at_ms")])
internal data class SessionRow(
    @PrimaryKey(autoGenerate = true) val id: Long,
    val source: SessionSource,
    @ColumnInfo("started_at_ms") val startedAtMs: Long,
    @ColumnInfo("length_ms") val lengthMs: Long,
    val title: String?,
    val tags: String,
    @ColumnInfo("audio_file") val audioFile: String?,
    @ColumnInfo("is_finished") val isFinished: Boolean,
    @ColumnInfo("is_deleted") val isDeleted: Boolean = false,
    @ColumnInfo("is_cut_off", defaultValue = "0") val isCutOff: Boolean = false,
    @ColumnInfo("zone_offset_s") val zoneOffsetS: Int? = null,
    @ColumnInfo("stopped_after_silence_min") val stoppedAfterSilenceMin: Int? = null,
    @Embedded val outline: OutlineColumns = OutlineColumns(),
) {
    fun toSummary() = SessionSummary(toSession(), outline.toOutline())

    fun toSession() = Session(
        id,
        source,
        startedAtMs,
        lengthMs,
        title,
        tagsOf(tags),
        audioFile,
        isFinished,
        isCutOff,
        zoneOffsetS?.let(ZoneOffset::ofTotalSeconds),
        stoppedAfterSilenceMin,
    )
}

internal fun Session.toRow() = SessionRow(
    id,
    source,
    startedAtMs,
    lengthMs,
    title,
    textOf(tags),
    audioFile,
    isFinished,
    isCutOff = isCutOff,
    zoneOffsetS = zoneOffset?.totalSeconds,
    stoppedAfterSilenceMin = stoppedAfterSilenceMin,
)

internal fun textOf(tags: List<String>): String = Json.encodeToString(tags)

internal fun tagsOf(text: String): List<String> = Json.decodeFromString(text)
