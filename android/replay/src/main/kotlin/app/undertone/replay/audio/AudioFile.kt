package app.undertone.replay.audio

import app.undertone.engine.requireAudible
import app.undertone.replay.reasonOf
import io.github.jaredmdobson.concentus.OpusException
import javazoom.jl.decoder.JavaLayerException
import java.io.EOFException
import java.io.IOException
import java.nio.file.FileSystemException
import java.nio.file.Path
import kotlin.io.path.exists
import kotlin.math.abs

/** 18 dB above full scale: a float recording may be too loud, but beyond this it has another scale. */
private const val LARGEST_PEAK = 8f
private const val LFS_POINTER = "version https://git-lfs.github.com/spec/"

/** A file that holds no audio that can be read; the message says why, without the file's name. */
internal class UnreadableAudioException(message: String, cause: Throwable? = null) : Exception(message, cause)

/**
 * The audio of [file], a file or a pipe, as 16 kHz mono. What it is, its first bytes tell, whatever its name says. Channels are averaged;
 * where they cancel out, as with a cable of reversed polarity, it is the loudest one.
 *
 * @throws UnreadableAudioException when it is not a whole WAV, FLAC, MP3, Ogg, AIFF, AU, CAF or SPH file, or its samples are not on the
 * scale of audio.
 * @throws app.undertone.engine.AudioException when it is empty, silent, or holds NaN or infinity.
 */
internal fun readAudio(file: Path): FloatArray {
    val pcm = try {
        val source = audioSource(file)
        decode(source, channel = null).run { if (cancelsOut) decode(source, loudestChannel).pcm else pcm }
    } catch (e: EOFException) {
        throw UnreadableAudioException("truncated: it ends within its header", e)
    } catch (e: IOException) {
        throw UnreadableAudioException(reasonFor(file, e), e)
    }
    val peak = pcm.maxOfOrNull { abs(it) } ?: 0f
    if (peak > LARGEST_PEAK && peak.isFinite()) {
        throw UnreadableAudioException(
            "its samples reach ${peak.toInt()} times full scale, as 16-bit numbers do; divide them by 32768 and export it again",
        )
    }
    requireAudible(pcm)
    return pcm
}

/** Of one [channel], or of all. */
private fun decode(source: AudioSource, channel: Int?): Mixdown {
    if (source.sizeBytes == 0L) throw UnreadableAudioException("empty: it has 0 bytes")
    val start = source.open().use { it.readNBytes(LFS_POINTER.length) }
    val magic = start.copyOf(4).toString(Charsets.ISO_8859_1)
    return when {
        magic == "RIFF" -> readWav(source, channel)
        magic == "fLaC" -> readFlac(source, channel)
        magic == "OggS" -> readOgg(source, channel)
        magic == "caff" -> readCaf(source, channel)
        magic == "NIST" -> readSphere(source, channel)
        magic == "FORM" || magic == ".snd" -> readJavaSound(source, channel)
        magic.startsWith("ID3") || isMpegFrame(start) -> readMp3(source, channel)
        start.toString(Charsets.ISO_8859_1) == LFS_POINTER -> {
            throw UnreadableAudioException("a Git LFS pointer, not the recording; run git lfs pull")
        }
        else -> throw UnreadableAudioException("not WAV, FLAC, MP3, Ogg, AIFF, AU, CAF or SPH, whatever its name says; convert it to one of them")
    }
}

/**
 * Runs a [step] of a decoder. Decoders trust what they read: in a damaged file that leads them to any exception there is.
 *
 * @throws UnreadableAudioException where it does.
 */
internal fun <T> decoding(codec: String, step: () -> T): T = try {
    step()
} catch (e: JavaLayerException) {
    throw damaged(codec, e)
} catch (e: OpusException) {
    throw damaged(codec, e)
} catch (e: RuntimeException) {
    throw damaged(codec, e)
}

private fun damaged(codec: String, cause: Exception) = UnreadableAudioException("damaged: its $codec audio makes no sense; copy it again", cause)

private fun reasonFor(file: Path, failure: IOException): String {
    val reason = reasonOf(failure)
    return when {
        !file.exists() && '\uFFFD' in file.toString() -> "its name is not UTF-8; give the folder that it lies in"
        failure is FileSystemException -> reason
        else -> "cannot be read ($reason)"
    }
}
