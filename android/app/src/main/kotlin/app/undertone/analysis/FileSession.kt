package app.undertone.analysis

import app.undertone.model.Session
import app.undertone.model.SessionSource
import app.undertone.model.SessionStore
import app.undertone.model.SpokenSegment
import app.undertone.model.storing
import app.undertone.model.zoneOffsetAt
import kotlinx.coroutines.flow.first

/**
 * The recording of one file in the history, stored while it is analysed: about once a second, so that a process that dies loses no more than
 * that. A file without speech leaves none. Not thread-safe.
 *
 * Every function that stores throws [AudioFileException] with [FileProblem.NotStored] where there is no room, and [SessionDeletedException].
 *
 * @param onBegun takes the id of the recording before the first segment is stored.
 * @param nowMs milliseconds since the epoch.
 * @param uptimeMs of a clock that is never set.
 */
internal class FileSession(
    private val store: SessionStore,
    private val onBegun: (sessionId: Long) -> Unit,
    private val nowMs: () -> Long,
    private val uptimeMs: () -> Long,
) {
    /** null before there is speech. */
    var id: Long? = null
        private set

    /** Where the last segment ends, in the audio of the file: from here on it is analysed again after an interruption. */
    var endMs = 0L
        private set

    /** When it began to be analysed. */
    var startedAtMs = nowMs()
        private set

    private var lengthMs = 0L
    private var storedAtMs = uptimeMs()
    private val waiting = mutableListOf<SpokenSegment>()

    /** Goes on with what an earlier run stored; begins anew where that is deleted. */
    suspend fun reopen(sessionId: Long) = storingOrThrow {
        val earlier = store.session(sessionId).first() ?: return@storingOrThrow
        store.reopen(sessionId)
        id = sessionId
        startedAtMs = earlier.startedAtMs
        lengthMs = earlier.lengthMs
        endMs = store.segments(sessionId).first().maxOfOrNull { it.endMs } ?: 0
    }

    /** [segments] were found in the first [analysedMs] of the file that is called [name]. */
    suspend fun add(segments: List<SpokenSegment>, analysedMs: Long, name: String?) {
        lengthMs = maxOf(lengthMs, analysedMs)
        if (segments.isNotEmpty()) endMs = segments.last().endMs
        waiting += segments
        if (waiting.isNotEmpty() && uptimeMs() - storedAtMs >= STORE_EVERY_MS) flush(name)
    }

    /** Stores what still waits. */
    suspend fun flush(name: String?) = storingOrThrow {
        if (waiting.isEmpty()) return@storingOrThrow
        val id = id ?: begin(name)
        checkNotDeleted(id)
        store.append(id, waiting.toList(), lengthMs)
        waiting.clear()
        storedAtMs = uptimeMs()
    }

    /**
     * Nothing comes any more: stores what still waits, and that it is over, the one even where the other fails.
     *
     * @param isCutOff more of the file is there, or was.
     */
    suspend fun finish(name: String?, isCutOff: Boolean) {
        try {
            flush(name)
        } finally {
            storingOrThrow { id?.let { store.finish(it, lengthMs, isCutOff) } }
        }
        storingOrThrow { id?.let { checkNotDeleted(it) } }
    }

    private suspend fun checkNotDeleted(id: Long) {
        if (store.session(id).first() == null) throw SessionDeletedException()
    }

    private suspend fun begin(name: String?): Long {
        val session = Session(0, SessionSource.File, startedAtMs, lengthMs = 0, title = name, zoneOffset = zoneOffsetAt(startedAtMs))
        return store.begin(session).also {
            id = it
            onBegun(it)
        }
    }

    private inline fun <T> storingOrThrow(work: () -> T): T = storing(
        onFailure = { throw it as? SessionDeletedException ?: AudioFileException(FileProblem.NotStored, it) },
        work,
    )

    private companion object {
        const val STORE_EVERY_MS = 1_000
    }
}

/** The user deleted the recording while the file was analysed: nothing more of it is wanted. */
internal class SessionDeletedException : Exception()
