package app.undertone.history.room

import android.content.Context
import androidx.room.withTransaction
import app.undertone.history.Session
import app.undertone.history.SessionStore
import app.undertone.history.SessionSummary
import app.undertone.history.SpokenSegment
import app.undertone.live.Emotion
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.flow.flowOn
import kotlinx.coroutines.flow.map
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

    override fun summaries(): Flow<List<SessionSummary>> = sessions.summaries().whenChanged { rows -> rows.map { it.toSummary() } }

    override fun session(id: Long): Flow<Session?> = sessions.session(id).whenChanged { it?.toSession() }

    override fun segments(sessionId: Long): Flow<List<SpokenSegment>> =
        sessions.segments(sessionId).whenChanged { rows -> rows.map { it.toSegment() } }

    override suspend fun begin(session: Session): Long = sessions.insert(session.copy(isFinished = false).toRow())

    override suspend fun append(sessionId: Long, segments: List<SpokenSegment>, lengthMs: Long): List<Long> =
        sessions.append(sessionId, segments.map { it.toRow(sessionId) }, lengthMs)

    override suspend fun extend(sessionId: Long, lengthMs: Long) = sessions.extend(sessionId, lengthMs)

    override suspend fun finish(sessionId: Long, lengthMs: Long, isCutOff: Boolean) = sessions.finish(sessionId, lengthMs, isCutOff)

    override suspend fun reopen(sessionId: Long) = sessions.reopen(sessionId)

    override suspend fun rename(sessionId: Long, title: String?) = sessions.rename(sessionId, title)

    override suspend fun tag(sessionId: Long, tags: List<String>) = sessions.tag(sessionId, textOf(tags))

    override suspend fun correct(segmentId: Long, emotion: Emotion?) = sessions.correct(segmentId, emotion)

    override suspend fun deleteAudio(sessionId: Long) = database.withTransaction {
        sessions.withAudio(sessionId)?.audioFile?.let {
            File(audioFolder(), it).delete()
            sessions.forgetAudio(sessionId)
        }
        Unit
    }

    override suspend fun delete(sessionId: Long) = sessions.hide(sessionId, isDeleted = true)

    override suspend fun restore(sessionId: Long) = sessions.hide(sessionId, isDeleted = false)

    override suspend fun purge() = remove { sessions.hidden() }

    /** Audio of no session as well: a process that died at the wrong moment leaves some. */
    override suspend fun deleteEverything() {
        remove { sessions.all() }
        withContext(Dispatchers.IO) { audioFolder().listFiles()?.forEach { it.delete() } }
    }

    override fun close() = database.close()

    /** Files go before the commit: killed in between, the rows are still there, and the next purge goes on. */
    private suspend fun remove(rows: suspend () -> List<SessionRow>) = database.withTransaction {
        for (row in rows()) {
            row.audioFile?.let { File(audioFolder(), it).delete() }
            sessions.remove(row.id)
        }
    }

    /** Room tells of every write to a table; whoever shows the rows needs to know of those that changed them. */
    private fun <Row, Shown> Flow<Row>.whenChanged(shown: (Row) -> Shown): Flow<Shown> =
        distinctUntilChanged().map(shown).flowOn(Dispatchers.Default)
}
