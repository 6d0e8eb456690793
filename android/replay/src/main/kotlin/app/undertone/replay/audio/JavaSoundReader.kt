package app.undertone.replay.audio

import java.io.BufferedInputStream
import java.nio.ByteBuffer
import java.nio.ByteOrder
import javax.sound.sampled.AudioFormat
import javax.sound.sampled.AudioFormat.Encoding
import javax.sound.sampled.AudioInputStream
import javax.sound.sampled.AudioSystem
import javax.sound.sampled.UnsupportedAudioFileException

private const val FRAMES_AT_ONCE = 1 shl 14

/**
 * Reads an AIFF, AIFF-C or AU file, all or one [channel] of it, by Java's own readers: PCM of 8 to 32 bits, float, A-law and mu-law.
 *
 * @throws UnreadableAudioException for other encodings, and for a file that is shorter than its header says.
 */
internal fun readJavaSound(source: AudioSource, channel: Int? = null): Mixdown = source.open().use { stream ->
    decoding("PCM") { readJavaSound(linearAudio(stream), channel) }
}

private fun linearAudio(stream: BufferedInputStream): AudioInputStream {
    val audio = try {
        AudioSystem.getAudioInputStream(stream)
    } catch (e: UnsupportedAudioFileException) {
        throw UnreadableAudioException("an AIFF or AU file in an encoding that is not supported, or damaged; convert it to 16-bit PCM", e)
    }
    val isCompanded = audio.format.encoding == Encoding.ULAW || audio.format.encoding == Encoding.ALAW
    return if (isCompanded) AudioSystem.getAudioInputStream(Encoding.PCM_SIGNED, audio) else audio
}

private fun readJavaSound(audio: AudioInputStream, channel: Int?): Mixdown {
    val format: AudioFormat = audio.format
    if (format.encoding !in listOf(Encoding.PCM_SIGNED, Encoding.PCM_UNSIGNED, Encoding.PCM_FLOAT)) {
        throw UnreadableAudioException("its encoding, ${format.encoding}, is not supported; convert it to 16-bit PCM")
    }
    val sample = linear(format.encoding == Encoding.PCM_FLOAT, format.encoding == Encoding.PCM_SIGNED, format.sampleSizeInBits)
    val collector = PcmCollector(format.sampleRate.toInt(), format.channels, channel)
    var frames = 0L
    while (true) {
        val bytes = audio.readNBytes(FRAMES_AT_ONCE * format.frameSize)
        if (bytes.isEmpty()) break
        val buffer = ByteBuffer.wrap(bytes).order(if (format.isBigEndian) ByteOrder.BIG_ENDIAN else ByteOrder.LITTLE_ENDIAN)
        val count = bytes.size / format.frameSize
        collector.add(FloatArray(count * format.channels) { sample(buffer) }, count)
        frames += count
    }
    if (frames < audio.frameLength) {
        throw UnreadableAudioException("truncated: its header promises ${audio.frameLength} frames, $frames are there; copy it again")
    }
    return collector.finish()
}
