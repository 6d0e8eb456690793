package app.undertone

import android.app.Application
import android.media.AudioManager
import app.undertone.about.AssetModelFacts
import app.undertone.about.LicencesSource
import app.undertone.about.ModelFactsSource
import app.undertone.about.PackagedLicences
import app.undertone.asset.PackagedAssetSource
import app.undertone.asset.PackagedEngines
import app.undertone.files.FileListening
import app.undertone.files.FileSession
import app.undertone.files.MediaAudioDecoder
import app.undertone.history.SessionStore
import app.undertone.live.Emotion
import app.undertone.live.Listening
import app.undertone.live.LiveSession
import app.undertone.recording.AudioRecordMicrophone
import app.undertone.selfcheck.SelfCheck
import app.undertone.selfcheck.SelfChecking

/** Builds what the screens need, once. */
class UndertoneApplication : Application() {
    private val asset by lazy { PackagedAssetSource(assets, noBackupFilesDir.toPath().resolve("emotion")) }
    private val engines by lazy { PackagedEngines(asset, Emotion.labels) }

    val listening: Listening by lazy { LiveSession(AudioRecordMicrophone(nativeRateHz()), engines) }
    val selfChecking: SelfChecking by lazy { SelfCheck(asset) }
    val modelFacts: ModelFactsSource by lazy { AssetModelFacts(asset) }
    val licences: LicencesSource by lazy { PackagedLicences(assets, resources, modelFacts) }

    /** Hears audio files into [sessions]. */
    fun fileListening(sessions: SessionStore): FileListening = FileSession(MediaAudioDecoder(this), engines, sessions)

    private fun nativeRateHz(): Int =
        getSystemService(AudioManager::class.java).getProperty(AudioManager.PROPERTY_OUTPUT_SAMPLE_RATE)?.toIntOrNull() ?: 48_000
}
