package app.undertone.history.archive

import android.content.ContentResolver
import android.database.SQLException
import android.net.Uri
import app.undertone.model.KeptAudioFormat
import app.undertone.model.SessionStore
import app.undertone.model.WholeSession
import kotlinx.coroutines.flow.first
import kotlinx.serialization.json.int
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import java.io.EOFException
import java.io.File
import java.io.IOException
import java.io.InputStream
import java.util.zip.ZipException
import java.util.zip.ZipInputStream

/**
 * One import. The whole file is read into [staging] and checked there; then the audio moves to its folder, and one transaction stores the
 * recordings. Blocks on the disk.
 */
internal class ArchiveImport(
    private val store: SessionStore,
    private val resolver: ContentResolver,
    private val audioFolder: File,
    private val staging: File,
    private val freeBytes: () -> Long,
) {
    /** The names that staged audio gets in [audioFolder], a line each: written before any of it moves. */
    private val moves = File(staging, "moves")

    suspend fun from(document: Uri): ImportResult = try {
        cleanUp()
        staging.mkdirs()
        val header = open(document).use { stage(ZipInputStream(it.buffered())) }
        val archived = (1..header.recordings).map { number -> Staged(number, checked(number)) }
        add(archived)
    } catch (e: ArchiveException) {
        ImportResult.Refused(e.problem)
    } catch (e: SQLException) {
        ImportResult.Refused(ArchiveProblem.NoRoom)
    } catch (e: IOException) {
        ImportResult.Refused(ArchiveProblem.NoRoom) // of this phone's disk: what reads the document has exceptions of its own
    } finally {
        staging.deleteRecursively()
    }

    /** Audio that moved before its recording was stored belongs to none. */
    suspend fun cleanUp() {
        if (moves.exists()) {
            val used = store.summaries().first().mapNotNull { it.session.audioFile }.toSet()
            moves.readLines().filter { it !in used && KeptAudioFormat.of(it) != null }.forEach { File(audioFolder, File(it).name).delete() }
        }
        staging.deleteRecursively()
    }

    private fun open(document: Uri): InputStream = try {
        resolver.openInputStream(document)
    } catch (e: IOException) {
        throw ArchiveException(ArchiveProblem.Unreadable, e)
    } catch (e: RuntimeException) {
        throw ArchiveException(ArchiveProblem.Unreadable, e) // a provider's own failure
    } ?: throw ArchiveException(ArchiveProblem.Unreadable)

    /** Copies every entry that is a recording's into [staging]. */
    private fun stage(zip: ZipInputStream): ArchiveHeader {
        var header: ArchiveHeader? = null
        while (true) {
            val entry = reading(header) { zip.nextEntry } ?: break
            when {
                entry.name == ArchiveLayout.HEADER -> header = headerIn(reading(header) { zip.readText() })
                ArchiveLayout.isRecording(entry.name) -> copy(zip, File(staging, entry.name), header)
            }
        }
        return header ?: throw ArchiveException(ArchiveProblem.NotOurs)
    }

    private fun headerIn(text: String): ArchiveHeader {
        val header = try {
            val fields = ArchiveLayout.json.parseToJsonElement(text).jsonObject
            require(fields.getValue("format").jsonPrimitive.content == ArchiveLayout.FORMAT) { "another format" }
            if (fields.getValue("version").jsonPrimitive.int > ArchiveLayout.VERSION) throw ArchiveException(ArchiveProblem.Newer)
            ArchiveLayout.json.decodeFromString<ArchiveHeader>(text)
        } catch (e: IllegalArgumentException) {
            throw ArchiveException(ArchiveProblem.NotOurs, e)
        } catch (e: NoSuchElementException) {
            throw ArchiveException(ArchiveProblem.NotOurs, e)
        }
        if (freeBytes() - RESERVE_BYTES < header.audioBytes) throw ArchiveException(ArchiveProblem.NoRoom)
        return header
    }

    private fun copy(zip: ZipInputStream, file: File, header: ArchiveHeader?) {
        file.parentFile?.mkdirs()
        val bytes = ByteArray(COPY_BYTES)
        file.outputStream().use { out ->
            while (true) {
                val count = reading(header) { zip.read(bytes) }
                if (count < 0) break
                // A file need not hold what it states.
                if (freeBytes() < RESERVE_BYTES) throw ArchiveException(ArchiveProblem.NoRoom)
                out.write(bytes, 0, count)
            }
        }
    }

    /** What [read] throws is the document's failure, not that of this phone's disk. */
    private inline fun <T> reading(header: ArchiveHeader?, read: () -> T): T = try {
        read()
    } catch (e: EOFException) {
        throw ArchiveException(if (header == null) ArchiveProblem.NotOurs else ArchiveProblem.Incomplete, e)
    } catch (e: ZipException) {
        throw ArchiveException(if (header == null) ArchiveProblem.NotOurs else ArchiveProblem.Incomplete, e)
    } catch (e: IOException) {
        throw ArchiveException(ArchiveProblem.Unreadable, e)
    } catch (e: IllegalArgumentException) {
        throw ArchiveException(if (header == null) ArchiveProblem.NotOurs else ArchiveProblem.Incomplete, e) // a name that is no text
    } catch (e: RuntimeException) {
        throw ArchiveException(ArchiveProblem.Unreadable, e) // a provider's own failure
    }

    private fun ZipInputStream.readText(): String {
        val bytes = ByteArray(MOST_HEADER_BYTES)
        var count = 0
        while (count < bytes.size) count += read(bytes, count, bytes.size - count).takeIf { it >= 0 } ?: break
        return String(bytes, 0, count)
    }

    /** The recording of this [number], with all of its audio staged. */
    private fun checked(number: Int): ArchivedSession {
        val archived = decoded(number)
        if (archived.audio != null) {
            val audio = File(staging, ArchiveLayout.recording(number, archived.audio))
            if (KeptAudioFormat.of(audio.name) == null || audio.length() != archived.audioBytes) throw ArchiveException(ArchiveProblem.Incomplete)
        }
        // Nothing of it is used here: of the segments, memory holds those of one recording at a time.
        return archived.copy(segments = emptyList(), marks = emptyList())
    }

    private fun decoded(number: Int): ArchivedSession {
        val file = File(staging, ArchiveLayout.recording(number))
        if (!file.isFile || file.length() > MOST_RECORDING_BYTES) throw ArchiveException(ArchiveProblem.Incomplete)
        return try {
            ArchiveLayout.json.decodeFromString<ArchivedSession>(file.readText()).also { archived ->
                archived.toSession(audioFile = null)
                archived.segments.forEach { it.toSegment() }
                archived.marks.forEach { it.toMark() }
            }
        } catch (e: IllegalArgumentException) { // which SerializationException is
            throw ArchiveException(ArchiveProblem.Incomplete, e)
        }
    }

    private suspend fun add(archived: List<Staged>): ImportResult {
        // What was deleted is not here, and is not brought back beside what is imported.
        store.purge()
        val here = store.summaries().first().mapTo(mutableSetOf()) { it.session.source to it.session.startedAtMs }
        val added = archived.filter { staged -> here.add(staged.session.toSession(audioFile = null).run { source to startedAtMs }) }
        val files = added.associateWith { staged -> staged.session.audio?.let { freeName(staged.session.startedAtMs, it) } }
        moves.writeText(files.values.filterNotNull().joinToString("\n"))
        var isStored = false
        try {
            audioFolder.mkdirs()
            for ((staged, name) in files) if (name != null) staged.moveAudio(File(audioFolder, name))
            store.addAll(
                files.entries.asSequence().map { (staged, name) ->
                    val whole = decoded(staged.number)
                    WholeSession(
                        whole.toSession(audioFile = name),
                        whole.segments.map { it.toSegment() }.sortedBy { it.startMs },
                        whole.marks.map { it.toMark() },
                    )
                },
            )
            isStored = true
        } finally {
            if (!isStored) files.values.filterNotNull().forEach { File(audioFolder, it).delete() }
        }
        return ImportResult.Imported(added.size, known = archived.size - added.size)
    }

    private val taken = mutableSetOf<String>()

    /** As the recorder names audio, unless such a file is there. */
    private fun freeName(startedAtMs: Long, extension: String): String = generateSequence(1) { it + 1 }
        .map { attempt -> if (attempt == 1) "$startedAtMs.$extension" else "$startedAtMs-$attempt.$extension" }
        .first { !File(audioFolder, it).exists() && taken.add(it) }

    private inner class Staged(val number: Int, val session: ArchivedSession) {
        fun moveAudio(to: File) {
            if (!File(staging, ArchiveLayout.recording(number, session.audio!!)).renameTo(to)) throw IOException("${to.name} cannot be moved")
        }
    }

    private class ArchiveException(val problem: ArchiveProblem, cause: Exception? = null) : Exception(cause)

    private companion object {
        const val COPY_BYTES = 65_536
        const val MOST_HEADER_BYTES = 65_536

        /** Hundreds of hours of speech. */
        const val MOST_RECORDING_BYTES = 64_000_000L

        /** The database's journal, and what a recording needs that begins meanwhile. */
        const val RESERVE_BYTES = 30_000_000L
    }
}
