package app.undertone.history.room

import androidx.room.ColumnInfo
import androidx.room.Entity
import androidx.room.ForeignKey
import androidx.room.Index
import androidx.room.PrimaryKey
import app.undertone.model.Mark

@Entity(
    tableName = "marks",
    foreignKeys = [
        ForeignKey(
            entity = SessionRow::class,
            parentColumns = ["id"],
            childColumns = ["session_id"],
            onDelete = ForeignKey.CASCADE,
        ),
    ],
    indices = [Index("session_id", "position_ms")],
)
internal data class MarkRow(
    @PrimaryKey(autoGenerate = true) val id: Long,
    @ColumnInfo("session_id") val sessionId: Long,
    @ColumnInfo("position_ms") val positionMs: Long,
    @ColumnInfo("marked_at_ms") val markedAtMs: Long,
) {
    fun toMark() = Mark(id, positionMs, markedAtMs)
}

internal fun Mark.toRow(sessionId: Long) = MarkRow(id, sessionId, positionMs, markedAtMs)
