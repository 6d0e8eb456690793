package app.undertone.recording

import android.media.AudioManager
import android.media.AudioManager.AudioRecordingCallback
import android.media.AudioRecordingConfiguration
import android.os.Build
import android.os.Handler
import android.os.Looper
import androidx.annotation.RequiresApi

/** Knows whether the system gives silence to the recording of [sessionId], because a call or another app has the microphone. */
@RequiresApi(Build.VERSION_CODES.Q)
internal class SilencedByOthers private constructor(private val audio: AudioManager, private val sessionId: Int) :
    AudioRecordingCallback(),
    AutoCloseable {

    @Volatile
    var isSilenced = false
        private set

    override fun onRecordingConfigChanged(configs: List<AudioRecordingConfiguration>) {
        isSilenced = configs.any { it.clientAudioSessionId == sessionId && it.isClientSilenced }
    }

    override fun close() = audio.unregisterAudioRecordingCallback(this)

    companion object {
        /** null before Android 10: a second app could not start there, and nobody was silenced. */
        fun watch(audio: AudioManager, sessionId: Int): SilencedByOthers? {
            if (Build.VERSION.SDK_INT < Build.VERSION_CODES.Q) return null
            return SilencedByOthers(audio, sessionId).also {
                it.onRecordingConfigChanged(audio.activeRecordingConfigurations)
                audio.registerAudioRecordingCallback(it, Handler(Looper.getMainLooper()))
            }
        }
    }
}
