package app.undertone.engine.android

import android.annotation.SuppressLint
import android.content.Context
import android.media.AudioFormat
import android.media.AudioManager
import android.media.AudioRecord
import android.media.MediaRecorder
import app.undertone.engine.EmotionEngine
import app.undertone.engine.Microphone
import app.undertone.engine.MicrophoneException
import app.undertone.engine.MicrophoneProblem
import app.undertone.engine.Recording

/**
 * The phone's microphone, tuned for recognition: no automatic gain, no noise suppression, so that level and timbre stay as spoken.
 *
 * Records at the model's own rate where the device offers it, else at its native one; the engine resamples.
 */
public class AudioRecordMicrophone(private val context: Context, private val choice: MicrophoneChoice = MicrophoneChoice()) : Microphone {
    private val audio = context.getSystemService(AudioManager::class.java)
    private val access = MicrophoneAccess(context)

    private val nativeRateHz: Int
        get() = propertyOf(AudioManager.PROPERTY_OUTPUT_SAMPLE_RATE)?.toIntOrNull() ?: USUAL_RATE_HZ

    /**
     * Opens the microphone and starts to record.
     *
     * @throws MicrophoneException where the platform refuses it.
     */
    override fun start(): Recording {
        val rates = listOf(MODEL_RATE_HZ, nativeRateHz).distinct()
        return rates.firstNotNullOfOrNull { startAt(it) }
            ?: throw MicrophoneException("the microphone does not start at ${rates.joinToString(" or ")} Hz", access.problem())
    }

    /** null where the device does not record at [rateHz]. */
    private fun startAt(rateHz: Int): Recording? {
        val record = recordAt(rateHz) ?: return null
        val device = choice.device?.let { PreferredDevice(audio, record, BluetoothLink(context, audio), it) }
        device?.await()
        val effects = PlatformEffects(record.audioSessionId)
        if (!record.starts()) {
            effects.close()
            device?.close()
            evenIfAudioFails { record.release() }
            return null
        }
        val silence = SilenceWatch.start(audio, record.audioSessionId, access::problem)
        return AudioRecordRecording(record, silence, device, effects, access::problem)
    }

    // The screen asks for the permission before it starts; a missing one arrives here as a SecurityException.
    @SuppressLint("MissingPermission")
    private fun recordAt(rateHz: Int): AudioRecord? {
        val record = try {
            val smallestBytes = AudioRecord.getMinBufferSize(rateHz, AudioFormat.CHANNEL_IN_MONO, AudioFormat.ENCODING_PCM_16BIT)
            if (smallestBytes <= 0) return null
            AudioRecord.Builder()
                .setAudioSource(audioSource(choice.source))
                .setAudioFormat(
                    AudioFormat.Builder()
                        .setSampleRate(rateHz)
                        .setChannelMask(AudioFormat.CHANNEL_IN_MONO)
                        .setEncoding(AudioFormat.ENCODING_PCM_16BIT)
                        .build(),
                )
                .setBufferSizeInBytes(maxOf(smallestBytes, rateHz * Short.SIZE_BYTES * BUFFER_SECONDS))
                .build()
        } catch (e: SecurityException) {
            throw MicrophoneException("recording is not allowed", MicrophoneProblem.NotAllowed, e)
        } catch (_: RuntimeException) {
            return null // UnsupportedOperationException is documented; drivers add others
        }
        if (orIfAudioFails(false) { record.state == AudioRecord.STATE_INITIALIZED }) return record
        evenIfAudioFails { record.release() }
        return null
    }

    /** False where the audio server ended since it was made, or lets nothing start now. */
    private fun AudioRecord.starts(): Boolean = orIfAudioFails(false) {
        startRecording()
        recordingState == AudioRecord.RECORDSTATE_RECORDING
    }

    private fun audioSource(source: MicrophoneSource): Int {
        val isUnprocessed = source == MicrophoneSource.Unprocessed &&
            propertyOf(AudioManager.PROPERTY_SUPPORT_AUDIO_SOURCE_UNPROCESSED).toBoolean()
        return if (isUnprocessed) MediaRecorder.AudioSource.UNPROCESSED else MediaRecorder.AudioSource.VOICE_RECOGNITION
    }

    private fun propertyOf(key: String): String? = orIfAudioFails(null) { audio.getProperty(key) }

    private companion object {
        const val MODEL_RATE_HZ = EmotionEngine.SAMPLE_RATE_HZ
        const val USUAL_RATE_HZ = 48_000

        /** Covers pauses of the capture thread; the system's smallest buffer is some 40 ms. */
        const val BUFFER_SECONDS = 2
    }
}
