package app.undertone.recording.audio

import app.undertone.model.KeptAudioFormat
import app.undertone.model.Session
import app.undertone.model.SessionStore
import app.undertone.model.storing
import app.undertone.recording.FreeSpace
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import kotlinx.coroutines.withContext
import java.io.File
import java.io.IOException
import java.io.RandomAccessFile

/**
 * Compresses the audio of recordings that are over. A WAV goes only when the compressed file has been read back to its end and belongs to
 * the recording; whatever fails, and whenever the process dies, the WAV or the compressed file is there whole. One instance a process.
 *
 * @param folder of the kept audio; asked for off the main thread.
 * @param freeBytes what its disk has left.
 * @param failures those of earlier processes, and of this one.
 * @param decodedMs decodes a whole file and gives its length in milliseconds; throws where it cannot.
 */
class KeptAudioCompression(
    private val store: SessionStore,
    private val folder: () -> File,
    private val freeBytes: () -> Long,
    private val failures: CompressionFailures,
    private val decodedMs: (File) -> Long,
) {
    private val turn = Mutex()

    /** Files that this process failed to compress: the codec would fail again. The next process tries again, until they are given up. */
    private val failed = mutableSetOf<String>()

    /** Compresses all that waits for it. What cannot be compressed stays as it is. */
    suspend fun compressWaiting() = turn.withLock {
        withContext(Dispatchers.IO) {
            val sessions = store.summaries().first().map { it.session }.filter { it.isFinished }
            val names = sessions.mapNotNullTo(mutableSetOf()) { it.audioFile }
            removeLeftovers(names)
            storing({}) { failures.keepOnly(names) }
            val givenUp = failures.givenUp()
            for (session in sessions) {
                val name = session.audioFile ?: continue
                val compressed = KeptAudioFormat.compressedName(name) ?: continue
                if (name in failed || name in givenUp) continue
                storing({ fail(name) }) { compress(session, File(folder(), name), File(folder(), compressed)) }
            }
        }
    }

    private fun fail(name: String) {
        failed += name
        storing({}) { failures.add(name) } // on a full disk the next process tries once more
    }

    private suspend fun compress(session: Session, wav: File, compressed: File) {
        // A recording needs the room more.
        if (!wav.exists() || freeBytes() < RESERVE_BYTES + wav.length() / 4) return
        val part = File(compressed.path + KeptAudioFormat.PART)
        try {
            encode(wav, part)
            val missingMs = lengthMs(wav) - decodedMs(part)
            if (missingMs > MOST_MISSING_MS) throw IOException("${part.name} lacks $missingMs ms")
            if (!part.renameTo(compressed)) throw IOException("${part.name} cannot be renamed")
        } finally {
            part.delete()
        }
        // Deleted meanwhile: nothing of it stays.
        val isKept = store.replaceAudio(session.id, from = wav.name, to = compressed.name)
        (if (isKept) wav else compressed).delete()
    }

    /** Of a process that died: before a file was whole, before the WAV was deleted, or before the levels of deleted audio were. */
    private fun removeLeftovers(used: Set<String>) {
        for (file in folder().listFiles().orEmpty()) {
            val isReplaced = KeptAudioFormat.compressedName(file.name).let { it != null && it in used }
            val isOrphaned = KeptAudioFormat.ofLevels(file.name).let { it != null && it !in used }
            if (file.name.endsWith(KeptAudioFormat.PART) || isReplaced || isOrphaned) file.delete()
        }
    }

    private fun encode(wav: File, part: File) {
        wav.inputStream().buffered().use { input ->
            var toSkip = WAV_HEADER_BYTES.toLong()
            while (toSkip > 0) toSkip -= input.skip(toSkip).also { if (it <= 0) throw IOException("${wav.name} has no header") }
            AacFileWriter(part).use { writer ->
                val bytes = ByteArray(BLOCK_BYTES)
                while (true) {
                    // Whole samples: a single read may end anywhere.
                    var length = 0
                    while (length < bytes.size) length += input.read(bytes, length, bytes.size - length).takeIf { it >= 0 } ?: break
                    if (length < Short.SIZE_BYTES) break
                    writer.write(bytes, length / Short.SIZE_BYTES * Short.SIZE_BYTES)
                }
                writer.finish()
            }
        }
        RandomAccessFile(part, "rw").use { it.fd.sync() }
    }

    /** By what is there, not by what the header promises. */
    private fun lengthMs(wav: File): Long = (wav.length() - WAV_HEADER_BYTES) / Short.SIZE_BYTES * 1_000 / AacFileWriter.RATE_HZ

    private companion object {
        const val BLOCK_BYTES = 32_768

        const val RESERVE_BYTES = 2 * FreeSpace.RESERVE_BYTES

        /** Decoders may leave out what the encoder needed to begin: two frames of 64 ms. */
        const val MOST_MISSING_MS = 150L
    }
}
