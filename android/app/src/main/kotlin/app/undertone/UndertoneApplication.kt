package app.undertone

import android.app.Application
import android.media.AudioManager
import androidx.lifecycle.ViewModelProvider
import app.undertone.asset.PackagedAssetSource
import app.undertone.asset.PackagedEngines
import app.undertone.live.Emotion
import app.undertone.live.Listening
import app.undertone.live.LiveSession
import app.undertone.live.LiveViewModel
import app.undertone.recording.AudioRecordMicrophone
import app.undertone.settings.DataStoreSettings
import app.undertone.settings.SettingsStore
import app.undertone.settings.SettingsViewModel
import app.undertone.settings.microphoneNames
import app.undertone.settings.toHearingChoice
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking

/** Builds what the screens need, once. */
class UndertoneApplication : Application() {
    private val audio: AudioManager by lazy { getSystemService(AudioManager::class.java) }

    val settings: SettingsStore by lazy {
        DataStoreSettings(CoroutineScope(SupervisorJob() + Dispatchers.IO)) { filesDir.resolve("settings.preferences_pb") }
    }

    val listening: Listening by lazy {
        val copies = noBackupFilesDir.toPath().resolve("emotion")
        LiveSession(
            microphone = AudioRecordMicrophone(nativeRateHz()),
            // Asked on the engine's thread, which may wait for the disk.
            engines = PackagedEngines(PackagedAssetSource(assets, copies), Emotion.labels) {
                runBlocking { settings.settings.first() }.toHearingChoice()
            },
        )
    }

    val liveFactory: ViewModelProvider.Factory by lazy { LiveViewModel.factory(listening, settings.settings, correct = { _, _ -> }) }

    val settingsFactory: ViewModelProvider.Factory by lazy {
        SettingsViewModel.factory(settings, listening, audio.microphoneNames(), deleteEverything = {})
    }

    private fun nativeRateHz(): Int = audio.getProperty(AudioManager.PROPERTY_OUTPUT_SAMPLE_RATE)?.toIntOrNull() ?: 48_000
}
