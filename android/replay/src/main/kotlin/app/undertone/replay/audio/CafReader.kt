package app.undertone.replay.audio

import app.undertone.replay.inOneLine
import java.io.InputStream
import java.nio.ByteBuffer
import java.nio.ByteOrder
import kotlin.math.round

private const val FILE_HEADER_BYTES = 8
private const val CHUNK_HEADER_BYTES = 12
private const val DESCRIPTION_BYTES = 32

/** A number at the start of the audio chunk. */
private const val EDIT_BYTES = 4
private const val UNKNOWN_SIZE = -1L

private const val FLAG_FLOAT = 1
private const val FLAG_LITTLE_ENDIAN = 2

/** Encodings that other programs write and read. */
private val otherEncodings = mapOf(
    "aac " to "AAC", "alac" to "Apple Lossless", "ima4" to "IMA ADPCM", ".mp1" to "MPEG layer I", ".mp2" to "MPEG layer II", ".mp3" to "MP3",
    "MAC3" to "MACE 3:1", "MAC6" to "MACE 6:1", "opus" to "Opus", "flac" to "FLAC", "ilbc" to "iLBC", "samr" to "AMR",
)

/**
 * Reads the Core Audio file [source], all or one [channel] of it: PCM of 8 (signed), 16, 24 or 32 bits, float of 32 or 64, A-law or mu-law.
 * Audio of an unknown size, and a size that a recorder which was killed never wrote, count as "to the end of the file"; Python's
 * `audio/unfinished.py` has the same rule.
 *
 * Source: Apple Core Audio Format Specification 1.0 (2011).
 *
 * @throws UnreadableAudioException for other encodings, and for a file that is shorter than its header says.
 */
internal fun readCaf(source: AudioSource, channel: Int? = null): Mixdown = source.open().use { readCaf(it, source, channel) }

private fun readCaf(stream: InputStream, source: AudioSource, channel: Int?): Mixdown {
    stream.skipNBytes(FILE_HEADER_BYTES.toLong())
    val first = stream.readBigEndian(CHUNK_HEADER_BYTES)
    val descriptionBytes = first.getLong(4)
    if (first.text(0) != "desc" || descriptionBytes < DESCRIPTION_BYTES) throw UnreadableAudioException("damaged: it does not begin with its format")
    val format = CafFormat.of(stream.readBigEndian(DESCRIPTION_BYTES))
    stream.skipNBytes(descriptionBytes - DESCRIPTION_BYTES)
    var position = FILE_HEADER_BYTES + CHUNK_HEADER_BYTES + descriptionBytes
    while (true) {
        if (position + CHUNK_HEADER_BYTES > source.sizeBytes) throw UnreadableAudioException("truncated: it ends before its audio; copy it again")
        val chunk = stream.readBigEndian(CHUNK_HEADER_BYTES)
        position += CHUNK_HEADER_BYTES
        val statedBytes = chunk.getLong(4)
        if (chunk.text(0) == "data") {
            val audioBytes = audioBytes(source, position, statedBytes)
            stream.skipNBytes(EDIT_BYTES.toLong())
            return readBlocks(stream, format.decoder, PcmCollector(format.rateHz, format.channels, channel), audioBytes, format.order)
        }
        if (statedBytes < 0) throw UnreadableAudioException("damaged: a part of it has $statedBytes bytes; copy it again")
        stream.skipNBytes(statedBytes) // to its end at most, where this fails
        position += statedBytes
    }
}

/** Of the audio chunk whose content is stated to have [statedBytes] from [start] on. */
private fun audioBytes(source: AudioSource, start: Long, statedBytes: Long): Long {
    val thereBytes = maxOf(0, source.sizeBytes - start - EDIT_BYTES)
    val isEmpty = statedBytes == 0L || statedBytes == EDIT_BYTES.toLong()
    // No audio, unless what follows is not a row of chunks up to the end, with or without the edit number before it.
    val isUnwritten = isEmpty && !endsInChunks(source, start) && !endsInChunks(source, start + EDIT_BYTES)
    if (statedBytes == UNKNOWN_SIZE || isUnwritten) return thereBytes
    if (isEmpty) return 0
    val audioBytes = statedBytes - EDIT_BYTES
    if (audioBytes < 0) throw UnreadableAudioException("damaged: its audio has $statedBytes bytes; copy it again")
    if (audioBytes > thereBytes) {
        throw UnreadableAudioException("truncated: its header promises $audioBytes bytes of audio, $thereBytes are there; copy it again")
    }
    return audioBytes
}

/** Whether a row of whole chunks, or nothing, lies from [start] up to the end. */
private fun endsInChunks(source: AudioSource, start: Long): Boolean {
    var position = start
    while (position + CHUNK_HEADER_BYTES <= source.sizeBytes) {
        val chunk = source.read(position, CHUNK_HEADER_BYTES).order(ByteOrder.BIG_ENDIAN)
        val statedBytes = chunk.getLong(4)
        if (statedBytes !in 0..source.sizeBytes || chunk.array().take(4).any { it !in 0x20..0x7e }) return false
        position += CHUNK_HEADER_BYTES + statedBytes
    }
    return position == source.sizeBytes
}

/** What the desc chunk of a Core Audio file says. */
private class CafFormat(val rateHz: Int, val channels: Int, val decoder: BlockDecoder, val order: ByteOrder) {
    companion object {
        /** @throws UnreadableAudioException for an encoding that is not read here, and for one that makes no sense. */
        fun of(chunk: ByteBuffer): CafFormat {
            val rateHz = round(chunk.getDouble(0)).toInt()
            val encoding = chunk.text(8)
            val flags = chunk.getInt(12)
            val frameBytes = chunk.getInt(16)
            val channels = chunk.getInt(24)
            val sampleBits = chunk.getInt(28)
            val isFloat = flags and FLAG_FLOAT != 0
            val isKnown = when (encoding) {
                "lpcm" -> sampleBits in if (isFloat) listOf(32, 64) else listOf(8, 16, 24, 32)
                "alaw", "ulaw" -> sampleBits == 8
                else -> false
            }
            if (!isKnown) {
                val name = otherEncodings[encoding] ?: "of $sampleBits bits"
                throw UnreadableAudioException("CAF encoding ${inOneLine(encoding.trim())} ($name) is not supported; convert it to 16-bit PCM")
            }
            if (channels <= 0 || (encoding == "lpcm" && frameBytes.toLong() != sampleBits / 8L * channels)) {
                throw UnreadableAudioException("damaged: its header states $channels channels of $sampleBits bits in $frameBytes bytes")
            }
            val sample: (ByteBuffer) -> Float = when (encoding) {
                "alaw" -> ::aLaw
                "ulaw" -> ::muLaw
                else -> linear(isFloat, isSigned = true, sampleBits)
            }
            val order = if (flags and FLAG_LITTLE_ENDIAN != 0) ByteOrder.LITTLE_ENDIAN else ByteOrder.BIG_ENDIAN
            return CafFormat(rateHz, channels, FrameDecoder(channels, sampleBits / 8, sample), order)
        }
    }
}

private fun InputStream.readBigEndian(count: Int): ByteBuffer = ByteBuffer.wrap(readExactly(count))
