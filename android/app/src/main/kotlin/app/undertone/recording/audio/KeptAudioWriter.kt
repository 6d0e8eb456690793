package app.undertone.recording.audio

import app.undertone.engine.Resampler
import app.undertone.engine.gate.SpeechDetector
import java.io.File
import java.io.IOException
import java.io.RandomAccessFile
import java.nio.Buffer
import java.nio.ByteBuffer
import java.nio.ByteOrder.LITTLE_ENDIAN

/**
 * Writes a recording as WAV: mono PCM16 at the model's rate, so that its positions are those of the segments.
 *
 * The file is a valid WAV from its first second on, whatever happens to the process: the header never promises more than is there,
 * and is at most a second behind. What was lost is silence; it takes no room on the disk. A recording that is given up closes it while
 * another thread still writes: once it is closed, nothing is written any more.
 */
class KeptAudioWriter(val file: File) : AutoCloseable {
    private val lock = Any()
    private var isClosed = false
    private var disk: RandomAccessFile? = null
    private var resampler: Resampler? = null
    private var inputRateHz = RATE_HZ
    private var samples = 0L
    private var promisedSamples = 0L
    private val bytes = ByteBuffer.allocate(BUFFER_SAMPLES * Short.SIZE_BYTES).order(LITTLE_ENDIAN)

    /**
     * Goes on with samples at [inputRateHz], behind those that are there.
     *
     * @throws KeptAudioException as every function here does, when the disk is full or broken.
     */
    fun start(inputRateHz: Int) = onDisk {
        this.inputRateHz = inputRateHz
        resampler = if (inputRateHz == RATE_HZ) null else Resampler(inputRateHz)
        if (disk == null) {
            file.parentFile?.mkdirs()
            disk = RandomAccessFile(file, "rw").also { it.write(header()) }
        }
    }

    /** Appends the first [length] samples of [pcm]. */
    fun write(pcm: ShortArray, length: Int) = onDisk {
        val resampler = resampler
        if (resampler == null) {
            append(length) { pcm[it] }
        } else {
            append(resampler.accept(FloatArray(length) { pcm[it] / FULL_SCALE }))
        }
        if (samples - promisedSamples >= RATE_HZ) promise()
    }

    /** Appends silence in the place of [lostSamples] of the input. */
    fun skip(lostSamples: Long) = onDisk {
        resampler?.let { append(it.flush()) }
        samples += lostSamples * RATE_HZ / inputRateHz
        disk().seek(WAV_HEADER_BYTES + samples * Short.SIZE_BYTES)
        if (samples - promisedSamples >= RATE_HZ) promise()
    }

    /** A pause, or the end: all that was written is in the file. */
    fun flush() = onDisk {
        resampler?.let { append(it.flush()) }
        promise()
    }

    override fun close() = synchronized(lock) {
        disk?.use { flush() }
        disk = null
        isClosed = true
    }

    private fun append(pcm: FloatArray) =
        append(pcm.size) { (pcm[it] * FULL_SCALE).toInt().coerceIn(Short.MIN_VALUE.toInt(), Short.MAX_VALUE.toInt()).toShort() }

    private inline fun append(length: Int, sample: (Int) -> Short) {
        for (from in 0 until length step BUFFER_SAMPLES) {
            (bytes as Buffer).clear() // on Android 8 only Buffer has it: a call on ByteBuffer compiles, and is not found there
            for (i in from until minOf(from + BUFFER_SAMPLES, length)) bytes.putShort(sample(i))
            disk().write(bytes.array(), 0, bytes.position())
        }
        samples += length
    }

    /** Makes the file as long as what was written, then says so in the header. */
    private fun promise() {
        val disk = disk()
        val endBytes = WAV_HEADER_BYTES + samples * Short.SIZE_BYTES
        if (disk.length() < endBytes) disk.setLength(endBytes)
        promisedSamples = samples
        disk.seek(0)
        disk.write(header())
        disk.seek(endBytes)
    }

    private fun disk() = checkNotNull(disk) { "${file.name} was not started" }

    private fun header(): ByteArray {
        val dataBytes = (promisedSamples * Short.SIZE_BYTES).coerceAtMost(MOST_DATA_BYTES).toInt()
        return ByteBuffer.allocate(WAV_HEADER_BYTES).order(LITTLE_ENDIAN)
            .put("RIFF".toByteArray()).putInt(WAV_HEADER_BYTES - CHUNK_HEADER_BYTES + dataBytes).put("WAVE".toByteArray())
            .put("fmt ".toByteArray()).putInt(FORMAT_BYTES)
            .putShort(PCM).putShort(MONO).putInt(RATE_HZ).putInt(RATE_HZ * Short.SIZE_BYTES)
            .putShort(Short.SIZE_BYTES.toShort()).putShort(Short.SIZE_BITS.toShort())
            .put("data".toByteArray()).putInt(dataBytes)
            .array()
    }

    private inline fun onDisk(write: () -> Unit) = synchronized(lock) {
        try {
            if (!isClosed) write()
        } catch (e: IOException) {
            throw KeptAudioException("${file.name} cannot be written: ${e.message}", e)
        }
    }

    private companion object {
        const val RATE_HZ = SpeechDetector.SAMPLE_RATE_HZ
        const val FULL_SCALE = 32_768f
        const val BUFFER_SAMPLES = 4_096
        const val CHUNK_HEADER_BYTES = 8
        const val FORMAT_BYTES = 16

        /** WAV counts in 32 bits: players do not find what comes after 37 hours. */
        const val MOST_DATA_BYTES = 0xFFFF_FF00L
        const val PCM: Short = 1
        const val MONO: Short = 1
    }
}

/** The audio cannot be kept. */
class KeptAudioException(message: String, cause: Throwable) : IOException(message, cause)

/** Of the one header that [KeptAudioWriter] writes. */
internal const val WAV_HEADER_BYTES = 44
