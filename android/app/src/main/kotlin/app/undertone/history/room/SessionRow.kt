package app.undertone.history.room

import androidx.room.ColumnInfo
import androidx.room.Embedded
import androidx.room.Entity
import androidx.room.Index
import androidx.room.PrimaryKey
import app.undertone.history.Session
import app.undertone.history.SessionSource
import app.undertone.history.SessionSummary
import kotlinx.serialization.json.Json

/**
 * @param tags as a JSON array of strings.
 * @param isDeleted hidden, until it is restored or purged.
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
) {
    fun toSession() = Session(id, source, startedAtMs, lengthMs, title, tagsOf(tags), audioFile, isFinished)
}

/** A session with the time of its segments, by what was heard in them. */
internal data class SummaryRow(
    @Embedded val session: SessionRow,
    val angryMs: Long,
    val happyMs: Long,
    val neutralMs: Long,
    val sadMs: Long,
    val uncertainMs: Long,
) {
    fun toSummary() = SessionSummary(session.toSession(), listOf(angryMs, happyMs, neutralMs, sadMs), uncertainMs)
}

internal fun Session.toRow() = SessionRow(id, source, startedAtMs, lengthMs, title, textOf(tags), audioFile, isFinished)

internal fun textOf(tags: List<String>): String = Json.encodeToString(tags)

private fun tagsOf(text: String): List<String> = Json.decodeFromString(text)
