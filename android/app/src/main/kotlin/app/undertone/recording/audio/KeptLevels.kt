package app.undertone.recording.audio

import app.undertone.model.AudioEnvelope
import app.undertone.model.KeptAudioFormat
import app.undertone.model.storing
import java.io.DataInputStream
import java.io.DataOutputStream
import java.io.File
import java.io.IOException
import kotlin.math.roundToInt

/**
 * The level over time of compressed [audio], from the disk where it lies beside it: to decode an hour takes many seconds. Blocks while it
 * reads, and while [decode] works, which gives it where nothing of use is there.
 */
internal fun keptLevels(audio: File, decode: () -> AudioEnvelope): AudioEnvelope {
    val levels = File(audio.parentFile, KeptAudioFormat.levelsName(audio.name))
    val audioBytes = audio.length()
    return storing({ null }) { read(levels, audioBytes) } ?: decode().also {
        storing({}) { write(levels, it, audioBytes) } // on a full disk the next page decodes again
        if (!audio.exists()) levels.delete() // meanwhile
    }
}

/** null of what another version wrote, or of other audio. */
private fun read(levels: File, audioBytes: Long): AudioEnvelope? {
    if (!levels.exists()) return null
    return DataInputStream(levels.inputStream().buffered()).use { input ->
        if (input.readInt() != VERSION || input.readLong() != audioBytes) return null
        val binMs = input.readInt()
        val steps = ByteArray((levels.length() - HEADER_BYTES).toInt()).also(input::readFully)
        AudioEnvelope(FloatArray(steps.size) { -(steps[it].toInt() and BYTE) * STEP_DB }, binMs)
    }
}

/** A byte for each bin: 180 kB an hour. */
private fun write(levels: File, envelope: AudioEnvelope, audioBytes: Long) {
    val part = File(levels.path + KeptAudioFormat.PART)
    DataOutputStream(part.outputStream().buffered()).use { output ->
        output.writeInt(VERSION)
        output.writeLong(audioBytes)
        output.writeInt(envelope.binMs)
        for (levelDbfs in envelope.levelsDbfs) output.writeByte((-levelDbfs / STEP_DB).roundToInt().coerceIn(0, BYTE))
    }
    if (!part.renameTo(levels)) throw IOException("${part.name} cannot be renamed")
}

private const val VERSION = 1
private const val HEADER_BYTES = Int.SIZE_BYTES + Long.SIZE_BYTES + Int.SIZE_BYTES
private const val BYTE = 255

/** Below what a waveform shows. */
private const val STEP_DB = 0.5f
