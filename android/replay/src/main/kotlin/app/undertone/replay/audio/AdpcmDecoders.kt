package app.undertone.replay.audio

import java.nio.ByteBuffer

private val imaSteps = intArrayOf(
    7, 8, 9, 10, 11, 12, 13, 14, 16, 17, 19, 21, 23, 25, 28, 31, 34, 37, 41, 45, 50, 55, 60, 66, 73, 80, 88, 97, 107, 118, 130, 143, 157, 173,
    190, 209, 230, 253, 279, 307, 337, 371, 408, 449, 494, 544, 598, 658, 724, 796, 876, 963, 1060, 1166, 1282, 1411, 1552, 1707, 1878, 2066,
    2272, 2499, 2749, 3024, 3327, 3660, 4026, 4428, 4871, 5358, 5894, 6484, 7132, 7845, 8630, 9493, 10442, 11487, 12635, 13899, 15289, 16818,
    18500, 20350, 22385, 24623, 27086, 29794, 32767,
)
private val imaIndexChanges = intArrayOf(-1, -1, -1, -1, 2, 4, 6, 8)

private val microsoftAdaptation = intArrayOf(230, 230, 230, 230, 307, 409, 512, 614, 768, 614, 512, 409, 307, 230, 230, 230)
private const val SMALLEST_MICROSOFT_STEP = 16

/**
 * IMA ADPCM of [channels] in blocks of [blockBytes], as in WAV files: for each channel a sample and a step, then, by turns, four bytes of
 * each channel with eight differences, the first in the lowest bits.
 *
 * Source: Recommended Practices for Enhancing Digital Audio Compatibility in Multimedia Systems 3.00 (IMA 1992).
 */
internal class ImaAdpcmDecoder(override val blockBytes: Int, private val channels: Int) : BlockDecoder {
    override val blockFrames = (blockBytes / (4 * channels) - 1) * 8 + 1

    override fun decode(block: ByteBuffer, samples: FloatArray, at: Int) {
        val values = IntArray(channels)
        val indices = IntArray(channels)
        for (channel in 0 until channels) {
            values[channel] = block.getShort().toInt()
            indices[channel] = (block.get().toInt() and 0xff).coerceAtMost(imaSteps.lastIndex)
            block.get() // reserved
            samples[at + channel] = values[channel] / 32768f
        }
        for (start in 1 until blockFrames step 8) {
            for (channel in 0 until channels) {
                var codes = block.getInt()
                for (frame in start until start + 8) {
                    val code = codes and 0xf
                    codes = codes ushr 4
                    val step = imaSteps[indices[channel]]
                    var change = step shr 3
                    if (code and 1 != 0) change += step shr 2
                    if (code and 2 != 0) change += step shr 1
                    if (code and 4 != 0) change += step
                    val value = values[channel] + if (code and 8 != 0) -change else change
                    values[channel] = value.coerceIn(-32768, 32767)
                    indices[channel] = (indices[channel] + imaIndexChanges[code and 7]).coerceIn(0, imaSteps.lastIndex)
                    samples[at + frame * channels + channel] = values[channel] / 32768f
                }
            }
        }
    }
}

/**
 * Microsoft's ADPCM of [channels] in blocks of [blockBytes]: for each channel a predictor, a step and two samples, then four bits a sample,
 * the first in the upper ones, channels by turns.
 *
 * @param coefficients two for each predictor, in 1/256.
 * Source: Microsoft's Multimedia Standards Update 3.0 (1994).
 */
internal class MicrosoftAdpcmDecoder(override val blockBytes: Int, private val channels: Int, private val coefficients: IntArray) : BlockDecoder {
    override val blockFrames = (blockBytes - 7 * channels) * 2 / channels + 2

    override fun decode(block: ByteBuffer, samples: FloatArray, at: Int) {
        val predictors = IntArray(channels) { block.get().toInt() and 0xff }
        if (predictors.any { 2 * it + 1 > coefficients.lastIndex }) {
            throw UnreadableAudioException("damaged: its ADPCM data make no sense; copy it again")
        }
        val steps = IntArray(channels) { block.getShort().toInt() }
        val last = IntArray(channels) { block.getShort().toInt() }
        val beforeLast = IntArray(channels) { block.getShort().toInt() }
        for (channel in 0 until channels) {
            samples[at + channel] = beforeLast[channel] / 32768f
            samples[at + channels + channel] = last[channel] / 32768f
        }
        var byte = 0
        for (i in 0 until (blockFrames - 2) * channels) {
            if (i % 2 == 0) byte = block.get().toInt() and 0xff
            val code = if (i % 2 == 0) byte shr 4 else byte and 0xf
            val channel = i % channels
            val first = 2 * predictors[channel]
            val predicted = (last[channel] * coefficients[first] + beforeLast[channel] * coefficients[first + 1]) shr 8
            val signed = if (code >= 8) code - 16 else code
            val value = (predicted + signed * steps[channel]).coerceIn(-32768, 32767)
            steps[channel] = ((steps[channel] * microsoftAdaptation[code]) shr 8).coerceAtLeast(SMALLEST_MICROSOFT_STEP)
            beforeLast[channel] = last[channel]
            last[channel] = value
            samples[at + 2 * channels + i] = value / 32768f
        }
    }
}
