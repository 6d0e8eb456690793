package app.undertone.engine.android

import android.media.AudioManager
import android.media.AudioManager.AudioRecordingCallback
import android.media.AudioRecordingConfiguration
import android.os.Build
import android.os.Handler
import android.os.Looper
import androidx.annotation.RequiresApi
import app.undertone.engine.MicrophoneProblem

/**
 * Knows whether the system gives silence to the recording of [sessionId], and why.
 *
 * @param cause of a silence that begins; asked on the main thread.
 */
@RequiresApi(Build.VERSION_CODES.Q)
internal class SilenceWatch private constructor(
    private val audio: AudioManager,
    private val sessionId: Int,
    private val cause: () -> MicrophoneProblem,
) : AudioRecordingCallback(),
    AutoCloseable {

    /** null while there is sound. */
    @Volatile
    var silencedBy: MicrophoneProblem? = null
        private set

    override fun onRecordingConfigChanged(configs: List<AudioRecordingConfiguration>) {
        val isSilenced = configs.any { it.clientAudioSessionId == sessionId && it.isClientSilenced }
        silencedBy = if (isSilenced) cause() else null
    }

    override fun close() = audio.unregisterAudioRecordingCallback(this)

    companion object {
        /** null before Android 10: a second app could not start there, and nobody was silenced. */
        fun start(audio: AudioManager, sessionId: Int, cause: () -> MicrophoneProblem): SilenceWatch? {
            if (Build.VERSION.SDK_INT < Build.VERSION_CODES.Q) return null
            // A recording that nobody watches is better than none.
            return orIfAudioFails(null) {
                SilenceWatch(audio, sessionId, cause).also {
                    it.onRecordingConfigChanged(audio.activeRecordingConfigurations)
                    audio.registerAudioRecordingCallback(it, Handler(Looper.getMainLooper()))
                }
            }
        }
    }
}
