package app.undertone.recording.audio

import app.undertone.engine.gate.SpeechDetector
import app.undertone.model.AudioEnvelope
import app.undertone.model.levelOfPcm16
import java.io.File
import java.io.IOException
import java.io.RandomAccessFile
import java.nio.ByteBuffer
import java.nio.ByteOrder.LITTLE_ENDIAN

/**
 * The level over time of a WAV of [KeptAudioWriter]. Of a long recording it reads a part of each bin only: at most 8 MB, where an hour
 * has 115. Blocks while it reads.
 *
 * @throws IOException when [file] is missing or cannot be read.
 */
internal fun keptAudioEnvelope(file: File): AudioEnvelope = RandomAccessFile(file, "r").use { disk ->
    val samples = (disk.length() - WAV_HEADER_BYTES).coerceAtLeast(0) / Short.SIZE_BYTES
    val binMs = (samples / (MOST_BINS * SAMPLES_PER_MS) + 1).toInt().coerceAtLeast(SHORTEST_BIN_MS)
    val binSamples = binMs * SAMPLES_PER_MS
    val levels = FloatArray((samples / binSamples).toInt())
    val bytes = ByteArray(minOf(binSamples, MOST_SAMPLES_READ) * Short.SIZE_BYTES)
    for (bin in levels.indices) {
        disk.seek(WAV_HEADER_BYTES + bin.toLong() * binSamples * Short.SIZE_BYTES)
        disk.readFully(bytes)
        levels[bin] = levelDbfs(bytes)
    }
    AudioEnvelope(levels, binMs)
}

/** @param pcm mono PCM16, little-endian. */
private fun levelDbfs(pcm: ByteArray): Float {
    val samples = ByteBuffer.wrap(pcm).order(LITTLE_ENDIAN).asShortBuffer()
    var sum = 0.0
    repeat(samples.limit()) { sum += samples[it].toDouble() * samples[it] }
    return levelOfPcm16(sum / samples.limit())
}

private const val SAMPLES_PER_MS = SpeechDetector.SAMPLE_RATE_HZ / 1_000

/** More than a timeline of a phone or tablet has pixels. */
private const val MOST_BINS = 4_000
private const val SHORTEST_BIN_MS = 20
private const val MOST_SAMPLES_READ = 1_024
