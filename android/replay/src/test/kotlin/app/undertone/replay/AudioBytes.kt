package app.undertone.replay

import java.io.ByteArrayOutputStream
import java.nio.ByteBuffer
import java.nio.ByteOrder
import java.security.MessageDigest
import kotlin.math.roundToLong

/** How a [wavBytes] stores its samples; [tag] is 1 for PCM, 3 for float. */
enum class WavEncoding(val tag: Int, val bits: Int) {
    PCM_8(1, 8),
    PCM_16(1, 16),
    PCM_24(1, 24),
    PCM_32(1, 32),
    FLOAT_32(3, 32),
    FLOAT_64(3, 64),
}

/**
 * A WAV file of [channels], which are equally long.
 *
 * @param statedBytes what the header says about the size of the audio, if not the truth.
 */
fun wavBytes(
    vararg channels: FloatArray,
    rateHz: Int = 16_000,
    encoding: WavEncoding = WavEncoding.PCM_16,
    isExtensible: Boolean = false,
    statedBytes: Int? = null,
): ByteArray {
    val frames = channels.firstOrNull()?.size ?: 0
    val frameBytes = channels.size * encoding.bits / 8
    val formatBytes = if (isExtensible) 40 else 16
    val file = ByteBuffer.allocate(20 + formatBytes + 12 + 8 + frames * frameBytes).order(ByteOrder.LITTLE_ENDIAN)
    fun text(text: String) = file.put(text.encodeToByteArray())
    text("RIFF").putInt(file.capacity() - 8)
    text("WAVE")
    text("fmt ").putInt(formatBytes)
    file.putShort((if (isExtensible) 0xfffe else encoding.tag).toShort()).putShort(channels.size.toShort())
    file.putInt(rateHz).putInt(rateHz * frameBytes).putShort(frameBytes.toShort()).putShort(encoding.bits.toShort())
    if (isExtensible) {
        file.putShort(22).putShort(encoding.bits.toShort()).putInt(0).putShort(encoding.tag.toShort())
        file.put("0000000000001000800000aa00389b71".chunked(2).map { it.toInt(16).toByte() }.toByteArray(), 0, 14)
    }
    text("LIST").putInt(3).putInt(0) // three bytes and one of padding, to be skipped
    text("data").putInt(statedBytes ?: (frames * frameBytes))
    for (frame in 0 until frames) for (channel in channels) file.putSample(channel[frame], encoding)
    return file.array()
}

/** Puts [sample], in the buffer's order of bytes; 8 bits are signed but in WAV. */
internal fun ByteBuffer.putSample(sample: Float, encoding: WavEncoding, isSigned: Boolean = encoding != WavEncoding.PCM_8) {
    if (encoding == WavEncoding.FLOAT_32) {
        putFloat(sample)
    } else if (encoding == WavEncoding.FLOAT_64) {
        putDouble(sample.toDouble())
    } else {
        val fullScale = 1L shl (encoding.bits - 1)
        val whole = (sample * fullScale.toDouble()).roundToLong().coerceIn(-fullScale, fullScale - 1)
        val stored = if (isSigned) whole else whole + fullScale
        val bytes = 0 until encoding.bits / 8
        for (byte in if (order() == ByteOrder.LITTLE_ENDIAN) bytes else bytes.reversed()) put((stored shr (8 * byte)).toByte())
    }
}

/**
 * A FLAC file of 16-bit [channels], stored without compression.
 *
 * @param isEscaped as residuals that escape from Rice coding (RFC 9639, section 9.2.7.1), not as verbatim subframes.
 */
fun flacBytes(vararg channels: FloatArray, rateHz: Int = 16_000, isEscaped: Boolean = false): ByteArray {
    val samples = channels.map { channel -> ShortArray(channel.size) { (channel[it] * 32768).toInt().toShort() } }
    val length = samples.first().size
    val interleaved = ByteBuffer.allocate(2 * length * samples.size).order(ByteOrder.LITTLE_ENDIAN)
    for (i in 0 until length) samples.forEach { interleaved.putShort(it[i]) }

    val info = ByteBuffer.allocate(34)
    info.putShort(FLAC_BLOCK.toShort()).putShort(FLAC_BLOCK.toShort()).position(10)
    info.putLong((rateHz.toLong() shl 44) or ((samples.size - 1L) shl 41) or (15L shl 36) or length.toLong())
    info.put(MessageDigest.getInstance("MD5").digest(interleaved.array()))

    val file = ByteArrayOutputStream()
    file.writeBytes("fLaC".encodeToByteArray() + byteArrayOf(0x80.toByte(), 0, 0, 34) + info.array())
    for ((number, start) in (0 until length step FLAC_BLOCK).withIndex()) {
        file.writeBytes(flacFrame(number, samples.map { it.copyOfRange(start, minOf(start + FLAC_BLOCK, length)) }, isEscaped))
    }
    return file.toByteArray()
}

private const val FLAC_BLOCK = 4096

/** Frame [number], below 128, whose channels have [samples]. */
private fun flacFrame(number: Int, samples: List<ShortArray>, isEscaped: Boolean): ByteArray {
    val last = samples.first().size - 1
    val header = listOf(0xff, 0xf8, 0x70, (samples.size - 1) shl 4, number, last shr 8, last and 0xff).toBytes()
    val frame = ByteArrayOutputStream()
    frame.writeBytes(header + crc(header, bits = 8, polynomial = 0x07).toByte())
    for (channel in samples) {
        // Fixed predictor of order 0; Rice codes of 5 bits, one partition, escaped to 16 bits a sample.
        frame.writeBytes((if (isEscaped) listOf(0x10, 0x43, 0xf0) else listOf(0x02)).toBytes())
        frame.writeBytes(channel.flatMap { listOf(it.toInt() shr 8, it.toInt()) }.toBytes())
    }
    val crc = crc(frame.toByteArray(), bits = 16, polynomial = 0x8005)
    frame.writeBytes(listOf(crc shr 8, crc).toBytes())
    return frame.toByteArray()
}

private fun List<Int>.toBytes() = ByteArray(size) { this[it].toByte() }

private fun crc(bytes: ByteArray, bits: Int, polynomial: Int): Int {
    val mask = (1 shl bits) - 1
    return bytes.fold(0) { crc, byte ->
        (0 until 8).fold(crc xor ((byte.toInt() and 0xff) shl (bits - 8))) { value, _ ->
            (if (value shr (bits - 1) and 1 == 1) (value shl 1) xor polynomial else value shl 1) and mask
        }
    }
}
