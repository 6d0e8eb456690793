package app.undertone.recording

import android.annotation.SuppressLint
import android.media.AudioFormat
import android.media.AudioRecord
import android.media.MediaRecorder
import app.undertone.engine.SpeechDetector

/**
 * The phone's microphone, tuned for recognition: no automatic gain, no noise suppression, so that level and timbre stay as spoken.
 *
 * Records at the model's own rate where the device offers it, else at [nativeRateHz]; the engine resamples.
 */
class AudioRecordMicrophone(private val nativeRateHz: Int) : Microphone {

    override fun start(): Recording =
        listOf(MODEL_RATE_HZ, nativeRateHz).distinct().firstNotNullOfOrNull(::startAt)
            ?: throw MicrophoneException("the microphone does not start at $MODEL_RATE_HZ or $nativeRateHz Hz")

    // The screen asks for the permission before it starts; a missing one arrives here as a SecurityException.
    @SuppressLint("MissingPermission")
    private fun startAt(rateHz: Int): Recording? {
        val smallestBytes = AudioRecord.getMinBufferSize(rateHz, AudioFormat.CHANNEL_IN_MONO, AudioFormat.ENCODING_PCM_16BIT)
        if (smallestBytes <= 0) return null
        val record = try {
            AudioRecord.Builder()
                .setAudioSource(MediaRecorder.AudioSource.VOICE_RECOGNITION)
                .setAudioFormat(
                    AudioFormat.Builder()
                        .setSampleRate(rateHz)
                        .setChannelMask(AudioFormat.CHANNEL_IN_MONO)
                        .setEncoding(AudioFormat.ENCODING_PCM_16BIT)
                        .build(),
                )
                .setBufferSizeInBytes(maxOf(smallestBytes, rateHz * Short.SIZE_BYTES * BUFFER_SECONDS))
                .build()
        } catch (e: UnsupportedOperationException) {
            return null
        } catch (e: SecurityException) {
            throw MicrophoneException("recording is not allowed", e)
        }
        val isRecording = record.state == AudioRecord.STATE_INITIALIZED && run {
            record.startRecording()
            record.recordingState == AudioRecord.RECORDSTATE_RECORDING
        }
        if (!isRecording) {
            record.release()
            return null
        }
        return AudioRecordRecording(record)
    }

    private companion object {
        const val MODEL_RATE_HZ = SpeechDetector.SAMPLE_RATE_HZ

        /** Covers pauses of the capture thread; the system's smallest buffer is some 40 ms. */
        const val BUFFER_SECONDS = 2
    }
}

private class AudioRecordRecording(private val record: AudioRecord) : Recording {
    private val lock = Any()
    private var isReleased = false

    @Volatile
    private var isStopped = false

    override val rateHz: Int = record.sampleRate

    override fun read(pcm: ShortArray): Int {
        while (!isStopped) {
            val count = record.read(pcm, 0, pcm.size, AudioRecord.READ_BLOCKING)
            if (count > 0) return count
            if (count < 0 && !isStopped) throw MicrophoneException("the microphone was taken away (error $count)")
        }
        return 0
    }

    override fun stop() = synchronized(lock) {
        isStopped = true
        if (!isReleased) record.stop()
    }

    override fun close() = synchronized(lock) {
        isStopped = true
        if (!isReleased) {
            isReleased = true
            record.release()
        }
    }
}
