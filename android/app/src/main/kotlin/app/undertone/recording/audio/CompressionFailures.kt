package app.undertone.recording.audio

import android.util.AtomicFile
import kotlinx.serialization.Serializable
import kotlinx.serialization.SerializationException
import kotlinx.serialization.json.Json
import java.io.File
import java.io.IOException

/**
 * Which files of kept audio could not be compressed, and how often, on the disk: a codec that always fails is not asked for ever. Another
 * version begins anew. Any background thread may use it.
 *
 * @param file asked for, like everything here, on a background thread.
 * @param version of the app and of the system, which brings the codec; asked for there, too.
 */
class CompressionFailures(private val file: () -> File, version: () -> String) {
    @Serializable
    private data class Stored(val version: String, val counts: Map<String, Int>)

    private val lock = Any()
    private val version by lazy(version)

    /** The names of the files that are not tried again. */
    fun givenUp(): Set<String> = synchronized(lock) { read().filterValues { it >= MOST_TRIES }.keys }

    /** Throws [IOException] where the disk is full or broken, as [keepOnly] does. */
    fun add(name: String) = synchronized(lock) {
        val counts = read()
        write(counts + (name to (counts[name] ?: 0) + 1))
    }

    /** Forgets all files but [names]. */
    fun keepOnly(names: Set<String>) = synchronized(lock) {
        val counts = read()
        val kept = counts.filterKeys { it in names }
        if (kept != counts) write(kept)
    }

    /** None where there is no file, none that can be read, or one of another version. */
    private fun read(): Map<String, Int> = try {
        val stored = Json.decodeFromString<Stored>(AtomicFile(file()).readFully().decodeToString())
        if (stored.version == version) stored.counts else emptyMap()
    } catch (_: IOException) {
        emptyMap()
    } catch (_: SerializationException) {
        emptyMap()
    }

    private fun write(counts: Map<String, Int>) {
        val atomic = AtomicFile(file())
        val stream = atomic.startWrite()
        try {
            stream.write(Json.encodeToString(Stored(version, counts)).encodeToByteArray())
            atomic.finishWrite(stream)
        } catch (e: IOException) {
            atomic.failWrite(stream)
            throw e
        }
    }

    private companion object {
        /** One each process. */
        const val MOST_TRIES = 3
    }
}
