package app.undertone.replay.audio

import java.io.BufferedInputStream
import java.io.ByteArrayInputStream
import java.io.InputStream
import java.nio.ByteBuffer
import java.nio.ByteOrder
import kotlin.math.abs

/** Programs that do not know the size of the audio yet write 2^31 or 2^32 for it, some of them less a header or a block. */
private val placeholderSizes = listOf(1L shl 31, 1L shl 32)
private const val NEAR_PLACEHOLDER_BYTES = 1L shl 16

/**
 * Reads the WAV file [source], all or one [channel] of it: PCM of 8 (unsigned), 16, 24 or 32 bits, float of 32 or 64, A-law, mu-law,
 * IMA and Microsoft's ADPCM, GSM 06.10 or MPEG audio, of any rate and any number of channels, plain or WAVE_FORMAT_EXTENSIBLE. A header
 * that was written before the size of the audio was known, by a stream or by a recorder that was killed, counts as "to the end of the
 * file"; Python's `audio/unfinished.py` has the same rule.
 *
 * Source: Multimedia Programming Interface and Data Specifications 1.0 (1991); Multiple Channel Audio Data and WAVE Files (2007).
 */
internal fun readWav(source: AudioSource, channel: Int? = null): Mixdown = source.open().use { readWav(it, source, channel) }

private fun readWav(stream: InputStream, source: AudioSource, channel: Int?): Mixdown {
    val header = stream.readLittleEndian(12)
    if (header.text(8) != "WAVE") throw UnreadableAudioException("a RIFF file, but not a WAV; convert it to WAV or FLAC")
    var position = 12L
    var format: WavFormat? = null
    while (true) {
        if (position + 8 > source.sizeBytes) throw UnreadableAudioException("truncated: it ends before its audio; copy it again")
        val chunk = stream.readLittleEndian(8)
        position += 8
        val statedBytes = chunk.getInt(4).toLong() and 0xffffffffL
        when (chunk.text(0)) {
            "fmt " -> {
                if (statedBytes !in 16..1024) throw UnreadableAudioException("damaged: its format takes $statedBytes bytes")
                format = WavFormat.of(stream.readLittleEndian(statedBytes.toInt()))
                stream.skipNBytes(statedBytes % 2)
            }
            "data" -> {
                format ?: throw UnreadableAudioException("damaged: its audio comes before its format")
                val thereBytes = source.sizeBytes - position
                val audioBytes = if (isUnknownSize(source, position, statedBytes)) thereBytes else statedBytes
                if (audioBytes > thereBytes) {
                    throw UnreadableAudioException("truncated: its header promises $audioBytes bytes of audio, $thereBytes are there; copy it again")
                }
                if (format.isMpeg) return readMpeg(stream, audioBytes, channel)
                return readBlocks(stream, format.newDecoder(), PcmCollector(format.rateHz, format.channels, channel), audioBytes)
            }
            else -> stream.skipNBytes(statedBytes + statedBytes % 2) // chunks are padded to even sizes
        }
        position += statedBytes + statedBytes % 2
    }
}

/** Whether [statedBytes] for the audio from [audioStart] on mean "to the end of the file". */
private fun isUnknownSize(source: AudioSource, audioStart: Long, statedBytes: Long): Boolean {
    if (statedBytes > 0) {
        val isPlaceholder = placeholderSizes.any { abs(statedBytes - it) <= NEAR_PLACEHOLDER_BYTES }
        return isPlaceholder && audioStart + statedBytes > source.sizeBytes
    }
    // No audio, unless what follows is not a row of chunks up to the end.
    var position = audioStart
    while (position + 8 <= source.sizeBytes) {
        val chunk = source.read(position, 8)
        if (chunk.array().take(4).any { it !in 0x20..0x7e }) return true
        val sizeBytes = chunk.getInt(4).toLong() and 0xffffffffL
        position += 8 + sizeBytes + sizeBytes % 2
    }
    return position !in source.sizeBytes..source.sizeBytes + 1 // the last byte of padding is often left out
}

private fun readMpeg(stream: InputStream, audioBytes: Long, channel: Int?): Mixdown {
    val bytes = stream.readNBytes(minOf(audioBytes, Int.MAX_VALUE - 8L).toInt())
    return readMp3(BufferedInputStream(ByteArrayInputStream(bytes)), channel)
}

private fun InputStream.readLittleEndian(count: Int): ByteBuffer = ByteBuffer.wrap(readExactly(count)).order(ByteOrder.LITTLE_ENDIAN)
