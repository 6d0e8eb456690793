package app.undertone.history.room

import androidx.room.Dao
import androidx.room.Insert
import androidx.room.Query
import androidx.room.Transaction
import androidx.room.Update
import app.undertone.model.Emotion
import kotlinx.coroutines.flow.Flow

@Dao
internal interface SessionDao {
    @Query("SELECT * FROM sessions WHERE NOT is_deleted ORDER BY started_at_ms DESC, id DESC")
    fun summaries(): Flow<List<SessionRow>>

    /** At most [count] that come behind the session [beforeId], which began at [beforeMs], in a list with the newest first. */
    @Query(
        """
        SELECT * FROM sessions
        WHERE NOT is_deleted AND (started_at_ms < :beforeMs OR (started_at_ms = :beforeMs AND id < :beforeId))
        ORDER BY started_at_ms DESC, id DESC LIMIT :count
        """,
    )
    suspend fun page(beforeMs: Long, beforeId: Long, count: Int): List<SessionRow>

    @Query("SELECT * FROM sessions WHERE NOT is_deleted AND started_at_ms >= :startedAtMs ORDER BY started_at_ms DESC, id DESC")
    fun since(startedAtMs: Long): Flow<List<SessionRow>>

    @Query("SELECT tags FROM sessions WHERE NOT is_deleted AND tags != '[]'")
    fun tags(): Flow<List<String>>

    @Query("SELECT * FROM sessions WHERE id = :id AND NOT is_deleted")
    fun session(id: Long): Flow<SessionRow?>

    @Query("SELECT * FROM segments WHERE session_id = :sessionId ORDER BY start_ms, id")
    fun segments(sessionId: Long): Flow<List<SegmentRow>>

    @Query("SELECT * FROM segments WHERE session_id = :sessionId ORDER BY start_ms, id")
    suspend fun segmentsNow(sessionId: Long): List<SegmentRow>

    @Query("SELECT * FROM marks WHERE session_id = :sessionId ORDER BY position_ms, id")
    fun marks(sessionId: Long): Flow<List<MarkRow>>

    @Query("SELECT sessions.* FROM sessions JOIN segments ON session_id = sessions.id WHERE segments.id = :segmentId")
    suspend fun sessionOf(segmentId: Long): SessionRow?

    @Insert
    suspend fun insert(session: SessionRow): Long

    @Insert
    suspend fun insert(segments: List<SegmentRow>): List<Long>

    @Insert
    suspend fun insertMarks(marks: List<MarkRow>)

    @Query("DELETE FROM marks WHERE id = :id")
    suspend fun deleteMark(id: Long)

    @Transaction
    suspend fun append(segments: List<SegmentRow>, grown: GrownSession): List<Long> {
        val ids = insert(segments)
        grow(grown)
        return ids
    }

    @Update(entity = SessionRow::class)
    suspend fun grow(session: GrownSession)

    @Transaction
    suspend fun finish(session: GrownSession, isCutOff: Boolean, stoppedAfterSilenceMin: Int?) {
        grow(session)
        finish(session.id, isCutOff, stoppedAfterSilenceMin)
    }

    @Query("UPDATE sessions SET is_finished = 1, is_cut_off = :isCutOff, stopped_after_silence_min = :stoppedAfterSilenceMin WHERE id = :id")
    suspend fun finish(id: Long, isCutOff: Boolean, stoppedAfterSilenceMin: Int?)

    @Query("UPDATE sessions SET is_finished = 0, is_cut_off = 0, stopped_after_silence_min = NULL WHERE id = :id")
    suspend fun reopen(id: Long)

    @Transaction
    suspend fun correct(segmentId: Long, emotion: Emotion?, session: GrownSession) {
        correct(segmentId, emotion)
        grow(session)
    }

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

    @Query("UPDATE sessions SET audio_file = :to WHERE id = :id AND audio_file = :from")
    suspend fun replaceAudio(id: Long, from: String, to: String): Int

    @Query("UPDATE sessions SET is_deleted = :isDeleted WHERE id = :id")
    suspend fun hide(id: Long, isDeleted: Boolean)

    @Query("SELECT * FROM sessions WHERE is_deleted")
    suspend fun hidden(): List<SessionRow>

    @Query("SELECT * FROM sessions")
    suspend fun all(): List<SessionRow>

    @Query("DELETE FROM sessions WHERE id = :id")
    suspend fun remove(id: Long)
}
