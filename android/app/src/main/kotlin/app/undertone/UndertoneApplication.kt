package app.undertone

import android.app.Application
import android.content.ComponentCallbacks2
import android.content.pm.ApplicationInfo
import android.media.AudioManager
import android.os.Build
import android.os.PowerManager
import android.os.StrictMode
import androidx.lifecycle.ViewModelProvider
import app.undertone.about.AssetModelFacts
import app.undertone.about.LicencesSource
import app.undertone.about.ModelFactsSource
import app.undertone.about.PackagedLicences
import app.undertone.analysis.FileAnalysis
import app.undertone.analysis.FileAnalysisService
import app.undertone.analysis.FileGrants
import app.undertone.analysis.FileJobFile
import app.undertone.analysis.FileQueue
import app.undertone.analysis.MediaAudioDecoder
import app.undertone.analysis.decodedMs
import app.undertone.analysis.envelope
import app.undertone.analysis.nameOf
import app.undertone.asset.PackagedEngines
import app.undertone.engine.MicrophoneProblem
import app.undertone.engine.Recording
import app.undertone.engine.android.AudioRecordMicrophone
import app.undertone.engine.android.MicrophoneChoice
import app.undertone.engine.android.PackagedAssetSource
import app.undertone.engine.android.ReopeningMicrophone
import app.undertone.files.FileViewModel
import app.undertone.history.HistoryViewModel
import app.undertone.history.archive.HistoryArchives
import app.undertone.history.export.KeptAudioFiles
import app.undertone.history.export.SessionExport
import app.undertone.history.room.RoomSessionStore
import app.undertone.history.room.SessionDatabase
import app.undertone.live.LiveSession
import app.undertone.live.LiveViewModel
import app.undertone.live.SavedRecordings
import app.undertone.model.AudioEnvelope
import app.undertone.model.Emotion
import app.undertone.model.KeptAudioFormat
import app.undertone.model.LiveEvent
import app.undertone.model.PhoneClock
import app.undertone.model.SessionStore
import app.undertone.model.UndoableDeletion
import app.undertone.model.launchStoring
import app.undertone.model.storing
import app.undertone.recording.Capture
import app.undertone.recording.RecorderState
import app.undertone.recording.RecordingPhase
import app.undertone.recording.RecordingService
import app.undertone.recording.SessionRecorder
import app.undertone.recording.audio.CompressionFailures
import app.undertone.recording.audio.KeptAudioCompression
import app.undertone.recording.audio.keptAudioEnvelope
import app.undertone.recording.audio.keptLevels
import app.undertone.selfcheck.SelfCheck
import app.undertone.selfcheck.SelfCheckViewModel
import app.undertone.selfcheck.phone
import app.undertone.session.ExoPlayback
import app.undertone.session.SessionDetailViewModel
import app.undertone.settings.DataStoreSettings
import app.undertone.settings.SettingsStore
import app.undertone.settings.SettingsViewModel
import app.undertone.settings.StoragePlaces
import app.undertone.settings.StorageViewModel
import app.undertone.settings.deleteExpiredAudio
import app.undertone.settings.microphones
import app.undertone.settings.toStreamOptions
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.flow.filter
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.flowOf
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import java.io.File
import java.io.IOException

/** Builds what the screens need, once. */
class UndertoneApplication : Application() {
    /** Work that outlives screens, off the main thread. */
    private val background = CoroutineScope(SupervisorJob() + Dispatchers.Default)

    /** Somebody sees a page of this app, and needs no notification of what it says. */
    @Volatile
    var isOnScreen: Boolean = false

    private val asset by lazy { PackagedAssetSource(this) }
    private val audio: AudioManager by lazy { getSystemService(AudioManager::class.java) }

    private val lazyEngines = lazy {
        // Asked on the engine's thread, which may wait for the disk.
        PackagedEngines(asset, Emotion.labels) { runBlocking { settingsStore.settings.first() }.toStreamOptions() }
    }
    private val engines by lazyEngines

    val sessionStore: SessionStore by lazy {
        // What was deleted, and not restored before the process ended, is gone for good now.
        RoomSessionStore(this, ::keptAudioFolder).also { store ->
            // On a disk that is full or broken, the next start does it.
            background.launchStoring({}) { store.purge() }
            background.launchStoring({}) { store.deleteExpiredAudio(settingsStore.settings.first().keptAudioDays, PhoneClock) }
        }
    }

    val settingsStore: SettingsStore by lazy { DataStoreSettings(background) { filesDir.resolve("settings.preferences_pb") } }

    private val capture: Capture by lazy { LiveSession(::startRecording, engines) }

    val recorder: SessionRecorder by lazy {
        SessionRecorder(
            capture = capture,
            store = sessionStore,
            settings = settingsStore,
            audioFolder = ::keptAudioFolder,
            scope = background,
            onStart = { RecordingService.start(this) },
            stayAwake = { stayAwake("undertone:last-result", LONGEST_RESULT_MS) },
            freeBytes = { noBackupFilesDir.usableSpace },
        ).also { compressAfter(it) }
    }

    private val compressionFailures by lazy {
        CompressionFailures(
            { noBackupFilesDir.resolve("compression.json") },
            version = { "${packageManager.getPackageInfo(packageName, 0).lastUpdateTime} ${Build.FINGERPRINT}" },
        )
    }

    /** What a recording kept is compressed when it is over; at the start, what the process before did not come to. */
    private fun compressAfter(recorder: SessionRecorder) = background.launch {
        val decoder = MediaAudioDecoder(this@UndertoneApplication)
        val compression =
            KeptAudioCompression(sessionStore, ::keptAudioFolder, { noBackupFilesDir.usableSpace }, compressionFailures, decoder::decodedMs)
        recorder.state.filter { it == RecorderState.Idle }.collect { storing({}) { compression.compressWaiting() } }
    }

    val files: FileQueue by lazy {
        FileQueue(
            FileAnalysis(MediaAudioDecoder(this), engines, sessionStore, isRecording = { recorder.state.value != RecorderState.Idle }),
            FileGrants(contentResolver),
            FileJobFile { noBackupFilesDir.resolve("files.json") },
            background,
            serve = { FileAnalysisService.start(this, it) },
            nameOf = { contentResolver.nameOf(it) },
            stayAwake = { stayAwake("undertone:file", LONGEST_FILE_MS) },
        )
    }
    val modelFacts: ModelFactsSource by lazy { AssetModelFacts(asset) }
    val licences: LicencesSource by lazy { PackagedLicences(assets, resources, modelFacts) }

    private val storagePlaces by lazy {
        // SQLite keeps what it just wrote beside the database.
        val database = getDatabasePath(SessionDatabase.FILE)
        StoragePlaces(
            audioFolder = ::keptAudioFolder,
            results = { listOf("", "-wal", "-shm").map { database.resolveSibling(database.name + it) } },
            notCompressed = { compressionFailures.givenUp() },
            freeBytes = { noBackupFilesDir.usableSpace },
        )
    }

    private val deletion by lazy { UndoableDeletion(sessionStore) }
    val keptAudioFiles: KeptAudioFiles by lazy { KeptAudioFiles(this, ::keptAudioFolder) }
    private val archives by lazy {
        HistoryArchives(
            sessionStore,
            contentResolver,
            audioFolder = ::keptAudioFolder,
            staging = { noBackupFilesDir.resolve("import") },
            freeBytes = { noBackupFilesDir.usableSpace },
        ).also { background.launchStoring({}) { it.cleanUp() } }
    }
    private val export by lazy { SessionExport(sessionStore, contentResolver) }

    val liveFactory: ViewModelProvider.Factory by lazy {
        LiveViewModel.factory(recorder, settingsStore, SavedRecordings(sessionStore, deletion)) { segment, to ->
            sessionStore.correct(segment.id, to)
        }
    }
    val filesFactory: ViewModelProvider.Factory by lazy { FileViewModel.factory(files, settingsStore) }
    val settingsFactory: ViewModelProvider.Factory by lazy {
        SettingsViewModel.factory(settingsStore, ::tryMicrophone, audio.microphones())
    }
    val storageFactory: ViewModelProvider.Factory by lazy {
        StorageViewModel.factory(sessionStore, settingsStore, storagePlaces, deletion::deleteEverything)
    }
    val historyFactory: ViewModelProvider.Factory by lazy { HistoryViewModel.factory(sessionStore, deletion, export, archives) }
    val selfCheckFactory: ViewModelProvider.Factory by lazy { SelfCheckViewModel.factory(SelfCheck(asset), phone(this)) }

    fun sessionFactory(sessionId: Long): ViewModelProvider.Factory =
        SessionDetailViewModel.factory(sessionId, sessionStore, deletion, export, isListening, ::envelope) {
            ExoPlayback(this, ::keptAudioFolder, isRecording = { recorder.state.value.mayListen })
        }

    /** The sound can be played without its picture. */
    private suspend fun envelope(audioFile: String): AudioEnvelope? = withContext(Dispatchers.IO) {
        try {
            val file = keptAudioFolder().resolve(audioFile)
            val isWav = KeptAudioFormat.of(audioFile) == KeptAudioFormat.Wav
            if (isWav) keptAudioEnvelope(file) else keptLevels(file) { MediaAudioDecoder(this@UndertoneApplication).envelope(file) }
        } catch (_: IOException) {
            null
        }
    }

    /** Whether a recording has the microphone, or may have it back at any moment. */
    private val isListening: Flow<Boolean>
        get() = recorder.state.map { it.mayListen }.distinctUntilChanged()

    private val RecorderState.mayListen: Boolean get() = this is RecorderState.Recording && phase != RecordingPhase.Finishing

    private fun startRecording(choice: MicrophoneChoice): Recording = ReopeningMicrophone(AudioRecordMicrophone(this, choice)).start()

    private fun tryMicrophone(choice: MicrophoneChoice): Flow<LiveEvent> =
        if (recorder.state.value == RecorderState.Idle) capture.trial(choice) else flowOf(LiveEvent.MicrophoneFailed(MicrophoneProblem.InUse))

    /** @param longestMs what nothing takes that works as it should. */
    private fun stayAwake(tag: String, longestMs: Long): AutoCloseable {
        val lock = getSystemService(PowerManager::class.java).newWakeLock(PowerManager.PARTIAL_WAKE_LOCK, tag)
        lock.acquire(longestMs)
        return AutoCloseable { if (lock.isHeld) lock.release() }
    }

    /** Private to the app and never backed up. Touches the disk. */
    fun keptAudioFolder(): File = noBackupFilesDir.resolve("audio")

    override fun onCreate() {
        super.onCreate()
        if (applicationInfo.flags and ApplicationInfo.FLAG_DEBUGGABLE != 0) beStrict()
    }

    /** The system wants memory: the models go unless somebody uses them. Not when the screen was left, as whoever left it may be back soon. */
    override fun onTrimMemory(level: Int) {
        super.onTrimMemory(level)
        if (level != ComponentCallbacks2.TRIM_MEMORY_UI_HIDDEN && lazyEngines.isInitialized()) engines.free()
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

    private companion object {
        const val LONGEST_RESULT_MS = 120_000L
        const val LONGEST_FILE_MS = 3 * 3_600_000L
    }
}
