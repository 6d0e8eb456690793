package app.undertone.history.room

import android.content.Context
import androidx.room.withTransaction
import app.undertone.model.Emotion
import app.undertone.model.KeptAudioFormat
import app.undertone.model.Mark
import app.undertone.model.Session
import app.undertone.model.SessionStore
import app.undertone.model.SessionSummary
import app.undertone.model.SpokenSegment
import app.undertone.model.WholeSession
import app.undertone.model.summary.outline
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.conflate
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.flow.flowOn
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import kotlinx.coroutines.withContext
import java.io.File

/**
 * The sessions in a SQLite database. One instance a process: opening it closes the sessions that a process before left unfinished.
 *
 * @param audioFolder where the kept audio is; asked for on a background thread, because finding it touches the disk.
 */
class RoomSessionStore internal constructor(
    private val database: SessionDatabase,
    private val audioFolder: () -> File,
) : SessionStore,
    AutoCloseable {

    constructor(context: Context, audioFolder: () -> File) : this(SessionDatabase.of(context), audioFolder)

    private val sessions = database.sessions()

    /** The segments of the sessions that go on: their outlines grow without reading any. Guarded by [turn]. */
    private val growing = mutableMapOf<Long, List<SpokenSegment>>()
    private val turn = Mutex()

    override fun summaries(): Flow<List<SessionSummary>> = sessions.summaries().whenChanged { rows -> rows.map { it.toSummary() } }

    override fun newest(count: Int, fits: (SessionSummary) -> Boolean): Flow<List<SessionSummary>> =
        database.invalidationTracker.createFlow(SESSIONS).conflate()
            .map { readNewest(count, fits) }
            .distinctUntilChanged().flowOn(Dispatchers.Default)

    override fun since(startedAtMs: Long): Flow<List<SessionSummary>> =
        sessions.since(startedAtMs).whenChanged { rows -> rows.map { it.toSummary() } }

    override fun tags(): Flow<List<List<String>>> = sessions.tags().whenChanged { rows -> rows.map(::tagsOf) }

    override fun session(id: Long): Flow<Session?> = sessions.session(id).whenChanged { it?.toSession() }

    override fun segments(sessionId: Long): Flow<List<SpokenSegment>> =
        sessions.segments(sessionId).whenChanged { rows -> rows.map { it.toSegment() } }

    override fun marks(sessionId: Long): Flow<List<Mark>> = sessions.marks(sessionId).whenChanged { rows -> rows.map { it.toMark() } }

    override suspend fun begin(session: Session): Long = turn.withLock {
        sessions.insert(session.copy(isFinished = false).toRow()).also { growing[it] = emptyList() }
    }

    override suspend fun addAll(sessions: Sequence<WholeSession>) = database.withTransaction {
        for (whole in sessions) {
            val outline = whole.segments.outline(whole.session.lengthMs).toColumns()
            val id = this.sessions.insert(whole.session.copy(id = 0, isFinished = true).toRow().copy(outline = outline))
            this.sessions.insert(whole.segments.map { it.copy(id = 0).toRow(id) })
            this.sessions.insertMarks(whole.marks.map { it.copy(id = 0).toRow(id) })
        }
    }

    override suspend fun append(sessionId: Long, segments: List<SpokenSegment>, lengthMs: Long): List<Long> =
        growing(sessionId) { before ->
            val all = (before + segments).sortedBy { it.startMs }
            val ids = sessions.append(segments.map { it.toRow(sessionId) }, GrownSession(sessionId, lengthMs, all.outline(lengthMs).toColumns()))
            growing[sessionId] = (before + segments.zip(ids) { segment, id -> segment.copy(id = id) }).sortedBy { it.startMs }
            ids
        }

    override suspend fun extend(sessionId: Long, lengthMs: Long) = growing(sessionId) { segments ->
        sessions.grow(GrownSession(sessionId, lengthMs, segments.outline(lengthMs).toColumns()))
    }

    override suspend fun finish(sessionId: Long, lengthMs: Long, isCutOff: Boolean, stoppedAfterSilenceMin: Int?) =
        growing(sessionId) { segments ->
            val grown = GrownSession(sessionId, lengthMs, segments.outline(lengthMs).toColumns())
            sessions.finish(grown, isCutOff, stoppedAfterSilenceMin)
            growing -= sessionId
        }

    override suspend fun reopen(sessionId: Long) = sessions.reopen(sessionId)

    override suspend fun rename(sessionId: Long, title: String?) = sessions.rename(sessionId, title)

    override suspend fun tag(sessionId: Long, tags: List<String>) = sessions.tag(sessionId, textOf(tags))

    override suspend fun correct(segmentId: Long, emotion: Emotion?) = turn.withLock {
        val session = sessions.sessionOf(segmentId) ?: return@withLock
        val segments = (growing[session.id] ?: read(session.id)).map { if (it.id == segmentId) it.copy(correctedTo = emotion) else it }
        val outline = segments.outline(session.lengthMs).toColumns()
        forgettingOnFailure(session.id) { sessions.correct(segmentId, emotion, GrownSession(session.id, session.lengthMs, outline)) }
        if (session.id in growing) growing[session.id] = segments
    }

    override suspend fun mark(sessionId: Long, marks: List<Mark>) = sessions.insertMarks(marks.map { it.toRow(sessionId) })

    override suspend fun deleteMark(markId: Long) = sessions.deleteMark(markId)

    override suspend fun deleteAudio(sessionId: Long) = database.withTransaction {
        sessions.withAudio(sessionId)?.audioFile?.let {
            KeptAudioFormat.delete(audioFolder(), it)
            sessions.forgetAudio(sessionId)
        }
        Unit
    }

    override suspend fun replaceAudio(sessionId: Long, from: String, to: String): Boolean = sessions.replaceAudio(sessionId, from, to) > 0

    override suspend fun delete(sessionId: Long) = sessions.hide(sessionId, isDeleted = true)

    override suspend fun restore(sessionId: Long) = sessions.hide(sessionId, isDeleted = false)

    override suspend fun purge() = remove { sessions.hidden() }

    /** Audio of no session as well: a process that died at the wrong moment leaves some. */
    override suspend fun deleteEverything() {
        remove { sessions.all() }
        withContext(Dispatchers.IO) { audioFolder().listFiles()?.forEach { it.delete() } }
    }

    override fun close() = database.close()

    private suspend fun <T> growing(sessionId: Long, change: suspend (List<SpokenSegment>) -> T): T = turn.withLock {
        val segments = growing[sessionId] ?: read(sessionId)
        forgettingOnFailure(sessionId) { change(segments) }
    }

    /** Who is cancelled or fails does not learn whether it was stored: the next reads what is there. */
    private inline fun <T> forgettingOnFailure(sessionId: Long, change: () -> T): T {
        var isKnown = false
        try {
            return change().also { isKnown = true }
        } finally {
            if (!isKnown) growing -= sessionId
        }
    }

    private suspend fun read(sessionId: Long) = sessions.segmentsNow(sessionId).map { it.toSegment() }

    /** Page by page, until there are enough that fit. */
    private suspend fun readNewest(count: Int, fits: (SessionSummary) -> Boolean): List<SessionSummary> {
        val fitting = mutableListOf<SessionSummary>()
        var beforeMs = Long.MAX_VALUE
        var beforeId = Long.MAX_VALUE
        while (fitting.size < count) {
            val page = sessions.page(beforeMs, beforeId, PAGE_ROWS)
            page.map { it.toSummary() }.filterTo(fitting, fits)
            val last = page.takeIf { it.size == PAGE_ROWS }?.last() ?: break
            beforeMs = last.startedAtMs
            beforeId = last.id
        }
        return fitting.take(count)
    }

    /** Files go before the commit: killed in between, the rows are still there, and the next purge goes on. */
    private suspend fun remove(rows: suspend () -> List<SessionRow>) = database.withTransaction {
        for (row in rows()) {
            row.audioFile?.let { KeptAudioFormat.delete(audioFolder(), it) }
            sessions.remove(row.id)
        }
    }

    /** Room tells of every write to a table; whoever shows the rows needs to know of those that changed them. */
    private fun <Row, Shown> Flow<Row>.whenChanged(shown: (Row) -> Shown): Flow<Shown> =
        distinctUntilChanged().map(shown).flowOn(Dispatchers.Default)

    private companion object {
        const val SESSIONS = "sessions"

        /** As many as a history shows at first. */
        const val PAGE_ROWS = 50
    }
}
