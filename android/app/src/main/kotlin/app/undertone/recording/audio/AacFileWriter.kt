package app.undertone.recording.audio

import android.media.MediaCodec
import android.media.MediaCodecInfo
import android.media.MediaFormat
import android.media.MediaMuxer
import app.undertone.engine.gate.SpeechDetector
import java.io.File
import java.io.IOException
import java.nio.Buffer

/**
 * Writes AAC-LC into an MP4 file, with the platform's encoder and muxer. For one thread.
 *
 * Codecs and muxers throw what they like, [IOException] and every [RuntimeException]; the file is of use only after [finish].
 */
internal class AacFileWriter(file: File) : AutoCloseable {
    private val codec = MediaCodec.createEncoderByType(MediaFormat.MIMETYPE_AUDIO_AAC)
    private var muxer: MediaMuxer? = null
    private val info = MediaCodec.BufferInfo()
    private var track: Int? = null
    private var samples = 0L

    init {
        var isStarted = false
        try {
            val format = MediaFormat.createAudioFormat(MediaFormat.MIMETYPE_AUDIO_AAC, RATE_HZ, 1)
            format.setInteger(MediaFormat.KEY_AAC_PROFILE, MediaCodecInfo.CodecProfileLevel.AACObjectLC)
            format.setInteger(MediaFormat.KEY_BIT_RATE, BITS_PER_S)
            codec.configure(format, null, null, MediaCodec.CONFIGURE_FLAG_ENCODE)
            codec.start()
            muxer = MediaMuxer(file.path, MediaMuxer.OutputFormat.MUXER_OUTPUT_MPEG_4)
            isStarted = true
        } finally {
            if (!isStarted) close()
        }
    }

    /** Appends the first [length] bytes of [pcm], whole samples: mono PCM16 at [RATE_HZ], little endian, as every Android device is. */
    fun write(pcm: ByteArray, length: Int) {
        var from = 0
        while (from < length) {
            val index = nextInput()
            val buffer = checkNotNull(codec.getInputBuffer(index))
            (buffer as Buffer).clear() // on Android 8 only Buffer has it
            val sizeBytes = minOf(length - from, buffer.remaining()) / Short.SIZE_BYTES * Short.SIZE_BYTES
            check(sizeBytes > 0) { "an input buffer of ${buffer.remaining()} bytes for ${length - from} bytes" }
            buffer.put(pcm, from, sizeBytes)
            codec.queueInputBuffer(index, 0, sizeBytes, timeUs(), 0)
            from += sizeBytes
            samples += sizeBytes / Short.SIZE_BYTES
            drain(untilEnd = false)
        }
    }

    /** Waits for what is still being encoded, and completes the file. */
    fun finish() {
        codec.queueInputBuffer(nextInput(), 0, 0, timeUs(), MediaCodec.BUFFER_FLAG_END_OF_STREAM)
        drain(untilEnd = true)
        if (track == null) throw IOException("the encoder gave nothing")
        checkNotNull(muxer).stop()
    }

    override fun close() {
        releasing { codec.release() }
        releasing { muxer?.release() }
    }

    private fun timeUs() = samples * MICROS_IN_S / RATE_HZ

    private fun nextInput(): Int {
        repeat(MOST_WAITS) {
            val index = codec.dequeueInputBuffer(WAIT_US)
            if (index >= 0) return index
            drain(untilEnd = false)
        }
        throw IOException("the encoder takes nothing any more")
    }

    /** Moves into the file what is encoded by now, or all until the end of the stream. */
    private fun drain(untilEnd: Boolean) {
        var waits = 0
        while (true) {
            val index = codec.dequeueOutputBuffer(info, if (untilEnd) WAIT_US else 0)
            when {
                index == MediaCodec.INFO_OUTPUT_FORMAT_CHANGED -> begin()
                index >= 0 -> {
                    waits = 0
                    val isEnd = info.flags and MediaCodec.BUFFER_FLAG_END_OF_STREAM != 0
                    store(index)
                    if (isEnd) return
                }
                !untilEnd -> return
                ++waits == MOST_WAITS -> throw IOException("the encoder does not come to its end")
            }
        }
    }

    private fun begin() {
        if (track != null) return
        val muxer = checkNotNull(muxer)
        track = muxer.addTrack(codec.outputFormat)
        muxer.start()
    }

    private fun store(index: Int) {
        // The description of the stream is in the format that the muxer got.
        if (info.size > 0 && info.flags and MediaCodec.BUFFER_FLAG_CODEC_CONFIG == 0) {
            val track = track ?: throw IOException("the encoder gave audio before its format")
            checkNotNull(muxer).writeSampleData(track, checkNotNull(codec.getOutputBuffer(index)), info)
        }
        codec.releaseOutputBuffer(index, false)
    }

    private inline fun releasing(release: () -> Unit) = try {
        release()
    } catch (_: RuntimeException) {
        Unit // a codec whose process died has nothing left to release
    }

    companion object {
        const val RATE_HZ = SpeechDetector.SAMPLE_RATE_HZ

        /** Of speech in one channel at this rate, transparent to the ear; 14 MB an hour. */
        private const val BITS_PER_S = 32_000
        private const val MICROS_IN_S = 1_000_000L
        private const val WAIT_US = 10_000L

        /** 10 s without anything: the codec hangs. */
        private const val MOST_WAITS = 1_000
    }
}
