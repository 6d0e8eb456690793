package app.undertone

import android.app.Application
import android.media.AudioManager
import app.undertone.asset.PackagedAssetSource
import app.undertone.asset.PackagedEngines
import app.undertone.live.Emotion
import app.undertone.live.Listening
import app.undertone.live.LiveSession
import app.undertone.recording.AudioRecordMicrophone

/** Builds what the screens need, once. */
class UndertoneApplication : Application() {
    val listening: Listening by lazy {
        val copies = noBackupFilesDir.toPath().resolve("emotion")
        LiveSession(
            microphone = AudioRecordMicrophone(nativeRateHz()),
            engines = PackagedEngines(PackagedAssetSource(assets, copies), Emotion.labels),
        )
    }

    private fun nativeRateHz(): Int =
        getSystemService(AudioManager::class.java).getProperty(AudioManager.PROPERTY_OUTPUT_SAMPLE_RATE)?.toIntOrNull() ?: 48_000
}
