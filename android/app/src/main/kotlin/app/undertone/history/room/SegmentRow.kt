package app.undertone.history.room

import androidx.room.ColumnInfo
import androidx.room.Embedded
import androidx.room.Entity
import androidx.room.ForeignKey
import androidx.room.Index
import androidx.room.PrimaryKey
import app.undertone.model.Emotion
import app.undertone.model.SpokenSegment

@Entity(
    tableName = "segments",
    foreignKeys = [
        ForeignKey(
            entity = SessionRow::class,
            parentColumns = ["id"],
            childColumns = ["session_id"],
            onDelete = ForeignKey.CASCADE,
        ),
    ],
    indices = [Index("session_id", "start_ms")],
)
internal data class SegmentRow(
    @PrimaryKey(autoGenerate = true) val id: Long,
    @ColumnInfo("session_id") val sessionId: Long,
    @ColumnInfo("start_ms") val startMs: Long,
    @ColumnInfo("end_ms") val endMs: Long,
    @ColumnInfo("paused_ms") val pausedMs: Long,
    val emotion: Emotion,
    @Embedded val probabilities: Probabilities,
    @ColumnInfo("is_uncertain") val isUncertain: Boolean,
    @ColumnInfo("corrected_to") val correctedTo: Emotion?,
) {
    fun toSegment() =
        SpokenSegment(id, startMs, endMs, emotion, probabilities.toList(), isUncertain, correctedTo, pausedMs)
}

/** One column for each emotion. */
internal data class Probabilities(val angry: Double, val happy: Double, val neutral: Double, val sad: Double) {
    fun toList() = listOf(angry, happy, neutral, sad)
}

internal fun SpokenSegment.toRow(sessionId: Long): SegmentRow {
    val (angry, happy, neutral, sad) = probabilities
    return SegmentRow(
        id,
        sessionId,
        startMs,
        endMs,
        pausedMs,
        emotion,
        Probabilities(angry, happy, neutral, sad),
        isUncertain,
        correctedTo,
    )
}
