package app.undertone.files

import android.content.Context
import android.media.AudioFormat
import android.media.MediaCodec
import android.media.MediaExtractor
import android.media.MediaFormat
import android.net.Uri
import android.provider.OpenableColumns
import java.io.IOException
import java.nio.ByteBuffer
import java.nio.ByteOrder

/** Decodes what the phone can: the first audio track of a file, with the system's own extractors and codecs. */
class MediaAudioDecoder(private val context: Context) : AudioDecoder {

    override fun open(file: Uri): DecodedAudio {
        checkSize(file)
        val extractor = MediaExtractor()
        try {
            extractor.setDataSource(context, file, null)
            val format = extractor.selectAudio()
            val codec = MediaCodec.createDecoderByType(format.getString(MediaFormat.KEY_MIME)!!)
            try {
                codec.configure(format, null, null, 0)
                codec.start()
            } catch (e: Exception) {
                codec.release()
                throw e
            }
            return MediaDecodedAudio(nameOf(file), format, extractor, codec)
        } catch (e: Exception) {
            extractor.release()
            throw when (e) {
                is AudioFileException -> e
                is SecurityException -> AudioFileException(FileProblem.Unreadable, e)
                // Extractors, codecs and the providers behind them throw what they like.
                else -> AudioFileException(FileProblem.NotAudio, e)
            }
        }
    }

    private fun checkSize(file: Uri) {
        val sizeBytes = try {
            context.contentResolver.openAssetFileDescriptor(file, "r")?.use { it.length }
        } catch (e: IOException) {
            throw AudioFileException(FileProblem.Unreadable, e)
        } catch (e: RuntimeException) {
            throw AudioFileException(FileProblem.Unreadable, e) // a provider's own failure
        }
        when {
            sizeBytes == null -> throw AudioFileException(FileProblem.Unreadable)
            sizeBytes == 0L -> throw AudioFileException(FileProblem.Empty)
            sizeBytes > LARGEST_BYTES -> throw AudioFileException(FileProblem.TooLarge(LARGEST_BYTES))
        }
    }

    /** Selects the first audio track and returns its format. */
    private fun MediaExtractor.selectAudio(): MediaFormat {
        val track = (0 until trackCount).firstOrNull { getTrackFormat(it).getString(MediaFormat.KEY_MIME)?.startsWith("audio/") == true }
            ?: throw AudioFileException(FileProblem.NotAudio)
        selectTrack(track)
        if (drmInitData != null || sampleFlags.let { it > 0 && it and MediaExtractor.SAMPLE_FLAG_ENCRYPTED != 0 }) {
            throw AudioFileException(FileProblem.Protected)
        }
        return getTrackFormat(track)
    }

    private fun nameOf(file: Uri): String? = try {
        context.contentResolver.query(file, arrayOf(OpenableColumns.DISPLAY_NAME), null, null, null)?.use { row ->
            if (row.moveToFirst()) row.getString(0) else null
        }
    } catch (e: RuntimeException) {
        null // a provider's own failure; the file may be read all the same
    }

    private companion object {
        const val LARGEST_BYTES = 2_000_000_000L
    }
}

private class MediaDecodedAudio(
    override val name: String?,
    private var format: MediaFormat,
    private val extractor: MediaExtractor,
    private val codec: MediaCodec,
) : DecodedAudio {
    override val lengthMs: Long? =
        if (format.containsKey(MediaFormat.KEY_DURATION)) format.getLong(MediaFormat.KEY_DURATION) / MICROS_IN_MS else null

    private val info = MediaCodec.BufferInfo()
    private var pcm = ShortArray(0)
    private var isFed = false
    private var isOver = false

    override fun next(): PcmBlock? = try {
        decodeNext()
    } catch (e: MediaCodec.CryptoException) {
        throw AudioFileException(FileProblem.Protected, e)
    } catch (e: AudioFileException) {
        throw e
    } catch (e: IOException) {
        throw AudioFileException(FileProblem.Damaged, e)
    } catch (e: RuntimeException) {
        throw AudioFileException(FileProblem.Damaged, e)
    }

    override fun close() {
        try {
            codec.release()
        } catch (_: IllegalStateException) {
            // A codec whose process died has nothing left to release.
        } finally {
            extractor.release()
        }
    }

    private fun decodeNext(): PcmBlock? {
        var waits = 0
        while (!isOver) {
            if (!isFed) feed()
            val buffer = codec.dequeueOutputBuffer(info, WAIT_US)
            if (buffer == MediaCodec.INFO_OUTPUT_FORMAT_CHANGED) {
                format = codec.outputFormat
            } else if (buffer >= 0) {
                waits = 0
                isOver = info.flags and MediaCodec.BUFFER_FLAG_END_OF_STREAM != 0
                val block = if (info.size > 0) blockOf(codec.getOutputBuffer(buffer)!!) else null
                codec.releaseOutputBuffer(buffer, false)
                if (block != null) return block
            } else if (++waits == MOST_WAITS) {
                throw AudioFileException(FileProblem.Damaged)
            }
        }
        return null
    }

    private fun feed() {
        val buffer = codec.dequeueInputBuffer(0)
        if (buffer < 0) return
        val sizeBytes = extractor.readSampleData(codec.getInputBuffer(buffer)!!, 0)
        if (sizeBytes < 0) {
            isFed = true
            codec.queueInputBuffer(buffer, 0, 0, 0, MediaCodec.BUFFER_FLAG_END_OF_STREAM)
        } else {
            codec.queueInputBuffer(buffer, 0, sizeBytes, extractor.sampleTime, 0)
            extractor.advance()
        }
    }

    /** The decoded buffer with its channels averaged. */
    private fun blockOf(buffer: ByteBuffer): PcmBlock {
        val channels = format.getInteger(MediaFormat.KEY_CHANNEL_COUNT)
        val statesEncoding = format.containsKey(MediaFormat.KEY_PCM_ENCODING)
        val encoding = if (statesEncoding) format.getInteger(MediaFormat.KEY_PCM_ENCODING) else AudioFormat.ENCODING_PCM_16BIT
        val bytes = buffer.duplicate().order(ByteOrder.nativeOrder())
        bytes.limit(info.offset + info.size).position(info.offset)
        val length = when (encoding) {
            AudioFormat.ENCODING_PCM_16BIT -> {
                val samples = bytes.asShortBuffer()
                average(samples.remaining(), channels) { samples.get(it).toFloat() }
            }
            AudioFormat.ENCODING_PCM_FLOAT -> {
                val samples = bytes.asFloatBuffer()
                average(samples.remaining(), channels) { samples.get(it) * FULL_SCALE }
            }
            else -> throw AudioFileException(FileProblem.NotAudio)
        }
        return PcmBlock(pcm, length, format.getInteger(MediaFormat.KEY_SAMPLE_RATE))
    }

    /** Fills [pcm] out of interleaved samples; returns how many frames they were. */
    private inline fun average(samples: Int, channels: Int, sample: (Int) -> Float): Int {
        val frames = samples / channels
        if (pcm.size < frames) pcm = ShortArray(frames)
        for (frame in 0 until frames) {
            var sum = 0f
            for (channel in 0 until channels) sum += sample(frame * channels + channel)
            // NaN, which a broken float file may hold, becomes silence here.
            pcm[frame] = Math.round(sum / channels).coerceIn(Short.MIN_VALUE.toInt(), Short.MAX_VALUE.toInt()).toShort()
        }
        return frames
    }

    private companion object {
        const val FULL_SCALE = 32_768f
        const val MICROS_IN_MS = 1_000
        const val WAIT_US = 10_000L

        /** 10 s without output: the codec hangs. */
        const val MOST_WAITS = 1_000
    }
}
