package app.undertone.history

import android.content.Context
import app.undertone.history.archive.HistoryArchives
import app.undertone.model.Emotion
import app.undertone.model.Mark
import app.undertone.model.Session
import app.undertone.model.SessionStore
import app.undertone.model.SessionSummary
import app.undertone.model.SpokenSegment
import app.undertone.model.WholeSession
import app.undertone.model.summary.outline
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.onStart
import kotlinx.coroutines.flow.update

/** Files of this store's history, over a phone with much room. */
internal fun SessionStore.archives(context: Context) =
    HistoryArchives(this, context.contentResolver, { context.filesDir }, { context.cacheDir.resolve("import") }) { Long.MAX_VALUE }

/** Keeps sessions in memory, by the contract of [SessionStore]. */
class FakeSessionStore : SessionStore {
    private val shelf = MutableStateFlow(emptyMap<Long, Stored>())
    private var lastId = 0L

    /** The id of the session of each [segments] that was asked for, in order. */
    val segmentReads = mutableListOf<Long>()

    /** The sessions that are gone for good, in order. */
    val purged = mutableListOf<Long>()

    /** What every change ends in; null where it works. */
    var failure: Exception? = null

    /** What every reading ends in; null where it works. */
    var readFailure: Exception? = null

    /** Stores a session as it is, with its segments. Returns its id. */
    fun put(session: Session, segments: List<SpokenSegment> = emptyList()): Long {
        val id = ++lastId
        shelf.update { all -> all + (id to Stored(session.copy(id = id), segments.map { it.copy(id = ++lastId) })) }
        return id
    }

    override fun summaries(): Flow<List<SessionSummary>> =
        shelf.map { all -> all.values.filterNot { it.isHidden }.map { it.summary }.sortedByDescending { it.session.startedAtMs } }
            .distinctUntilChanged().onStart { readFailure?.let { throw it } }

    override fun newest(count: Int, fits: (SessionSummary) -> Boolean): Flow<List<SessionSummary>> =
        summaries().map { it.filter(fits).take(count) }.distinctUntilChanged()

    override fun since(startedAtMs: Long): Flow<List<SessionSummary>> =
        summaries().map { all -> all.filter { it.session.startedAtMs >= startedAtMs } }.distinctUntilChanged()

    override fun tags(): Flow<List<List<String>>> =
        summaries().map { all -> all.map { it.session.tags }.filter { it.isNotEmpty() } }.distinctUntilChanged()

    override fun session(id: Long): Flow<Session?> = shelf.map { all ->
        all[id]?.takeUnless { it.isHidden }?.session
    }.distinctUntilChanged().onStart { readFailure?.let { throw it } }

    override fun segments(sessionId: Long): Flow<List<SpokenSegment>> =
        shelf.map { it[sessionId]?.segments.orEmpty() }.distinctUntilChanged().onStart { segmentReads += sessionId }

    override fun marks(sessionId: Long): Flow<List<Mark>> =
        shelf.map { it[sessionId]?.marks.orEmpty().sortedBy { mark -> mark.positionMs } }.distinctUntilChanged()

    override suspend fun begin(session: Session): Long = put(session.copy(isFinished = false))

    override suspend fun addAll(sessions: Sequence<WholeSession>) {
        failure?.let { throw it }
        sessions.toList().forEach { mark(put(it.session.copy(isFinished = true), it.segments), it.marks) }
    }

    override suspend fun append(sessionId: Long, segments: List<SpokenSegment>, lengthMs: Long): List<Long> {
        val added = segments.map { it.copy(id = ++lastId) }
        change(sessionId) {
            check(!it.session.isFinished) { "session $sessionId is finished" }
            it.copy(session = it.session.copy(lengthMs = lengthMs), segments = (it.segments + added).sortedBy { s -> s.startMs })
        }
        return added.map { it.id }
    }

    override suspend fun extend(sessionId: Long, lengthMs: Long) = change(sessionId) { it.copy(session = it.session.copy(lengthMs = lengthMs)) }

    override suspend fun finish(sessionId: Long, lengthMs: Long, isCutOff: Boolean, stoppedAfterSilenceMin: Int?) = change(sessionId) {
        val session = it.session.copy(
            lengthMs = lengthMs,
            isFinished = true,
            isCutOff = isCutOff,
            stoppedAfterSilenceMin = stoppedAfterSilenceMin,
        )
        it.copy(session = session)
    }

    override suspend fun reopen(sessionId: Long) =
        change(sessionId) { it.copy(session = it.session.copy(isFinished = false, isCutOff = false, stoppedAfterSilenceMin = null)) }

    override suspend fun rename(sessionId: Long, title: String?) = change(sessionId) { it.copy(session = it.session.copy(title = title)) }

    override suspend fun tag(sessionId: Long, tags: List<String>) = change(sessionId) { it.copy(session = it.session.copy(tags = tags)) }

    override suspend fun correct(segmentId: Long, emotion: Emotion?) {
        val (sessionId, _) = shelf.value.entries.single { (_, stored) -> stored.segments.any { it.id == segmentId } }
        change(sessionId) { stored ->
            stored.copy(segments = stored.segments.map { if (it.id == segmentId) it.copy(correctedTo = emotion) else it })
        }
    }

    override suspend fun mark(sessionId: Long, marks: List<Mark>) =
        change(sessionId) { stored -> stored.copy(marks = stored.marks + marks.map { if (it.id == 0L) it.copy(id = ++lastId) else it }) }

    override suspend fun deleteMark(markId: Long) {
        for (sessionId in shelf.value.keys) change(sessionId) { stored -> stored.copy(marks = stored.marks.filter { it.id != markId }) }
    }

    override suspend fun deleteAudio(sessionId: Long) =
        change(sessionId) { if (it.session.isFinished) it.copy(session = it.session.copy(audioFile = null)) else it }

    override suspend fun replaceAudio(sessionId: Long, from: String, to: String): Boolean {
        val isThere = shelf.value[sessionId]?.session?.audioFile == from
        if (isThere) change(sessionId) { it.copy(session = it.session.copy(audioFile = to)) }
        return isThere
    }

    override suspend fun delete(sessionId: Long) = change(sessionId) { it.copy(isHidden = true) }

    override suspend fun restore(sessionId: Long) = change(sessionId) { it.copy(isHidden = false) }

    override suspend fun purge() {
        failure?.let { throw it }
        purged += shelf.value.filterValues { it.isHidden }.keys
        shelf.update { all -> all.filterValues { !it.isHidden } }
    }

    override suspend fun deleteEverything() {
        failure?.let { throw it }
        purged += shelf.value.keys
        shelf.value = emptyMap()
    }

    private fun change(sessionId: Long, how: (Stored) -> Stored) {
        failure?.let { throw it }
        shelf.update { all -> all[sessionId]?.let { all + (sessionId to how(it)) } ?: all }
    }

    private data class Stored(
        val session: Session,
        val segments: List<SpokenSegment>,
        val isHidden: Boolean = false,
        val marks: List<Mark> = emptyList(),
    ) {
        val summary by lazy { SessionSummary(session, segments.outline(session.lengthMs)) }
    }
}
