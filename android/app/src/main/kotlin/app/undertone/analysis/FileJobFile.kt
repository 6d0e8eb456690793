package app.undertone.analysis

import android.util.AtomicFile
import kotlinx.serialization.SerializationException
import kotlinx.serialization.json.Json
import java.io.File
import java.io.IOException

/**
 * The jobs on the disk: what is still to be analysed when a process dies.
 *
 * @param file asked for, like everything here, on a background thread.
 */
class FileJobFile(private val file: () -> File) {

    /** None where there is no file, or none that this version can read. */
    fun read(): List<FileJob> = try {
        Json.decodeFromString(AtomicFile(file()).readFully().decodeToString())
    } catch (_: IOException) {
        emptyList()
    } catch (_: SerializationException) {
        emptyList()
    }

    /** All or nothing. Throws [IOException] where the disk is full or broken. */
    fun write(jobs: List<FileJob>) {
        val atomic = AtomicFile(file())
        val stream = atomic.startWrite()
        try {
            stream.write(Json.encodeToString(jobs).encodeToByteArray())
            atomic.finishWrite(stream)
        } catch (e: IOException) {
            atomic.failWrite(stream)
            throw e
        }
    }
}
