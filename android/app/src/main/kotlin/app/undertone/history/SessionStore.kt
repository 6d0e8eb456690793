package app.undertone.history

import app.undertone.live.Emotion
import kotlinx.coroutines.flow.Flow

/** The sessions on this phone. Every function may be called on the main thread and suspends while the disk works. */
interface SessionStore {
    /** Newest first. */
    fun summaries(): Flow<List<SessionSummary>>

    /** null once it is deleted. */
    fun session(id: Long): Flow<Session?>

    /** In order of time. */
    fun segments(sessionId: Long): Flow<List<SpokenSegment>>

    /** Stores a new, unfinished session. Returns its id. */
    suspend fun begin(session: Session): Long

    /** Stores segments of an unfinished session, and that its audio is [lengthMs] long by now; all or nothing. Returns the segments' ids. */
    suspend fun append(sessionId: Long, segments: List<SpokenSegment>, lengthMs: Long): List<Long>

    /** The audio is [lengthMs] long by now, with nothing new heard. */
    suspend fun extend(sessionId: Long, lengthMs: Long)

    /** @param isCutOff its end is missing. */
    suspend fun finish(sessionId: Long, lengthMs: Long, isCutOff: Boolean = false)

    /** A finished session goes on: it takes segments again, and what is said of its end waits for the next [finish]. */
    suspend fun reopen(sessionId: Long)

    suspend fun rename(sessionId: Long, title: String?)

    suspend fun tag(sessionId: Long, tags: List<String>)

    suspend fun correct(segmentId: Long, emotion: Emotion?)

    /** Removes the kept audio of a finished session; what was recognised stays. */
    suspend fun deleteAudio(sessionId: Long)

    /** Hides a session until [restore] or [purge]. */
    suspend fun delete(sessionId: Long)

    suspend fun restore(sessionId: Long)

    /** Removes what [delete] hid, with its audio. */
    suspend fun purge()

    /** Removes every session and all kept audio. */
    suspend fun deleteEverything()
}
