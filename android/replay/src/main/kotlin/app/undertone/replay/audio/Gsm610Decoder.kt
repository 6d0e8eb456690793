package app.undertone.replay.audio

import java.nio.ByteBuffer

private const val BLOCK_BYTES = 65
private const val FRAME_SAMPLES = 160
private const val SUBFRAME_SAMPLES = 40
private const val LONGEST_LAG = 120
private const val SHORTEST_LAG = 40
private const val RESIDUAL_PULSES = 13
private const val DEEMPHASIS = 28180

/** Bits, smallest value and, in 16 bits, offset and reciprocal of the slope of each coded log-area ratio (GSM 06.10, tables 4.1 and 4.2). */
private val logAreaBits = intArrayOf(6, 6, 5, 5, 4, 4, 3, 3)
private val logAreaSmallest = intArrayOf(-32, -32, -16, -16, -8, -8, -4, -4)
private val logAreaOffset = intArrayOf(0, 0, 2048, -2560, 94, -1792, -341, -1144)
private val logAreaInverse = intArrayOf(13107, 13107, 13107, 13107, 19223, 17476, 31454, 29708)

private val lagGains = intArrayOf(3277, 11469, 21299, 32767)
private val mantissas = intArrayOf(18431, 20479, 22527, 24575, 26623, 28671, 30719, 32767)

/** Where in a frame other mixtures of its reflection coefficients and of those of the frame before begin (GSM 06.10, table 5.1). */
private val interpolationStarts = intArrayOf(0, 13, 27, 40, FRAME_SAMPLES)

/**
 * Decodes GSM 06.10 full rate, to the last bit, as WAV files hold it: two frames of 160 samples, mono, in each block of 65 bytes, packed
 * from the lowest bit on. The arithmetic is that of the standard, in 16 bits with saturation.
 *
 * Source: ETSI EN 300 961 (GSM 06.10), section 5.3.
 */
internal class Gsm610Decoder : BlockDecoder {
    override val blockBytes = BLOCK_BYTES
    override val blockFrames = 2 * FRAME_SAMPLES

    private val residual = IntArray(LONGEST_LAG + SUBFRAME_SAMPLES) // what was, then the subframe at hand
    private var lag = SHORTEST_LAG
    private var logAreas = IntArray(8)
    private val lattice = IntArray(9)
    private var emphasized = 0

    override fun decode(block: ByteBuffer, samples: FloatArray, at: Int) {
        val bits = LowestBitFirst(block)
        repeat(2) { frame(bits, samples, at + it * FRAME_SAMPLES) }
    }

    private fun frame(bits: LowestBitFirst, samples: FloatArray, at: Int) {
        val coded = IntArray(8) { bits.next(logAreaBits[it]) }
        val excitation = IntArray(FRAME_SAMPLES)
        for (start in 0 until FRAME_SAMPLES step SUBFRAME_SAMPLES) {
            subframe(bits)
            residual.copyInto(excitation, start, LONGEST_LAG)
            residual.copyInto(residual, 0, SUBFRAME_SAMPLES)
        }
        val before = logAreas
        logAreas = IntArray(8) { decodedLogArea(it, coded[it]) }
        for (part in 0 until 4) {
            val reflections = IntArray(8) { reflection(interpolated(part, before[it], logAreas[it])) }
            for (i in interpolationStarts[part] until interpolationStarts[part + 1]) {
                emphasized = sum(synthesized(excitation[i], reflections), product(emphasized, DEEMPHASIS))
                samples[at + i] = (sum(emphasized, emphasized) and 0xfff8).toShort() / 32768f
            }
        }
    }

    /** Puts the decoded long-term residual of a subframe at the end of [residual]. */
    private fun subframe(bits: LowestBitFirst) {
        val codedLag = bits.next(7)
        val gain = lagGains[bits.next(2)]
        val grid = bits.next(2)
        val codedLargest = bits.next(6)
        if (codedLag in SHORTEST_LAG..LONGEST_LAG) lag = codedLag
        var exponent = if (codedLargest > 15) (codedLargest shr 3) - 1 else 0
        var mantissa = codedLargest - (exponent shl 3)
        if (mantissa == 0) {
            exponent = -4
            mantissa = 7
        } else {
            while (mantissa <= 7) {
                mantissa = mantissa shl 1 or 1
                exponent--
            }
            mantissa -= 8
        }
        val shift = 6 - exponent
        val rounding = if (shift > 0) 1 shl (shift - 1) else 0
        val pulses = IntArray(SUBFRAME_SAMPLES)
        for (i in 0 until RESIDUAL_PULSES) {
            val pulse = sum(product(mantissas[mantissa], (2 * bits.next(3) - 7) shl 12), rounding)
            pulses[grid + 3 * i] = if (shift >= 0) pulse shr shift else (pulse shl -shift).toShort().toInt()
        }
        for (i in 0 until SUBFRAME_SAMPLES) {
            residual[LONGEST_LAG + i] = sum(pulses[i], product(gain, residual[LONGEST_LAG + i - lag]))
        }
    }

    private fun decodedLogArea(index: Int, coded: Int): Int {
        val scaled = sum(coded, logAreaSmallest[index]) shl 10
        val shifted = product(logAreaInverse[index], difference(scaled, logAreaOffset[index] shl 1))
        return sum(shifted, shifted)
    }

    private fun interpolated(part: Int, before: Int, now: Int): Int = when (part) {
        0 -> sum(sum(before shr 2, now shr 2), before shr 1)
        1 -> sum(before shr 1, now shr 1)
        2 -> sum(sum(before shr 2, now shr 2), now shr 1)
        else -> now
    }

    private fun reflection(logArea: Int): Int {
        val size = if (logArea < 0) minOf(-logArea, 32767) else logArea
        val reflection = when {
            size < 11059 -> size shl 1
            size < 20070 -> size + 11059
            else -> sum(size shr 2, 26112)
        }
        return if (logArea < 0) -reflection else reflection
    }

    private fun synthesized(excitation: Int, reflections: IntArray): Int {
        var sample = excitation
        for (i in 7 downTo 0) {
            sample = difference(sample, product(reflections[i], lattice[i]))
            lattice[i + 1] = sum(lattice[i], product(reflections[i], sample))
        }
        lattice[0] = sample
        return sample
    }

    private fun sum(a: Int, b: Int) = (a + b).coerceIn(-32768, 32767)

    private fun difference(a: Int, b: Int) = (a - b).coerceIn(-32768, 32767)

    private fun product(a: Int, b: Int) = ((a * b + 16384) shr 15).coerceAtMost(32767)
}

private class LowestBitFirst(private val bytes: ByteBuffer) {
    private var held = 0
    private var heldBits = 0

    fun next(count: Int): Int {
        while (heldBits < count) {
            held = held or ((bytes.get().toInt() and 0xff) shl heldBits)
            heldBits += 8
        }
        return (held and ((1 shl count) - 1)).also {
            held = held ushr count
            heldBits -= count
        }
    }
}
