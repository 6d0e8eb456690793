package app.undertone.recording

import android.Manifest.permission.RECORD_AUDIO
import android.app.ForegroundServiceStartNotAllowedException
import android.app.Notification
import android.app.NotificationManager
import android.content.ComponentName
import android.content.ContextWrapper
import android.content.Intent
import android.content.pm.ServiceInfo.FOREGROUND_SERVICE_TYPE_MICROPHONE
import android.net.Uri
import android.os.Looper
import android.text.format.DateUtils
import androidx.test.core.app.ApplicationProvider
import app.undertone.MainActivity
import app.undertone.RecordedSpeech
import app.undertone.UndertoneApplication
import app.undertone.engine.EmotionEngine
import app.undertone.engine.EmotionEvent
import app.undertone.engine.EngineListener
import app.undertone.engine.android.PlayedAudio
import app.undertone.engine.asset.DirectoryAssetSource
import app.undertone.engine.asset.EmotionAsset
import app.undertone.engine.gate.SpeechDetector
import app.undertone.history.export.ExportFormat
import app.undertone.history.export.SessionExport
import app.undertone.model.Emotion
import app.undertone.model.SpokenSegment
import app.undertone.ui.sentence
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import org.junit.After
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.Shadows.shadowOf
import org.robolectric.android.controller.ServiceController
import org.robolectric.shadows.ShadowAudioRecord
import java.io.ByteArrayOutputStream
import java.nio.file.Path
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertTrue

/** The whole app without a screen: the tile's activity starts it, the notification steers it; real asset, engine and database. */
@RunWith(RobolectricTestRunner::class)
class RecordingServiceTest {
    private val app = ApplicationProvider.getApplicationContext<UndertoneApplication>()
    private val notifications = app.getSystemService(NotificationManager::class.java)
    private val speech = RecordedSpeech.find()
    private val playing = PlayedAudio(speech.pcm)
    private var service: ServiceController<RecordingService>? = null

    @After
    fun playNothing() = ShadowAudioRecord.clearSource()

    @Test
    fun `a recording without a screen stores and exports what the engine hears in the file`() {
        start()
        assertEquals(FOREGROUND_SERVICE_TYPE_MICROPHONE, service!!.get().foregroundServiceType)
        waitFor { playing.isOver }
        assertEquals("Listening", title())
        press("Stop")
        waitFor { app.recorder.state.value == RecorderState.Idle }
        waitFor { shadowOf(service!!.get()).isStoppedBySelf }
        assertNull(shown())

        val (session, segments) = stored()
        assertEquals(directly(speech.pcm), segments.map { it.copy(id = 0) })
        assertTrue(session.isFinished)
        assertEquals(speech.pcm.size / 16L, session.lengthMs)
        assertNull(session.audioFile)
        assertEquals(directly(speech.pcm).map(::numbers), exportedNumbers(session.id))
        println("RecordingServiceTest: ${speech.file.name}: ${segments.size} segments of ${session.lengthMs} ms as the engine hears them")
    }

    @Test
    fun `the notification pauses, resumes and stops, and says so`() {
        start()
        waitFor { title() == "Listening" }
        press("Pause")
        waitFor { title() == "Paused" }
        assertEquals(listOf("Resume", "Stop"), actions())
        press("Resume")
        waitFor { title() == "Listening" }
        assertEquals(listOf("Pause", "Stop"), actions())
        assertTrue(shown()!!.actions.all { it.actionIntent.isImmutable })
        press("Stop")
        waitFor { app.recorder.state.value == RecorderState.Idle && shown() == null }
    }

    @Test
    fun `a service that ends before its recording takes the notification with it`() {
        start()
        waitFor { title() == "Listening" }
        press("Pause")
        waitFor { title() == "Paused" }
        service!!.destroy()
        assertNull(shown())
        app.recorder.stop()
        waitFor { app.recorder.state.value == RecorderState.Idle }
        assertNull(shown())
    }

    @Test
    fun `the notification names the emotion only where the settings allow it`() {
        start()
        waitFor { playing.isOver }
        press("Pause")
        waitFor { (app.recorder.state.value as? RecorderState.Recording)?.recognised?.isSoFar == false }
        waitFor { title() == "Paused" }
        assertTrue(Regex("""\d\d:\d\d""").matches(text()!!), text())
        runBlocking { app.settingsStore.update { it.copy(namesEmotionInNotification = true) } }
        waitFor { text()!!.contains(" · ") }
        val recognised = (app.recorder.state.value as RecorderState.Recording).recognised!!
        val word = if (recognised.isUncertain) "Not sure" else "Sounds ${recognised.emotion.name.lowercase()}"
        assertEquals(word, text()!!.substringBefore(" · "))
        press("Stop")
        waitFor { app.recorder.state.value == RecorderState.Idle }
    }

    @Test
    fun `a recording that ends behind other apps is told where that was chosen, and hidden on a lock screen`() {
        record(tellsStory = true)
        waitFor { saved() != null && shadowOf(service!!.get()).isStoppedBySelf }
        val summary = runBlocking { app.sessionStore.summaries().first() }.single()
        val told = saved()!!
        val length = DateUtils.formatElapsedTime(summary.session.lengthMs / 1_000).removePrefix("0")
        assertEquals("Saved · $length" to summary.story.sentence(app.resources), told.words)
        assertEquals(Notification.VISIBILITY_PRIVATE, told.visibility)
        assertEquals("Saved · $length" to null, told.publicVersion.words)
        assertEquals(0, told.flags and Notification.FLAG_ONGOING_EVENT)
        assertEquals(Notification.FLAG_AUTO_CANCEL, told.flags and Notification.FLAG_AUTO_CANCEL)
        told.contentIntent.send()
        val opened = shadowOf(app).nextStartedActivity
        assertEquals(MainActivity.ACTION_SHOW to summary.session.id, opened.action to opened.getLongExtra(MainActivity.EXTRA_SESSION, 0))

        service!!.get().onStartCommand(Intent(), 0, 3)
        assertNull(saved(), "the next recording begins")
    }

    @Test
    fun `a recording that ends is not told by default, nor while a page of the app is on screen`() {
        record(tellsStory = false)
        waitFor { shadowOf(service!!.get()).isStoppedBySelf }
        assertNull(saved())
        app.isOnScreen = true
        record(tellsStory = true)
        waitFor { shadowOf(service!!.get()).isStoppedBySelf }
        assertNull(saved())
    }

    @Test
    fun `a recording that ended by itself says why, whatever was chosen`() {
        for (tellsStory in listOf(false, true)) {
            notifications.cancelAll()
            runBlocking { app.settingsStore.update { it.copy(stopsAfterSilenceMin = 1, tellsStoryInNotification = tellsStory) } }
            start(PlayedAudio(ShortArray(16_000 * 62)))
            waitFor { saved() != null }
            assertEquals(1, stored().first.stoppedAfterSilenceMin)
            val reason = "Stopped after 1 minute without speech"
            assertEquals(if (tellsStory) "No speech in this recording · $reason" else reason, saved()!!.words.second)
            assertEquals(reason, saved()!!.publicVersion.words.second)
            runBlocking { app.sessionStore.deleteEverything() }
        }
    }

    /** All of [speech], stopped from the notification. */
    private fun record(tellsStory: Boolean) {
        runBlocking { app.settingsStore.update { it.copy(tellsStoryInNotification = tellsStory) } }
        val audio = PlayedAudio(speech.pcm)
        start(audio)
        waitFor { audio.isOver && title() == "Listening" }
        press("Stop")
        waitFor { app.recorder.state.value == RecorderState.Idle }
    }

    @Test
    fun `a service that the system does not let record ends the recording`() {
        ShadowAudioRecord.setSourceProvider { playing }
        app.recorder.start()
        val refused = Robolectric.buildService(RecordingService::class.java, shadowOf(app).nextStartedService).create()
        shadowOf(refused.get()).setThrowInStartForeground(SecurityException("not on screen"))
        refused.startCommand(0, 1)
        assertTrue(shadowOf(refused.get()).isStoppedBySelf)
        service = refused
        waitFor { app.recorder.state.value == RecorderState.Idle }
        assertNull(shown(), "a notification that belongs to no service would stay")
    }

    @Test
    fun `a system that lets no service start is told, without a crash`() {
        for (failure in listOf(ForegroundServiceStartNotAllowedException("behind others"), SecurityException("no"))) {
            val refusing = object : ContextWrapper(app) {
                override fun startForegroundService(service: Intent): ComponentName? = throw failure
            }
            assertFalse(RecordingService.start(refusing), "$failure")
        }
    }

    @Test
    fun `without the microphone's permission the tile opens the app and records nothing`() {
        Robolectric.buildActivity(StartRecordingActivity::class.java).create()
        assertEquals("app.undertone.MainActivity", shadowOf(app).nextStartedActivity.component!!.className)
        assertEquals(RecorderState.Idle, app.recorder.state.value)
        assertNull(shadowOf(app).nextStartedService)
    }

    private fun start(audio: PlayedAudio = playing) {
        ShadowAudioRecord.setSourceProvider { audio }
        shadowOf(app).grantPermissions(RECORD_AUDIO)
        assertTrue(Robolectric.buildActivity(StartRecordingActivity::class.java).create().get().isFinishing)
        val intent = assertNotNull(shadowOf(app).nextStartedService)
        service = Robolectric.buildService(RecordingService::class.java, intent).create().startCommand(0, 1)
    }

    private fun shown(): Notification? = shadowOf(notifications).getNotification(RecordingService.NOTIFICATION_ID)

    private fun saved(): Notification? = shadowOf(notifications).getNotification(RecordingService.SAVED_ID)

    private val Notification.words: Pair<String?, String?>
        get() = extras.run { getCharSequence(Notification.EXTRA_TITLE)?.toString() to getCharSequence(Notification.EXTRA_TEXT)?.toString() }

    private fun title() = shown()?.words?.first

    private fun text() = shown()?.words?.second

    private fun actions() = shown()!!.actions.map { it.title.toString() }

    private fun press(action: String) {
        shown()!!.actions.single { it.title.toString() == action }.actionIntent.send()
        val intent: Intent = shadowOf(app).nextStartedService
        service!!.get().onStartCommand(intent, 0, 2)
    }

    private fun waitFor(condition: () -> Boolean) = runBlocking {
        eventually {
            shadowOf(Looper.getMainLooper()).idle()
            delay(1)
            condition()
        }
    }

    private fun stored() = runBlocking {
        val session = app.sessionStore.summaries().first().single().session
        session to app.sessionStore.segments(session.id).first()
    }

    /** What a row of the exported table says in numbers: start and end in seconds, probabilities. */
    private fun numbers(segment: SpokenSegment) = listOf(segment.startMs / 1000.0, segment.endMs / 1000.0) + segment.probabilities

    private fun exportedNumbers(sessionId: Long): List<List<Double>> {
        val document = Uri.parse("content://documents/session.csv")
        val written = ByteArrayOutputStream()
        shadowOf(app.contentResolver).registerOutputStream(document, written)
        val isWritten = runBlocking { SessionExport(app.sessionStore, app.contentResolver).write(sessionId, ExportFormat.Csv, document) }
        assertTrue(isWritten)
        val (header, rows) = written.toString("UTF-8").trim().lines().map { it.split(',') }.let { it.first() to it.drop(1) }
        val columns = listOf("start_s", "end_s") + Emotion.labels
        return rows.map { row -> columns.map { row[header.indexOf(it)].toDouble() } }
    }

    /** The same samples through the engine alone, with the asset from its folder: what `replay` prints. */
    private fun directly(pcm: ShortArray): List<SpokenSegment> {
        val segments = mutableListOf<SpokenSegment>()
        val listener = object : EngineListener {
            override fun onEvent(event: EmotionEvent) {
                if (event !is EmotionEvent.Segment) return
                val startMs = event.startSample / 16
                segments += SpokenSegment(
                    id = 0,
                    startMs = startMs,
                    endMs = startMs + (event.endSample - event.startSample) / 16,
                    emotion = Emotion.entries[event.estimate.labelIndex],
                    probabilities = event.estimate.probabilities,
                    isUncertain = event.estimate.isUncertain,
                )
            }
        }
        val asset = EmotionAsset.open(DirectoryAssetSource(Path.of(System.getProperty("undertone.asset"))))
        EmotionEngine(asset).use { engine ->
            engine.start(SpeechDetector.SAMPLE_RATE_HZ, startedAtMs = 0, listener)
            engine.accept(pcm)
            engine.finish()
        }
        assertFalse(segments.isEmpty())
        return segments
    }
}
