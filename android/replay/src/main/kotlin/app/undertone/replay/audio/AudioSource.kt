package app.undertone.replay.audio

import app.undertone.replay.Interruption
import java.io.BufferedInputStream
import java.io.ByteArrayInputStream
import java.io.EOFException
import java.io.InputStream
import java.nio.ByteBuffer
import java.nio.ByteOrder
import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.CompletableFuture
import java.util.concurrent.ExecutionException
import java.util.concurrent.TimeUnit
import java.util.concurrent.TimeoutException
import kotlin.concurrent.thread
import kotlin.io.path.exists
import kotlin.io.path.isDirectory
import kotlin.io.path.isRegularFile

/** It is kept in memory: 4.6 hours of 16-bit mono at 16 kHz. Python's `audio/reading.py` has the same limit. */
private const val LARGEST_PIPE_BYTES = 1 shl 29
private const val SIGNAL_POLL_MS = 50L

// The kind of a file in its mode (sys/stat.h).
private const val KIND_MASK = 0xf000
private const val FIFO = 0x1000

/** The bytes of a recording, which can be read more than once and from anywhere. */
internal interface AudioSource {
    val sizeBytes: Long

    fun open(): BufferedInputStream

    /** [count] bytes from [position] on, little endian. @throws EOFException where there are fewer. */
    fun read(position: Long, count: Int): ByteBuffer
}

/**
 * The bytes of the file [path], or those that the pipe [path] carries until it ends.
 *
 * @throws UnreadableAudioException for a folder, a device, and a pipe that does not end.
 * @throws java.io.IOException as reading does.
 */
internal fun audioSource(path: Path): AudioSource = when {
    path.isRegularFile() || !path.exists() -> FileSource(path)
    path.isDirectory() -> throw UnreadableAudioException("a folder, not a recording")
    isPipe(path) -> PipedSource(contentOf(path))
    else -> throw UnreadableAudioException("a device or terminal, not a recording; give a file or a pipe")
}

private class FileSource(private val path: Path) : AudioSource {
    override val sizeBytes = Files.size(path)

    override fun open() = BufferedInputStream(Files.newInputStream(path), 1 shl 16)

    override fun read(position: Long, count: Int): ByteBuffer = Files.newByteChannel(path).use { channel ->
        val bytes = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN)
        channel.position(position)
        while (bytes.hasRemaining()) if (channel.read(bytes) < 0) throw EOFException()
        bytes.flip()
    }
}

private class PipedSource(private val content: ByteArray) : AudioSource {
    override val sizeBytes = content.size.toLong()

    override fun open() = BufferedInputStream(ByteArrayInputStream(content))

    override fun read(position: Long, count: Int): ByteBuffer {
        if (position + count > content.size) throw EOFException()
        return ByteBuffer.wrap(content.copyOfRange(position.toInt(), position.toInt() + count)).order(ByteOrder.LITTLE_ENDIAN)
    }
}

private fun isPipe(path: Path): Boolean = try {
    Files.getAttribute(path, "unix:mode") as Int and KIND_MASK == FIFO
} catch (_: UnsupportedOperationException) {
    false // Windows has no pipes among its files
}

/** All of a pipe, read by a thread of its own, since opening and reading one that nobody fills ends with no signal. */
private fun contentOf(pipe: Path): ByteArray {
    val content = CompletableFuture<ByteArray>()
    thread(isDaemon = true, name = "pipe") {
        try {
            content.complete(Files.newInputStream(pipe).use(::readPipe))
        } catch (e: Throwable) { // whatever it is, memory that is short too, it is thrown again below
            content.completeExceptionally(e)
        }
    }
    while (true) {
        Interruption.check()
        try {
            return content.get(SIGNAL_POLL_MS, TimeUnit.MILLISECONDS)
        } catch (_: TimeoutException) {
            continue
        } catch (e: ExecutionException) {
            throw e.cause ?: e
        }
    }
}

private fun readPipe(pipe: InputStream): ByteArray = pipe.readNBytes(LARGEST_PIPE_BYTES + 1).also {
    if (it.size > LARGEST_PIPE_BYTES) {
        throw UnreadableAudioException("the pipe carries more than $LARGEST_PIPE_BYTES bytes; write them to a file and give that")
    }
}
