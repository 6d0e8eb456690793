package app.undertone.recording

import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import java.io.IOException

/**
 * Whether the disk has room for a recording to go on and end well: a database that finds no room cannot even store that it is over.
 *
 * @param freeBytes what the disk has left.
 */
internal class FreeSpace(private val freeBytes: () -> Long) {
    private var checkedMs = 0L

    /** Whether it is time to look again, [lengthMs] into the recording. */
    fun isDue(lengthMs: Long): Boolean = (lengthMs - checkedMs >= CHECK_EVERY_MS).also { if (it) checkedMs = lengthMs }

    suspend fun isEnough(): Boolean = withContext(Dispatchers.IO) { freeBytes() >= RESERVE_BYTES }

    /** @throws IOException where there is too little. */
    suspend fun check() {
        if (!isEnough()) throw IOException("less than ${RESERVE_BYTES / 1_000_000} MB are free")
    }

    companion object {
        /** Kept audio takes 0.5 MB meanwhile. */
        private const val CHECK_EVERY_MS = 15_000

        /** The database's own journal, a minute of kept audio, and what other apps take between two looks. */
        const val RESERVE_BYTES = 20_000_000L
    }
}
