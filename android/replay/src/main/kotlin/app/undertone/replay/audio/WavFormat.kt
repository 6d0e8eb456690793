package app.undertone.replay.audio

import java.nio.ByteBuffer
import java.nio.ByteOrder

private const val FORMAT_PCM = 1
private const val FORMAT_MS_ADPCM = 2
private const val FORMAT_FLOAT = 3
private const val FORMAT_A_LAW = 6
private const val FORMAT_MU_LAW = 7
private const val FORMAT_IMA_ADPCM = 17
private const val FORMAT_GSM = 49
private const val FORMAT_MPEG = 80
private const val FORMAT_MP3 = 85
private const val FORMAT_EXTENSIBLE = 0xfffe

/** Encodings that other programs write and read, by their number in the header. */
private val otherEncodings = mapOf(20 to "G.723", 64 to "G.721", 100 to "G.726", 255 to "AAC", 0x161 to "WMA", 0x162 to "WMA")

/** Turns blocks of [blockBytes] bytes into [blockFrames] frames each, one block after the other. */
internal interface BlockDecoder {
    val blockBytes: Int
    val blockFrames: Int

    /** Decodes one block, from the position of [block] on, little endian, to interleaved [samples] from index [at] on, in [-1, 1). */
    fun decode(block: ByteBuffer, samples: FloatArray, at: Int)
}

/** What the fmt chunk of a WAV file says. */
internal class WavFormat private constructor(val channels: Int, val rateHz: Int, val isMpeg: Boolean, private val decoder: () -> BlockDecoder) {
    /** A decoder of these samples, which starts anew. */
    fun newDecoder(): BlockDecoder = decoder()

    companion object {
        /** @throws UnreadableAudioException for an encoding that is not read here, and for one that makes no sense. */
        fun of(chunk: ByteBuffer): WavFormat {
            val tag = chunk.unsignedShort(0)
            // The extensible format says at its end, in the first bytes of an identifier, what it holds.
            val encoding = if (tag == FORMAT_EXTENSIBLE && chunk.capacity() >= 40) chunk.unsignedShort(24) else tag
            val channels = chunk.unsignedShort(2)
            val rateHz = chunk.getInt(4)
            val blockBytes = chunk.unsignedShort(12)
            val sampleBits = chunk.unsignedShort(14)
            if (encoding == FORMAT_MPEG || encoding == FORMAT_MP3) return WavFormat(channels, rateHz, isMpeg = true) { error("MPEG has no blocks") }
            val decoder = decoderOf(encoding, channels, sampleBits, blockBytes, chunk)
            if (channels == 0 || decoder == null || decoder.blockBytes != blockBytes || decoder.blockFrames <= 0) {
                throw UnreadableAudioException("damaged: its header states $channels channels of $sampleBits bits in $blockBytes bytes")
            }
            return WavFormat(channels, rateHz, isMpeg = false) { decoderOf(encoding, channels, sampleBits, blockBytes, chunk)!! }
        }

        /** Null where [channels] and [blockBytes] do not go together. */
        private fun decoderOf(encoding: Int, channels: Int, sampleBits: Int, blockBytes: Int, chunk: ByteBuffer): BlockDecoder? {
            val isKnown = when (encoding) {
                FORMAT_PCM -> sampleBits in listOf(8, 16, 24, 32)
                FORMAT_FLOAT -> sampleBits in listOf(32, 64)
                FORMAT_A_LAW, FORMAT_MU_LAW -> sampleBits == 8
                FORMAT_MS_ADPCM, FORMAT_IMA_ADPCM -> sampleBits == 4
                FORMAT_GSM -> true
                else -> false
            }
            if (!isKnown) {
                val name = otherEncodings[encoding]?.let { "($it)" } ?: "of $sampleBits bits"
                throw UnreadableAudioException("WAV encoding $encoding $name is not supported; convert it to 16-bit PCM")
            }
            if (channels == 0) return null
            return when (encoding) {
                FORMAT_GSM -> if (channels == 1) Gsm610Decoder() else null
                FORMAT_IMA_ADPCM -> if (blockBytes % (4 * channels) == 0) ImaAdpcmDecoder(blockBytes, channels) else null
                FORMAT_MS_ADPCM -> if (blockBytes > 7 * channels) MicrosoftAdpcmDecoder(blockBytes, channels, coefficients(chunk)) else null
                FORMAT_A_LAW -> FrameDecoder(channels, 1) { aLaw[it.get().toInt() and 0xff] }
                FORMAT_MU_LAW -> FrameDecoder(channels, 1) { muLaw[it.get().toInt() and 0xff] }
                else -> FrameDecoder(channels, sampleBits / 8, linear(encoding == FORMAT_FLOAT, isSigned = sampleBits > 8, sampleBits))
            }
        }

        private fun coefficients(chunk: ByteBuffer): IntArray {
            val count = if (chunk.capacity() >= 22) chunk.unsignedShort(20) else 0
            if (count == 0 || chunk.capacity() < 22 + 4 * count) throw UnreadableAudioException("damaged: its ADPCM has no coefficients")
            return IntArray(2 * count) { chunk.getShort(22 + 2 * it).toInt() }
        }
    }
}

/** Frames of [channels] samples of [sampleBytes] bytes each. */
private class FrameDecoder(private val channels: Int, sampleBytes: Int, private val sample: (ByteBuffer) -> Float) : BlockDecoder {
    override val blockBytes = channels * sampleBytes
    override val blockFrames = 1

    override fun decode(block: ByteBuffer, samples: FloatArray, at: Int) {
        for (channel in 0 until channels) samples[at + channel] = sample(block)
    }
}

/** The next sample, in [-1, 1) where it is not a float, of a buffer in its own order of bytes. */
internal fun linear(isFloat: Boolean, isSigned: Boolean, sampleBits: Int): (ByteBuffer) -> Float = when {
    isFloat && sampleBits == 32 -> { bytes -> bytes.getFloat() }
    isFloat -> { bytes -> bytes.getDouble().toFloat() }
    sampleBits == 8 && isSigned -> { bytes -> bytes.get() / 128f }
    sampleBits == 8 -> { bytes -> ((bytes.get().toInt() and 0xff) - 128) / 128f }
    sampleBits == 16 -> { bytes -> bytes.getShort() / 32768f }
    sampleBits == 24 -> { bytes ->
        val (first, second, third) = IntArray(3) { bytes.get().toInt() }
        val (low, high) = if (bytes.order() == ByteOrder.LITTLE_ENDIAN) first to third else third to first
        ((high shl 16) or (second and 0xff shl 8) or (low and 0xff)) / 8388608f
    }
    else -> { bytes -> bytes.getInt() / 2147483648f }
}

/** Source: ITU-T G.711. */
private val muLaw = FloatArray(256) { code ->
    val inverted = code.inv() and 0xff
    val size = (((inverted and 0xf) shl 3) + 0x84 shl (inverted shr 4 and 7)) - 0x84
    (if (inverted and 0x80 != 0) -size else size) / 32768f
}

private val aLaw = FloatArray(256) { code ->
    val toggled = code xor 0x55
    val exponent = toggled shr 4 and 7
    val mantissa = (toggled and 0xf shl 4) + 8
    val size = if (exponent == 0) mantissa else mantissa + 0x100 shl exponent - 1
    (if (toggled and 0x80 != 0) size else -size) / 32768f
}

private fun ByteBuffer.unsignedShort(index: Int) = getShort(index).toInt() and 0xffff
