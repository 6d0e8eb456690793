package app.undertone.model

import kotlinx.coroutines.flow.Flow

/** The sessions on this phone. Every function may be called on the main thread and suspends while the disk works. */
interface SessionStore {
    /** All of them, newest first. A list on a screen takes [newest]. */
    fun summaries(): Flow<List<SessionSummary>>

    /** Of those that [fits], the [count] newest, newest first; all where there are fewer. */
    fun newest(count: Int, fits: (SessionSummary) -> Boolean = { true }): Flow<List<SessionSummary>>

    /** Those that began at [startedAtMs] or later, newest first. */
    fun since(startedAtMs: Long): Flow<List<SessionSummary>>

    /** Of each session that has any. */
    fun tags(): Flow<List<List<String>>>

    /** null once it is deleted. */
    fun session(id: Long): Flow<Session?>

    /** In order of time. */
    fun segments(sessionId: Long): Flow<List<SpokenSegment>>

    /** In order of time. */
    fun marks(sessionId: Long): Flow<List<Mark>>

    /** Stores a new, unfinished session. Returns its id. */
    suspend fun begin(session: Session): Long

    /** Stores [sessions] as finished: all of them, or none where one fails. Their ids, those of segments and marks included, are new. */
    suspend fun addAll(sessions: Sequence<WholeSession>)

    /** Stores segments of an unfinished session, and that its audio is [lengthMs] long by now; all or nothing. Returns the segments' ids. */
    suspend fun append(sessionId: Long, segments: List<SpokenSegment>, lengthMs: Long): List<Long>

    /** The audio is [lengthMs] long by now, with nothing new heard. */
    suspend fun extend(sessionId: Long, lengthMs: Long)

    /**
     * @param isCutOff its end is missing.
     * @param stoppedAfterSilenceMin see [Session.stoppedAfterSilenceMin].
     */
    suspend fun finish(sessionId: Long, lengthMs: Long, isCutOff: Boolean = false, stoppedAfterSilenceMin: Int? = null)

    /** A finished session goes on: it takes segments again, and what is said of its end waits for the next [finish]. */
    suspend fun reopen(sessionId: Long)

    suspend fun rename(sessionId: Long, title: String?)

    suspend fun tag(sessionId: Long, tags: List<String>)

    suspend fun correct(segmentId: Long, emotion: Emotion?)

    /** Stores [marks] of a session, finished or not: all of them or none. One that was stored before keeps its id. */
    suspend fun mark(sessionId: Long, marks: List<Mark>)

    suspend fun deleteMark(markId: Long)

    /** Removes the kept audio of a finished session; what was recognised stays. */
    suspend fun deleteAudio(sessionId: Long)

    /** The kept audio is the file [to] from now on, unless it is not [from] any more. Returns whether it is. */
    suspend fun replaceAudio(sessionId: Long, from: String, to: String): Boolean

    /** Hides a session until [restore] or [purge]. */
    suspend fun delete(sessionId: Long)

    suspend fun restore(sessionId: Long)

    /** Removes what [delete] hid, with its audio. */
    suspend fun purge()

    /** Removes every session and all kept audio. */
    suspend fun deleteEverything()
}
