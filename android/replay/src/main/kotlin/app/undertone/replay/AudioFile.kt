package app.undertone.replay

import app.undertone.engine.requireAudible
import java.io.BufferedInputStream
import java.io.EOFException
import java.io.IOException
import java.io.InputStream
import java.nio.file.Files
import java.nio.file.NoSuchFileException
import java.nio.file.Path

/** A file that holds no audio that can be read; the message says why, without the file's name. */
internal class UnreadableAudioException(message: String, cause: Throwable? = null) : Exception(message, cause)

/**
 * The audio of [file] as 16 kHz mono. What it is, its first bytes tell, whatever its name says.
 *
 * @throws UnreadableAudioException when it is not a whole WAV or FLAC file.
 * @throws app.undertone.engine.AudioException when it is empty, silent, or holds NaN or infinity.
 */
internal fun readAudio(file: Path): FloatArray {
    val pcm = try {
        val sizeBytes = Files.size(file)
        if (sizeBytes == 0L) throw UnreadableAudioException("empty: it has 0 bytes")
        BufferedInputStream(Files.newInputStream(file), 1 shl 16).use { stream ->
            val magic = stream.peek(4)
            when (magic.toString(Charsets.ISO_8859_1)) {
                "RIFF" -> readWav(stream, sizeBytes)
                "fLaC" -> readFlac(stream)
                else -> throw UnreadableAudioException("neither WAV nor FLAC, whatever its name says; convert it to one of them")
            }
        }
    } catch (e: NoSuchFileException) {
        throw UnreadableAudioException("there is no such file", e)
    } catch (e: EOFException) {
        throw UnreadableAudioException("truncated: it ends within its header", e)
    } catch (e: IOException) {
        throw UnreadableAudioException("cannot be read (${e.message})", e)
    }
    requireAudible(pcm)
    return pcm
}

private fun InputStream.peek(count: Int): ByteArray {
    mark(count)
    return readNBytes(count).also { reset() }
}
