package app.undertone.analysis

import android.net.Uri
import app.undertone.model.AudioEnvelope
import app.undertone.model.levelOfPcm16
import java.io.File

/** Opens audio files. */
fun interface AudioDecoder {
    /**
     * Reads enough of [file] to know that it can be decoded; blocks on the disk.
     *
     * @throws AudioFileException when it cannot.
     */
    fun open(file: Uri): DecodedAudio
}

/**
 * Decodes all of [file]. Returns how long it is, in milliseconds.
 *
 * @throws AudioFileException when it cannot.
 */
internal fun AudioDecoder.decodedMs(file: File): Long = open(Uri.fromFile(file)).use { audio ->
    generateSequence { audio.next() }.sumOf { it.length * 1_000.0 / it.rateHz }.toLong()
}

/**
 * The level over time of [file], all of which is decoded: on a phone, an hour takes some ten seconds.
 *
 * @throws AudioFileException when it cannot.
 */
internal fun AudioDecoder.envelope(file: File): AudioEnvelope = open(Uri.fromFile(file)).use { audio ->
    val levels = mutableListOf<Float>()
    var sum = 0.0
    var count = 0
    for (block in generateSequence { audio.next() }) {
        val binSamples = block.rateHz * BIN_MS / 1_000
        for (place in 0..<block.length) {
            sum += block.pcm[place].toDouble() * block.pcm[place]
            if (++count < binSamples) continue
            levels += levelOfPcm16(sum / count)
            sum = 0.0
            count = 0
        }
    }
    AudioEnvelope(levels.toFloatArray(), BIN_MS)
}

private const val BIN_MS = 20

/** The audio of a file, from its first sample to its last. For one thread. */
interface DecodedAudio : AutoCloseable {
    /** The file's name, where the app that offers it tells one. */
    val name: String?

    /** As the file states it; null where it does not. */
    val lengthMs: Long?

    /** Less came than [lengthMs] states; known once [next] has returned null. */
    val isCutShort: Boolean get() = false

    /**
     * The next samples, valid until the next call; null at the end.
     *
     * @throws AudioFileException when the rest cannot be decoded.
     */
    fun next(): PcmBlock?
}

/** The first [length] samples of [pcm]: mono, 16 bits, at [rateHz]. */
class PcmBlock(val pcm: ShortArray, val length: Int, val rateHz: Int)
