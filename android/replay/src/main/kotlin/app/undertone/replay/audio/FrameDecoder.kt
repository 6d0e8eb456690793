package app.undertone.replay.audio

import java.nio.ByteBuffer
import java.nio.ByteOrder

/** Frames of [channels] samples of [sampleBytes] bytes each. */
internal class FrameDecoder(private val channels: Int, sampleBytes: Int, private val sample: (ByteBuffer) -> Float) : BlockDecoder {
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

/** The next sample, of mu-law. Source: ITU-T G.711. */
internal fun muLaw(bytes: ByteBuffer): Float = muLawSamples[bytes.get().toInt() and 0xff]

/** The next sample, of A-law. Source: ITU-T G.711. */
internal fun aLaw(bytes: ByteBuffer): Float = aLawSamples[bytes.get().toInt() and 0xff]

private val muLawSamples = FloatArray(256) { code ->
    val inverted = code.inv() and 0xff
    val size = (((inverted and 0xf) shl 3) + 0x84 shl (inverted shr 4 and 7)) - 0x84
    (if (inverted and 0x80 != 0) -size else size) / 32768f
}

private val aLawSamples = FloatArray(256) { code ->
    val toggled = code xor 0x55
    val exponent = toggled shr 4 and 7
    val mantissa = (toggled and 0xf shl 4) + 8
    val size = if (exponent == 0) mantissa else mantissa + 0x100 shl exponent - 1
    (if (toggled and 0x80 != 0) size else -size) / 32768f
}
