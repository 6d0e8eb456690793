package app.undertone.analysis

import android.Manifest.permission.RECORD_AUDIO
import android.app.ForegroundServiceStartNotAllowedException
import android.app.Notification
import android.app.NotificationManager
import android.app.Service.START_FLAG_REDELIVERY
import android.app.Service.START_NOT_STICKY
import android.app.Service.START_REDELIVER_INTENT
import android.content.Intent
import android.content.Intent.FLAG_GRANT_READ_URI_PERMISSION
import android.content.pm.ServiceInfo.FOREGROUND_SERVICE_TYPE_DATA_SYNC
import android.content.pm.ServiceInfo.FOREGROUND_SERVICE_TYPE_MEDIA_PROCESSING
import android.media.MediaFormat
import android.net.Uri
import android.os.Build
import android.os.Looper
import androidx.test.core.app.ApplicationProvider
import app.undertone.RecordedSpeech
import app.undertone.UndertoneApplication
import app.undertone.engine.android.PlayedAudio
import app.undertone.files.OfferedFiles
import app.undertone.files.words
import app.undertone.model.SessionSource
import app.undertone.recording.RecorderState
import app.undertone.recording.eventually
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import org.junit.After
import org.junit.Before
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.Shadows.shadowOf
import org.robolectric.android.controller.ServiceController
import org.robolectric.annotation.Config
import org.robolectric.shadows.ShadowAudioRecord
import java.io.FileNotFoundException
import kotlin.test.assertEquals
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertTrue

/** The whole app without a screen: files, the service that keeps them going, and its notification; real asset, engine and database. */
@RunWith(RobolectricTestRunner::class)
class FileAnalysisServiceTest {
    private val app = ApplicationProvider.getApplicationContext<UndertoneApplication>()
    private val notifications = shadowOf(app.getSystemService(NotificationManager::class.java))
    private val speech = RecordedSpeech.find().pcm
    private lateinit var service: ServiceController<FileAnalysisService>

    @Before
    fun offerFiles() = OfferedFiles.install()

    /** A model that still loads in the background when the last test ends takes the whole process down with it. */
    @After
    fun end() {
        app.recorder.stop()
        waitFor { app.recorder.state.value == RecorderState.Idle && app.files.jobs.value.none { it.isPending } }
        ShadowAudioRecord.clearSource()
        runBlocking { app.recorder.prepare() }
    }

    @Test
    @Config(sdk = [26, 29, 34, 35])
    fun `files are analysed without a screen, and what became of them is said`() {
        val files = listOf(file("a.wav"), OfferedFiles.uri("gone.wav"))
        app.files.add(files)
        start(files)
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.Q) {
            val isSinceMediaProcessing = Build.VERSION.SDK_INT >= Build.VERSION_CODES.VANILLA_ICE_CREAM
            val type = if (isSinceMediaProcessing) FOREGROUND_SERVICE_TYPE_MEDIA_PROCESSING else FOREGROUND_SERVICE_TYPE_DATA_SYNC
            assertEquals(type, service.get().foregroundServiceType)
        }
        waitFor { shadowOf(service.get()).isStoppedBySelf }
        assertNull(shown())
        assertEquals("1 of 2 files analysed" to "Open Undertone to see what became of the others.", words(result()))
        val session = runBlocking { app.sessionStore.summaries().first() }.single().session
        assertEquals(Triple(SessionSource.File, "a.wav", speech.size / 16L), Triple(session.source, session.title, session.lengthMs))
        assertTrue(session.isFinished && !session.isCutOff)
    }

    @Test
    fun `a file waits for a recording, says so, and is analysed after it`() {
        record()
        val file = file("a.wav")
        app.files.add(listOf(file))
        start(listOf(file))
        waitFor { words(shown()).second == "A recording goes on: the analysis continues when it is over." }
        assertEquals("Analysing a.wav", words(shown()).first)
        app.recorder.stop()
        waitFor { shadowOf(service.get()).isStoppedBySelf }
        assertEquals("Analysis finished" to "a.wav", words(result()))
    }

    @Test
    fun `the notification cancels, and leaves nothing behind`() {
        record()
        val files = listOf(file("a.wav"), file("b.wav"))
        app.files.add(files)
        start(files)
        waitFor { app.files.jobs.value.any { (it.step as? FileStep.Analysing)?.isWaiting == true } && actions() == listOf("Cancel all") }
        shown()!!.actions.single().actionIntent.send()
        val cancel = shadowOf(app).nextStartedService
        assertEquals(START_NOT_STICKY, service.get().onStartCommand(cancel, 0, 2))
        waitFor { shadowOf(service.get()).isStoppedBySelf }
        assertEquals(emptyList(), app.files.jobs.value)
        assertEquals(null to null, shown() to result())
    }

    @Test
    fun `a service that the system does not start again behind other apps says so, and goes on when the app is opened`() {
        record()
        val file = file("a.wav")
        app.files.add(listOf(file))
        waitFor { app.files.jobs.value.any { (it.step as? FileStep.Analysing)?.isWaiting == true } }
        service = Robolectric.buildService(FileAnalysisService::class.java, shadowOf(app).nextStartedService).create()
        shadowOf(service.get()).setThrowInStartForeground(ForegroundServiceStartNotAllowedException("behind others"))
        service.get().onStartCommand(shadowOf(app).nextStartedService, START_FLAG_REDELIVERY, 1)
        assertTrue(shadowOf(service.get()).isStoppedBySelf)
        assertEquals("Analysis interrupted" to "The system ended it. It can continue where it was.", words(result()))
        assertEquals(listOf("Continue"), actions(result()))
        waitFor { app.files.jobs.value.single().step is FileStep.Stopped }
        app.recorder.stop()
        app.files.goOnOnScreen()
        waitFor { app.files.jobs.value.single().step == FileStep.Done }
    }

    @Test
    fun `when the system's hours are over the service is gone at once, and the work waits`() {
        record()
        val file = file("a.wav")
        app.files.add(listOf(file))
        start(listOf(file))
        service.get().onTimeout(1, FOREGROUND_SERVICE_TYPE_MEDIA_PROCESSING)
        assertTrue(shadowOf(service.get()).isStoppedBySelf)
        assertEquals("Analysis interrupted" to "Open Undertone, and it continues where it was.", words(result()))
        assertEquals(emptyList(), actions(result()))
        waitFor { app.files.jobs.value.single().step is FileStep.Stopped }
    }

    @Test
    fun `what failed and may not fail again continues from its notification`() {
        val files = listOf(file("a.wav"), OfferedFiles.uri("gone.wav"))
        failOnce(files)
        assertEquals(listOf("Continue"), actions(result()))
        press(result(), "Continue")
        waitFor { app.files.jobs.value.first().step == FileStep.Done && shadowOf(service.get()).isStoppedBySelf }
        assertEquals("1 of 2 files analysed", words(result()).first)
        assertEquals(emptyList(), actions(result()))
    }

    @Test
    fun `where the system lets nothing continue behind other apps, what was to continue does when the app is opened`() {
        failOnce(listOf(file("a.wav")))
        press(result(), "Continue") { shadowOf(it).setThrowInStartForeground(ForegroundServiceStartNotAllowedException("no hours left")) }
        waitFor { shadowOf(service.get()).isStoppedBySelf }
        assertEquals("Analysis interrupted" to "Open Undertone, and it continues where it was.", words(result()))
        app.files.goOnOnScreen()
        waitFor { app.files.jobs.value.single().step == FileStep.Done }
    }

    @Test
    fun `a start that the system repeats asks for nothing anew`() {
        failOnce(listOf(file("a.wav")))
        val repeated = Intent(app, FileAnalysisService::class.java).setAction(FileAnalysisService.ACTION_CONTINUE)
        service = Robolectric.buildService(FileAnalysisService::class.java, repeated).create()
        service.get().onStartCommand(repeated, START_FLAG_REDELIVERY, 1)
        waitFor { shadowOf(service.get()).isStoppedBySelf }
        assertEquals(FileStep.Failed(FileProblem.NotLoaded), app.files.jobs.value.single().step)
    }

    @Test
    fun `the notification says which file it is, which of how many, and how far`() {
        val running = FileJob("b", "content://b", "b.mp4", FileStep.Analysing(analysedMs = 37_400, lengthMs = 100_000))
        val jobs = listOf(FileJob("a", "content://a", "a.wav", FileStep.Done), running, FileJob("c", "content://c"))
        val notice = assertNotNull(FileNotice.of(jobs))
        assertEquals(FileNotice("b.mp4", position = 2, count = 3, percent = 37, isWaiting = false), notice)
        val drawn = FileNotification(app).draw(notice)
        assertEquals("Analysing b.mp4" to "File 2 of 3 · 37%", words(drawn))
        val bar = listOf(Notification.EXTRA_PROGRESS, Notification.EXTRA_PROGRESS_MAX).map { drawn.extras.getInt(it) }
        assertEquals(listOf(37, 100), bar)
        assertNull(FileNotice.of(jobs.take(1)))
    }

    private fun file(name: String): Uri = OfferedFiles.offerAudio(name, speech, MediaFormat.createAudioFormat("audio/raw", 16_000, 1))

    /** None of [files] is there to be read, and the next time each is. */
    private fun failOnce(files: List<Uri>) {
        OfferedFiles.failure = FileNotFoundException("offline")
        app.files.add(files)
        start(files)
        waitFor { shadowOf(service.get()).isStoppedBySelf }
        OfferedFiles.failure = null
    }

    /** The engine is the recording's until it is stopped. */
    private fun record() {
        ShadowAudioRecord.setSourceProvider { PlayedAudio(speech) }
        shadowOf(app).grantPermissions(RECORD_AUDIO)
        assertTrue(app.recorder.start())
        assertNotNull(shadowOf(app).nextStartedService)
    }

    /** As the system starts it: with the right to read [files]. */
    private fun start(files: List<Uri>) {
        val intent = assertNotNull(shadowOf(app).nextStartedService)
        val clip = assertNotNull(intent.clipData)
        assertEquals(files, (0 until clip.itemCount).map { clip.getItemAt(it).uri })
        assertEquals(FLAG_GRANT_READ_URI_PERMISSION, intent.flags and FLAG_GRANT_READ_URI_PERMISSION)
        service = Robolectric.buildService(FileAnalysisService::class.java, intent).create()
        assertEquals(START_REDELIVER_INTENT, service.get().onStartCommand(intent, 0, 1))
    }

    private fun shown(): Notification? = notifications.getNotification(FileAnalysisService.NOTIFICATION_ID)

    private fun result(): Notification? = notifications.getNotification(FileAnalysisService.RESULT_ID)

    private fun words(notification: Notification?) =
        listOf(Notification.EXTRA_TITLE, Notification.EXTRA_TEXT).map { notification?.extras?.getCharSequence(it)?.toString() }.let { it[0] to it[1] }

    private fun actions(notification: Notification? = shown()) = notification?.actions.orEmpty().map { it.title.toString() }

    /** Starts the service anew, as the system does; [prepare] sees it before it is started. */
    private fun press(notification: Notification?, action: String, prepare: (FileAnalysisService) -> Unit = {}) {
        notification!!.actions.single { it.title.toString() == action }.actionIntent.send()
        val intent = assertNotNull(shadowOf(app).nextStartedService)
        service = Robolectric.buildService(FileAnalysisService::class.java, intent).create()
        prepare(service.get())
        service.get().onStartCommand(intent, 0, 1)
    }

    private fun waitFor(condition: () -> Boolean) = runBlocking {
        eventually {
            shadowOf(Looper.getMainLooper()).idle()
            delay(1)
            condition()
        }
    }
}
