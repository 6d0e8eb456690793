package app.undertone.replay.audio

import org.jflac.FLACDecoder
import org.jflac.FrameListener
import org.jflac.frame.Frame
import org.jflac.metadata.Metadata
import java.io.BufferedInputStream
import java.security.MessageDigest

// "fLaC", the header of the first metadata block, and that block, which is always STREAMINFO and ends with an MD5.
private const val MD5_OFFSET = 4 + 4 + 18
private const val MD5_BYTES = 16

/**
 * Reads a FLAC file of 8 to 24 bits, of any rate and any number of channels, all or one [channel] of them, and checks its length and
 * MD5. One that was written to a pipe states neither, and ends with its file.
 *
 * Source: RFC 9639, section 8.2.
 */
internal fun readFlac(source: AudioSource, channel: Int? = null): Mixdown = source.open().use { readFlac(it, channel) }

private fun readFlac(stream: BufferedInputStream, channel: Int?): Mixdown {
    val md5 = stream.run {
        mark(MD5_OFFSET + MD5_BYTES)
        readNBytes(MD5_OFFSET + MD5_BYTES).also { reset() }.drop(MD5_OFFSET)
    }
    val decoder = FLACDecoder(stream).apply { addFrameListener(StrictListener) }
    val info = decoding("FLAC") { decoder.readMetadata().let { decoder.streamInfo } }
        ?: throw UnreadableAudioException("damaged: it has no FLAC stream information; copy it again")
    val collector = PcmCollector(info.sampleRate, info.channels, channel)
    val digest = MessageDigest.getInstance("MD5")
    val fullScale = (1L shl (info.bitsPerSample - 1)).toFloat()
    val sampleBytes = (info.bitsPerSample + 7) / 8
    var decoded = 0L
    // Asked for more than there is, the decoder would search what follows the audio for another frame.
    while (info.totalSamples == 0L || decoded < info.totalSamples) {
        val header = decoding("FLAC") { decoder.readNextFrame() }?.header ?: break
        if (header.channels != info.channels || header.bitsPerSample != info.bitsPerSample) {
            throw UnreadableAudioException(
                "damaged: a frame has ${header.channels} channels of ${header.bitsPerSample} bits, " +
                    "its header promises ${info.channels} of ${info.bitsPerSample}; copy it again",
            )
        }
        val frames = header.blockSize
        val samples = FloatArray(frames * info.channels)
        val bytes = ByteArray(samples.size * sampleBytes)
        for (channel in 0 until info.channels) {
            val output = decoder.channelData[channel].output
            for (frame in 0 until frames) {
                val i = frame * info.channels + channel
                samples[i] = output[frame] / fullScale
                for (byte in 0 until sampleBytes) bytes[i * sampleBytes + byte] = (output[frame] shr (8 * byte)).toByte()
            }
        }
        digest.update(bytes)
        collector.add(samples, frames)
        decoded += frames
    }
    if (decoded < info.totalSamples) {
        throw UnreadableAudioException("truncated: its header promises ${info.totalSamples} samples, $decoded are there; copy it again")
    }
    if (md5.any { it != 0.toByte() } && md5 != digest.digest().asList()) {
        throw UnreadableAudioException("damaged: its samples do not have the MD5 in its header; copy it again")
    }
    return collector.finish()
}

/** The decoder goes on after an error, with zeros for the samples that it lost, or for ever. This ends it. */
private object StrictListener : FrameListener {
    override fun processMetadata(metadata: Metadata) = Unit

    override fun processFrame(frame: Frame) = Unit

    override fun processError(message: String) {
        // The end of the file comes as an exception as well, and then as no frame: a truncation, not damage.
        if ("EOFException" !in message) throw UnreadableAudioException("damaged: $message; copy it again")
    }
}
