package app.undertone.replay.audio

import java.nio.ByteBuffer

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
                FORMAT_A_LAW -> FrameDecoder(channels, 1, ::aLaw)
                FORMAT_MU_LAW -> FrameDecoder(channels, 1, ::muLaw)
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

private fun ByteBuffer.unsignedShort(index: Int) = getShort(index).toInt() and 0xffff
