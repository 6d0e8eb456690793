package app.undertone.history.archive

import android.content.ContentResolver
import android.net.Uri
import app.undertone.history.export.writeDocument
import app.undertone.model.Session
import app.undertone.model.SessionStore
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import kotlinx.coroutines.withContext
import java.io.File
import java.io.FileInputStream
import java.util.zip.Deflater
import java.util.zip.ZipEntry
import java.util.zip.ZipOutputStream

/** What became of an import. */
sealed interface ImportResult {
    /** @param known recordings of the file that were in the history already. */
    data class Imported(val added: Int, val known: Int) : ImportResult

    /** Nothing of the file was imported. */
    data class Refused(val problem: ArchiveProblem) : ImportResult
}

/** Why a file is not imported. */
enum class ArchiveProblem {
    /** It cannot be opened or read now. */
    Unreadable,

    /** No history of this app. */
    NotOurs,

    /** A newer version of the app wrote it. */
    Newer,

    /** Cut short or damaged. */
    Incomplete,

    /** The phone has no room for it. */
    NoRoom,
}

/**
 * Writes the whole history into one file, and reads such files. One instance a process.
 *
 * @param audioFolder of the kept audio, on the same disk as [staging]; both are asked for off the main thread.
 * @param staging a folder for what is read and not yet imported; nothing else is in it.
 * @param freeBytes what their disk has left.
 */
class HistoryArchives(
    private val store: SessionStore,
    private val resolver: ContentResolver,
    private val audioFolder: () -> File,
    private val staging: () -> File,
    private val freeBytes: () -> Long,
) {
    private val turn = Mutex()

    /** Writes all finished recordings with their kept audio. Returns whether all of it was written: see [writeDocument]. */
    suspend fun write(document: Uri): Boolean = resolver.writeDocument(document) { stream ->
        val sessions = store.summaries().first().map { it.session }.filter { it.isFinished }
        ZipOutputStream(stream.buffered()).use { zip ->
            // PCM shrinks by a third at any level.
            zip.setLevel(Deflater.BEST_SPEED)
            val header = ArchiveHeader(recordings = sessions.size, audioBytes = sessions.sumOf { it.keptFile()?.length() ?: 0 })
            zip.entry(ArchiveLayout.HEADER) { write(ArchiveLayout.json.encodeToString(header).toByteArray()) }
            sessions.forEachIndexed { index, session -> zip.recording(index + 1, session) }
        }
    }

    /**
     * Imports what [write] wrote, here or on another phone: all recordings that are not here yet, or nothing. A recording is here where one
     * of the same source began in the same millisecond. Goes on when the screen is left.
     */
    suspend fun read(document: Uri): ImportResult = turn.withLock {
        withContext(NonCancellable + Dispatchers.IO) { ArchiveImport(store, resolver, audioFolder(), staging(), freeBytes).from(document) }
    }

    /** Removes what an import left that its process did not end. */
    suspend fun cleanUp() = turn.withLock {
        withContext(Dispatchers.IO) { ArchiveImport(store, resolver, audioFolder(), staging(), freeBytes).cleanUp() }
    }

    private suspend fun ZipOutputStream.recording(number: Int, session: Session) {
        // Opened before its length is written: what is deleted meanwhile is still read to its end.
        val audio = session.keptFile()?.takeIf { it.canRead() }?.let(::FileInputStream)
        try {
            val segments = store.segments(session.id).first()
            val archived = ArchivedSession.of(session, segments, store.marks(session.id).first(), audioBytes = audio?.channel?.size())
            entry(ArchiveLayout.recording(number)) { write(ArchiveLayout.json.encodeToString(archived).toByteArray()) }
            if (audio != null) entry(ArchiveLayout.recording(number, checkNotNull(archived.audio))) { audio.copyTo(this) }
        } finally {
            audio?.close()
        }
    }

    private inline fun ZipOutputStream.entry(name: String, write: ZipOutputStream.() -> Unit) {
        putNextEntry(ZipEntry(name))
        write()
        closeEntry()
    }

    private fun Session.keptFile(): File? = audioFile?.takeIf { hasWholeAudio }?.let { File(audioFolder(), it) }
}
