package app.undertone.files

import app.undertone.history.Session
import app.undertone.history.SessionStore
import app.undertone.history.SessionSummary
import app.undertone.history.SpokenSegment
import app.undertone.live.Emotion
import kotlinx.coroutines.flow.Flow

/** Remembers what is stored, for those who only store. */
class StoredSessions : SessionStore {
    val sessions = mutableListOf<Session>()
    val segments = mutableListOf<SpokenSegment>()

    /** What storing segments ends in; null where it works. */
    var failure: Exception? = null

    override suspend fun begin(session: Session): Long {
        sessions += session
        return sessions.size.toLong()
    }

    override suspend fun append(sessionId: Long, segments: List<SpokenSegment>, lengthMs: Long): List<Long> {
        failure?.let { throw it }
        return segments.map {
            this.segments += it
            this.segments.size.toLong()
        }
    }

    override suspend fun finish(sessionId: Long, lengthMs: Long) {
        val index = sessionId.toInt() - 1
        sessions[index] = sessions[index].copy(lengthMs = lengthMs, isFinished = true)
    }

    override fun summaries(): Flow<List<SessionSummary>> = notStoring()

    override fun newest(count: Int, fits: (SessionSummary) -> Boolean): Flow<List<SessionSummary>> = notStoring()

    override fun since(startedAtMs: Long): Flow<List<SessionSummary>> = notStoring()

    override fun tags(): Flow<List<List<String>>> = notStoring()

    override fun session(id: Long): Flow<Session?> = notStoring()

    override fun segments(sessionId: Long): Flow<List<SpokenSegment>> = notStoring()

    override suspend fun addAll(sessions: Sequence<Pair<Session, List<SpokenSegment>>>) = notStoring()

    override suspend fun extend(sessionId: Long, lengthMs: Long) = notStoring()

    override suspend fun rename(sessionId: Long, title: String?) = notStoring()

    override suspend fun tag(sessionId: Long, tags: List<String>) = notStoring()

    override suspend fun correct(segmentId: Long, emotion: Emotion?) = notStoring()

    override suspend fun deleteAudio(sessionId: Long) = notStoring()

    override suspend fun replaceAudio(sessionId: Long, from: String, to: String): Boolean = notStoring()

    override suspend fun delete(sessionId: Long) = notStoring()

    override suspend fun restore(sessionId: Long) = notStoring()

    override suspend fun purge() = notStoring()

    override suspend fun deleteEverything() = notStoring()

    private fun notStoring(): Nothing = throw UnsupportedOperationException("a file only stores")
}
