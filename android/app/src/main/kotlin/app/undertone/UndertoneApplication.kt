package app.undertone

import android.app.Application
import android.content.pm.ApplicationInfo
import android.media.AudioManager
import android.os.StrictMode
import app.undertone.asset.PackagedAssetSource
import app.undertone.asset.PackagedEngines
import app.undertone.history.SessionStore
import app.undertone.history.room.RoomSessionStore
import app.undertone.live.Emotion
import app.undertone.live.LiveSession
import app.undertone.recording.AudioRecordMicrophone
import app.undertone.recording.RecordingService
import app.undertone.recording.SessionRecorder
import app.undertone.settings.DataStoreSettings
import app.undertone.settings.SettingsStore
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.launch
import java.io.File

/** Builds what the screens need, once. */
class UndertoneApplication : Application() {
    /** Work that outlives screens, off the main thread. */
    private val background = CoroutineScope(SupervisorJob() + Dispatchers.Default)

    val sessionStore: SessionStore by lazy {
        // What was deleted, and not restored before the process ended, is gone for good now.
        RoomSessionStore(this, ::keptAudioFolder).also { background.launch { it.purge() } }
    }

    val settingsStore: SettingsStore by lazy { DataStoreSettings(background) { filesDir.resolve("settings.preferences_pb") } }

    val recorder: SessionRecorder by lazy {
        val source = PackagedAssetSource(assets) { noBackupFilesDir.toPath().resolve("emotion") }
        SessionRecorder(
            capture = LiveSession(
                microphone = AudioRecordMicrophone(getSystemService(AudioManager::class.java)),
                engines = PackagedEngines(source, Emotion.labels),
            ),
            store = sessionStore,
            settings = settingsStore,
            audioFolder = ::keptAudioFolder,
            scope = background,
            onStart = { RecordingService.start(this) },
        )
    }

    /** Private to the app and never backed up. Touches the disk. */
    fun keptAudioFolder(): File = noBackupFilesDir.resolve("audio")

    override fun onCreate() {
        super.onCreate()
        if (applicationInfo.flags and ApplicationInfo.FLAG_DEBUGGABLE != 0) beStrict()
    }

    /** Debug builds say in the log what touches disk or network on the main thread, and what is never closed. */
    private fun beStrict() {
        StrictMode.setThreadPolicy(
            StrictMode.ThreadPolicy.Builder().detectDiskReads().detectDiskWrites().detectNetwork().penaltyLog().build(),
        )
        StrictMode.setVmPolicy(
            StrictMode.VmPolicy.Builder().detectLeakedClosableObjects().detectLeakedSqlLiteObjects().penaltyLog().build(),
        )
    }
}
