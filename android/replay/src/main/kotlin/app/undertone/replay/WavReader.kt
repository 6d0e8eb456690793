package app.undertone.replay

import java.io.EOFException
import java.io.InputStream
import java.nio.ByteBuffer
import java.nio.ByteOrder
import java.nio.file.Files
import java.nio.file.Path
import kotlin.math.abs

private const val FORMAT_PCM = 1
private const val FORMAT_FLOAT = 3
private const val FORMAT_EXTENSIBLE = 0xfffe
private const val BLOCK_BYTES = 1 shl 16

/** Programs that do not know the size of the audio yet write 2^31 or 2^32 for it, some of them less a header or a block. */
private val placeholderSizes = listOf(1L shl 31, 1L shl 32)
private const val NEAR_PLACEHOLDER_BYTES = 1L shl 16

/** Encodings that other programs write and read, by their number in the header. */
private val otherEncodings = mapOf(2 to "MS ADPCM", 6 to "A-law", 7 to "mu-law", 17 to "IMA ADPCM", 49 to "GSM 6.10", 80 to "MPEG", 85 to "MP3")

/**
 * Reads the WAV file [file] of [fileSizeBytes] from its [stream], all or one [channel] of it: PCM of 8 (unsigned), 16, 24 or 32 bits, or float of 32 or 64, of any rate and
 * any number of channels, plain or WAVE_FORMAT_EXTENSIBLE. A header that was written before the size of the audio was known, by a stream
 * or by a recorder that was killed, counts as "to the end of the file"; Python's `audio/unfinished.py` has the same rule.
 *
 * Source: Multimedia Programming Interface and Data Specifications 1.0 (1991); Multiple Channel Audio Data and WAVE Files (2007).
 */
internal fun readWav(stream: InputStream, file: Path, fileSizeBytes: Long, channel: Int? = null): Mixdown {
    val header = stream.readLittleEndian(12)
    if (header.text(8) != "WAVE") throw UnreadableAudioException("a RIFF file, but not a WAV; convert it to WAV or FLAC")
    var position = 12L
    var format: WavFormat? = null
    while (true) {
        if (position + 8 > fileSizeBytes) throw UnreadableAudioException("truncated: it ends before its audio; copy it again")
        val chunk = stream.readLittleEndian(8)
        position += 8
        val sizeBytes = chunk.getInt(4).toLong() and 0xffffffffL
        when (chunk.text(0)) {
            "fmt " -> {
                if (sizeBytes !in 16..1024) throw UnreadableAudioException("damaged: its format takes $sizeBytes bytes")
                format = WavFormat.of(stream.readLittleEndian(sizeBytes.toInt()))
                stream.skipNBytes(sizeBytes % 2)
            }
            "data" -> {
                format ?: throw UnreadableAudioException("damaged: its audio comes before its format")
                val isUnknown = isUnknownSize(file, position, sizeBytes, fileSizeBytes)
                val thereBytes = fileSizeBytes - position
                return format.readAudio(stream, if (isUnknown) thereBytes else sizeBytes, thereBytes, channel)
            }
            else -> stream.skipNBytes(sizeBytes + sizeBytes % 2) // chunks are padded to even sizes
        }
        position += sizeBytes + sizeBytes % 2
    }
}

/** Whether [statedBytes] for the audio from [audioStart] on mean "to the end of the file". */
private fun isUnknownSize(file: Path, audioStart: Long, statedBytes: Long, fileSizeBytes: Long): Boolean {
    if (statedBytes > 0) {
        val isPlaceholder = placeholderSizes.any { abs(statedBytes - it) <= NEAR_PLACEHOLDER_BYTES }
        return isPlaceholder && audioStart + statedBytes > fileSizeBytes
    }
    // No audio, unless what follows is not a row of chunks up to the end.
    var position = audioStart
    Files.newByteChannel(file).use { channel ->
        val chunk = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN)
        while (position + 8 <= fileSizeBytes) {
            channel.position(position)
            chunk.clear()
            while (chunk.hasRemaining()) if (channel.read(chunk) < 0) throw EOFException()
            if (chunk.array().take(4).any { it !in 0x20..0x7e }) return true
            val sizeBytes = chunk.getInt(4).toLong() and 0xffffffffL
            position += 8 + sizeBytes + sizeBytes % 2
        }
    }
    return position !in fileSizeBytes..fileSizeBytes + 1 // the last byte of padding is often left out
}

private class WavFormat(val isFloat: Boolean, val channels: Int, val rateHz: Int, val sampleBits: Int) {
    private val frameBytes = channels * sampleBits / 8

    fun readAudio(stream: InputStream, statedBytes: Long, thereBytes: Long, channel: Int?): Mixdown {
        if (statedBytes > thereBytes) {
            throw UnreadableAudioException("truncated: its header promises $statedBytes bytes of audio, $thereBytes are there; copy it again")
        }
        var framesLeft = statedBytes / frameBytes
        val collector = PcmCollector(rateHz, channels, channel)
        val blockFrames = maxOf(1, BLOCK_BYTES / frameBytes)
        val bytes = ByteArray(blockFrames * frameBytes)
        val samples = FloatArray(blockFrames * channels)
        while (framesLeft > 0) {
            val frames = minOf(framesLeft, blockFrames.toLong()).toInt()
            if (stream.readNBytes(bytes, 0, frames * frameBytes) < frames * frameBytes) throw EOFException()
            decode(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN), samples, frames * channels)
            collector.add(samples, frames)
            framesLeft -= frames
        }
        return collector.finish()
    }

    private fun decode(bytes: ByteBuffer, samples: FloatArray, count: Int) {
        when {
            isFloat && sampleBits == 32 -> for (i in 0 until count) samples[i] = bytes.getFloat(4 * i)
            isFloat -> for (i in 0 until count) samples[i] = bytes.getDouble(8 * i).toFloat()
            sampleBits == 8 -> for (i in 0 until count) samples[i] = ((bytes.get(i).toInt() and 0xff) - 128) / 128f
            sampleBits == 16 -> for (i in 0 until count) samples[i] = bytes.getShort(2 * i) / 32768f
            sampleBits == 24 -> for (i in 0 until count) {
                val low = bytes.getShort(3 * i).toInt() and 0xffff
                samples[i] = ((bytes.get(3 * i + 2).toInt() shl 16) or low) / 8388608f
            }
            else -> for (i in 0 until count) samples[i] = bytes.getInt(4 * i) / 2147483648f
        }
    }

    companion object {
        /** Reads the fmt chunk. */
        fun of(chunk: ByteBuffer): WavFormat {
            val tag = chunk.unsignedShort(0)
            // The extensible format says at its end, in the first bytes of an identifier, what it holds.
            val encoding = if (tag == FORMAT_EXTENSIBLE && chunk.capacity() >= 40) chunk.unsignedShort(24) else tag
            val channels = chunk.unsignedShort(2)
            val sampleBits = chunk.unsignedShort(14)
            val isKnown = when (encoding) {
                FORMAT_PCM -> sampleBits in listOf(8, 16, 24, 32)
                FORMAT_FLOAT -> sampleBits in listOf(32, 64)
                else -> false
            }
            if (!isKnown) {
                otherEncodings[encoding]?.let { name ->
                    throw UnreadableAudioException("WAV encoding $encoding ($name) is not supported; convert it to 16-bit PCM")
                }
                throw UnreadableAudioException("WAV encoding $encoding of $sampleBits bits is not supported; convert it to 16-bit PCM")
            }
            val frameBytes = chunk.unsignedShort(12)
            if (channels == 0 || frameBytes != channels * sampleBits / 8) {
                throw UnreadableAudioException("damaged: its header states $channels channels of $sampleBits bits in $frameBytes bytes")
            }
            return WavFormat(encoding == FORMAT_FLOAT, channels, chunk.getInt(4), sampleBits)
        }
    }
}

private fun InputStream.readLittleEndian(count: Int): ByteBuffer {
    val bytes = readNBytes(count)
    if (bytes.size < count) throw EOFException()
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN)
}

private fun ByteBuffer.unsignedShort(index: Int) = getShort(index).toInt() and 0xffff

private fun ByteBuffer.text(index: Int) = String(array(), index, 4, Charsets.ISO_8859_1)
