package app.undertone.analysis

import android.content.ContentResolver
import android.content.Context
import android.content.res.AssetFileDescriptor
import android.media.AudioFormat
import android.media.MediaCodec
import android.media.MediaExtractor
import android.media.MediaFormat
import android.net.Uri
import android.provider.OpenableColumns
import java.io.IOException
import java.nio.Buffer
import java.nio.ByteBuffer
import java.nio.ByteOrder

/** Decodes what the phone can: the first audio track of an audio or video file, with the system's own extractors and codecs. */
class MediaAudioDecoder(private val context: Context) : AudioDecoder {

    override fun open(file: Uri): DecodedAudio {
        val sizeBytes = checkedSizeBytes(file)
        var extractor: MediaExtractor? = null
        var codec: MediaCodec? = null
        try {
            extractor = MediaExtractor()
            extractor.setDataSource(context, file, null)
            val format = extractor.selectAudio()
            codec = MediaCodec.createDecoderByType(format.getString(MediaFormat.KEY_MIME)!!)
            codec.configure(format, null, null, 0)
            codec.start()
            return MediaDecodedAudio(context.contentResolver.nameOf(file), format, extractor, codec, isLoaded = { isLoaded(file, sizeBytes) })
        } catch (e: Exception) {
            releasing { codec?.release() }
            releasing { extractor?.release() }
            // Extractors, codecs and the providers behind them throw what they like.
            throw when {
                e is AudioFileException && e.problem != FileProblem.NotAudio -> e
                e is SecurityException -> AudioFileException(FileProblem.Unreadable, e)
                else -> AudioFileException(if (isLoaded(file, sizeBytes)) FileProblem.NotAudio else FileProblem.NotLoaded, e)
            }
        }
    }

    /** As the provider states it; [AssetFileDescriptor.UNKNOWN_LENGTH] where it does not. */
    private fun checkedSizeBytes(file: Uri): Long {
        val statedBytes = try {
            context.contentResolver.openAssetFileDescriptor(file, "r")?.use { it.length }
        } catch (e: IOException) {
            // What is listed and yet not there is somewhere else.
            throw AudioFileException(if (context.contentResolver.nameOf(file) == null) FileProblem.Unreadable else FileProblem.NotLoaded, e)
        } catch (e: RuntimeException) {
            throw AudioFileException(FileProblem.Unreadable, e) // a provider's own failure
        }
        val sizeBytes = statedBytes ?: throw AudioFileException(FileProblem.Unreadable)
        when {
            sizeBytes == 0L -> throw AudioFileException(FileProblem.Empty)
            sizeBytes > LARGEST_BYTES -> throw AudioFileException(FileProblem.TooLarge(LARGEST_BYTES))
        }
        return sizeBytes
    }

    /**
     * Whether the provider gives out every byte of [file]. Asked only of a file that could not be decoded: a damaged one is all there, and one
     * in a cloud that cannot be reached is not.
     */
    private fun isLoaded(file: Uri, sizeBytes: Long): Boolean = try {
        context.contentResolver.openInputStream(file)!!.use { stream ->
            val bytes = ByteArray(READ_BYTES)
            var readBytes = 0L
            while (true) {
                val count = stream.read(bytes)
                if (count < 0) break
                readBytes += count
            }
            sizeBytes == AssetFileDescriptor.UNKNOWN_LENGTH || readBytes >= sizeBytes
        }
    } catch (_: IOException) {
        false
    } catch (_: RuntimeException) {
        false
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

    private companion object {
        /** A film of two hours: how long its sound may be is for others to say. */
        const val LARGEST_BYTES = 20_000_000_000L
        const val READ_BYTES = 65_536
    }
}

/** The name of [file] as its app says it; null where it says none. Blocks on that app. */
internal fun ContentResolver.nameOf(file: Uri): String? = try {
    query(file, arrayOf(OpenableColumns.DISPLAY_NAME), null, null, null)?.use { row -> if (row.moveToFirst()) row.getString(0) else null }
} catch (_: Exception) {
    null // a provider's own failure; the file may be read all the same
}

/** A codec or an extractor whose process died has nothing left to release, and says so in its own way. */
private inline fun releasing(release: () -> Unit) = try {
    release()
} catch (_: Exception) {
    Unit
}

/** @param isLoaded whether the whole file can be read; blocks on it. */
private class MediaDecodedAudio(
    override val name: String?,
    private var format: MediaFormat,
    private val extractor: MediaExtractor,
    private val codec: MediaCodec,
    private val isLoaded: () -> Boolean,
) : DecodedAudio {
    override val lengthMs: Long? =
        if (format.containsKey(MediaFormat.KEY_DURATION)) format.getLong(MediaFormat.KEY_DURATION) / MICROS_IN_MS else null

    /** Where an MP3 has no table, its length is a guess from its bit rate. */
    private val isLengthGuessed = format.getString(MediaFormat.KEY_MIME) == MediaFormat.MIMETYPE_AUDIO_MPEG
    private var decodedMs = 0.0

    override val isCutShort: Boolean
        get() = isOver && !isLengthGuessed && lengthMs != null && decodedMs < lengthMs - maxOf(SHORT_BY_MS, lengthMs / SHORT_BY_SHARE)

    private val info = MediaCodec.BufferInfo()
    private var pcm = ShortArray(0)
    private var isFed = false
    private var isOver = false

    override fun next(): PcmBlock? {
        val block = try {
            decodeNext()
        } catch (e: MediaCodec.CryptoException) {
            throw AudioFileException(FileProblem.Protected, e)
        } catch (e: AudioFileException) {
            throw e
        } catch (e: IOException) {
            throw broken(e)
        } catch (e: RuntimeException) {
            throw broken(e)
        }
        if (block == null && isCutShort && !isLoaded()) throw AudioFileException(FileProblem.NotLoaded)
        return block
    }

    private fun broken(cause: Exception? = null) = AudioFileException(if (isLoaded()) FileProblem.Damaged else FileProblem.NotLoaded, cause)

    override fun close() {
        releasing { codec.release() }
        releasing { extractor.release() }
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
                throw broken()
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
        // On Android 8 only Buffer has these: calls on ByteBuffer compile, and are not found there.
        val bounds: Buffer = bytes
        bounds.limit(info.offset + info.size)
        bounds.position(info.offset)
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
        val rateHz = format.getInteger(MediaFormat.KEY_SAMPLE_RATE)
        decodedMs += length * 1000.0 / rateHz
        return PcmBlock(pcm, length, rateHz)
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

        /** Encoders pad, and containers round: what is missing beyond 2 s and a fiftieth of the file is missing. */
        const val SHORT_BY_MS = 2_000L
        const val SHORT_BY_SHARE = 50

        /** 10 s without output: the codec hangs. */
        const val MOST_WAITS = 1_000
    }
}
