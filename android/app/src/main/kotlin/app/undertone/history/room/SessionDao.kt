package app.undertone.history.room

import androidx.room.Dao
import androidx.room.Insert
import androidx.room.Query
import androidx.room.Transaction
import app.undertone.live.Emotion
import kotlinx.coroutines.flow.Flow

@Dao
internal interface SessionDao {
    /** The sums follow `SpokenSegment.heard`: the user's word counts, else the model's where it is sure. */
    @Query(
        """
        SELECT sessions.*,
            TOTAL(CASE WHEN heard = 'Angry' THEN duration_ms END) AS angryMs,
            TOTAL(CASE WHEN heard = 'Happy' THEN duration_ms END) AS happyMs,
            TOTAL(CASE WHEN heard = 'Neutral' THEN duration_ms END) AS neutralMs,
            TOTAL(CASE WHEN heard = 'Sad' THEN duration_ms END) AS sadMs,
            TOTAL(CASE WHEN heard IS NULL THEN duration_ms END) AS uncertainMs
        FROM sessions LEFT JOIN (
            SELECT session_id, end_ms - start_ms AS duration_ms,
                COALESCE(corrected_to, CASE WHEN is_uncertain THEN NULL ELSE emotion END) AS heard
            FROM segments
        ) ON session_id = sessions.id
        WHERE NOT is_deleted
        GROUP BY sessions.id
        ORDER BY started_at_ms DESC, sessions.id DESC
        """,
    )
    fun summaries(): Flow<List<SummaryRow>>

    @Query("SELECT * FROM sessions WHERE id = :id AND NOT is_deleted")
    fun session(id: Long): Flow<SessionRow?>

    @Query("SELECT * FROM segments WHERE session_id = :sessionId ORDER BY start_ms, id")
    fun segments(sessionId: Long): Flow<List<SegmentRow>>

    @Insert
    suspend fun insert(session: SessionRow): Long

    @Insert
    suspend fun insert(segments: List<SegmentRow>): List<Long>

    @Transaction
    suspend fun append(sessionId: Long, segments: List<SegmentRow>, lengthMs: Long): List<Long> {
        val ids = insert(segments)
        extend(sessionId, lengthMs)
        return ids
    }

    @Query("UPDATE sessions SET length_ms = :lengthMs WHERE id = :id")
    suspend fun extend(id: Long, lengthMs: Long)

    @Query("UPDATE sessions SET length_ms = :lengthMs, is_finished = 1, is_cut_off = :isCutOff WHERE id = :id")
    suspend fun finish(id: Long, lengthMs: Long, isCutOff: Boolean)

    @Query("UPDATE sessions SET is_finished = 0, is_cut_off = 0 WHERE id = :id")
    suspend fun reopen(id: Long)

    @Query("UPDATE sessions SET title = :title WHERE id = :id")
    suspend fun rename(id: Long, title: String?)

    @Query("UPDATE sessions SET tags = :tags WHERE id = :id")
    suspend fun tag(id: Long, tags: String)

    @Query("UPDATE segments SET corrected_to = :emotion WHERE id = :id")
    suspend fun correct(id: Long, emotion: Emotion?)

    @Query("SELECT * FROM sessions WHERE id = :id AND is_finished AND audio_file IS NOT NULL")
    suspend fun withAudio(id: Long): SessionRow?

    @Query("UPDATE sessions SET audio_file = NULL WHERE id = :id")
    suspend fun forgetAudio(id: Long)

    @Query("UPDATE sessions SET is_deleted = :isDeleted WHERE id = :id")
    suspend fun hide(id: Long, isDeleted: Boolean)

    @Query("SELECT * FROM sessions WHERE is_deleted")
    suspend fun hidden(): List<SessionRow>

    @Query("SELECT * FROM sessions")
    suspend fun all(): List<SessionRow>

    @Query("DELETE FROM sessions WHERE id = :id")
    suspend fun remove(id: Long)
}
