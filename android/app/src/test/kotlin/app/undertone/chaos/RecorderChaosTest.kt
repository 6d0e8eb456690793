package app.undertone.chaos

import android.app.Application
import android.content.Context
import androidx.test.core.app.ApplicationProvider
import app.undertone.engine.Recording
import app.undertone.history.room.RoomSessionStore
import app.undertone.live.FakeEngines
import app.undertone.live.LiveSession
import app.undertone.model.Emotion
import app.undertone.model.LiveEvent
import app.undertone.model.Session
import app.undertone.model.SessionStore
import app.undertone.model.SpokenSegment
import app.undertone.recording.Capture
import app.undertone.recording.FakeCapture
import app.undertone.recording.RecorderState
import app.undertone.recording.SessionRecorder
import app.undertone.recording.eventually
import app.undertone.settings.FakeSettings
import app.undertone.settings.Settings
import app.undertone.settings.SettingsStore
import kotlinx.coroutines.CoroutineExceptionHandler
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.job
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.After
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config
import java.io.File
import java.util.concurrent.CopyOnWriteArrayList
import kotlin.test.assertEquals
import kotlin.test.assertIs
import kotlin.test.assertTrue

/** A recording whose storage, settings and microphone fail in turn, each in every way. No finished segment is lost, and nothing crashes. */
@RunWith(RobolectricTestRunner::class)
@Config(application = Application::class)
class RecorderChaosTest {
    @get:Rule
    val folder = TemporaryFolder()

    /** What would have ended the app. */
    private val crashes = CopyOnWriteArrayList<Throwable>()
    private val scope = CoroutineScope(Dispatchers.Default + SupervisorJob() + CoroutineExceptionHandler { _, crash -> crashes += crash })
    private val failing = Failing()
    private val room = RoomSessionStore(ApplicationProvider.getApplicationContext<Context>()) { folder.root }
    private val store = FailingStore()
    private val capture = FakeCapture()

    @After
    fun close() {
        failing.let(null)
        runBlocking { scope.coroutineContext.job.cancelAndJoin() }
        room.close()
    }

    private fun recorder(capture: Capture, settings: SettingsStore = FakeSettings(), audioFolder: () -> File = { folder.root }) =
        SessionRecorder(capture, store, settings, audioFolder, scope, onStart = { true })

    /**
     * Records a segment that is stored, makes [part] fail with [failure], [once] or for good, records another one and stops. Returns what was
     * told at the end, and the emotions that are stored.
     */
    private fun record(part: String, failure: Exception, once: Boolean): Pair<LiveEvent, List<Emotion>> = runBlocking {
        withTimeout(TIMEOUT_MS) {
            room.deleteEverything()
            failing.let(part.takeIf { it == "begin" || it == "session" }, failure)
            val recorder = recorder(capture)
            recorder.start()
            val told = async(start = CoroutineStart.UNDISPATCHED) { recorder.join().toList() }
            val take = capture.takes.receive()
            take.hear(audio(1_000), segment(Emotion.Sad, 0))
            if (part != "begin") eventually { stored().size == 1 }
            failing.let(part, failure, once)
            take.hear(audio(16_000), segment(Emotion.Happy, 2_000))
            recorder.stop()
            take.end()
            recorder.state.first { it == RecorderState.Idle }
            failing.let(null)
            told.await().last() to stored()
        }
    }

    private suspend fun stored() = room.summaries().first().flatMap { room.segments(it.session.id).first() }.map { it.emotion }

    @Test
    fun `whatever storage throws while it is recorded is said, what was stored before stays, and what waited follows where it can`() {
        for (part in listOf("append", "extend", "finish", "begin")) {
            for (failure in STORAGE_FAILURES) {
                val (last, emotions) = record(part, failure, once = false)
                assertIs<LiveEvent.NotStored>(last, "$part throws $failure")
                if (part != "begin") assertEquals(Emotion.Sad, emotions.first(), "$part throws $failure")
            }
        }
        for (failure in STORAGE_FAILURES) {
            assertEquals(listOf(Emotion.Sad, Emotion.Happy), record("append", failure, once = true).second, "$failure")
            assertEquals(listOf(Emotion.Sad, Emotion.Happy), record("session", failure, once = false).second, "$failure")
        }
        assertEquals(emptyList<Throwable>(), crashes)
    }

    @Test
    fun `settings that cannot be read are no reason not to record, and a folder that cannot be had is said`() = runBlocking {
        withTimeout(TIMEOUT_MS) {
            for (failure in FAILURES) {
                val broken = object : SettingsStore {
                    override val settings: Flow<Settings> = flow { throw failure }

                    override suspend fun update(change: (Settings) -> Settings) = throw failure
                }
                val recorder = recorder(capture, broken)
                recorder.start()
                val take = capture.takes.receive()
                recorder.stop()
                take.end()
                recorder.state.first { it == RecorderState.Idle }

                val keeping = recorder(capture, FakeSettings(Settings(keepsAudio = true)), audioFolder = { throw failure })
                keeping.start()
                val told = async(start = CoroutineStart.UNDISPATCHED) { keeping.join().toList() }
                assertIs<LiveEvent.NotStored>(told.await().last(), "$failure")
                keeping.state.first { it == RecorderState.Idle }
            }
        }
        assertEquals(emptyList<Throwable>(), crashes)
    }

    @Test
    fun `whatever a driver throws at the start, in the middle or at the end is said, and what was heard before it is stored`() = runBlocking {
        withTimeout(TIMEOUT_MS) {
            for (part in listOf("start", "read", "close")) {
                for (failure in FAILURES.filterIsInstance<RuntimeException>()) {
                    room.deleteEverything()
                    val recorder = recorder(LiveSession({ FailingMicrophone() }, FakeEngines(lastSegment = lastSegment)))
                    failing.let(part, failure)
                    recorder.start()
                    val told = async(start = CoroutineStart.UNDISPATCHED) { recorder.join().toList() }
                    assertTrue(told.await().any { it is LiveEvent.MicrophoneFailed }, "$part throws $failure")
                    recorder.state.first { it == RecorderState.Idle }
                    assertEquals(if (part == "start") emptyList() else listOf(Emotion.Sad), stored(), "$part throws $failure")
                }
            }
        }
        assertEquals(emptyList<Throwable>(), crashes)
    }

    private fun audio(durationMs: Int) = LiveEvent.Level(-20f, isClipped = false, durationMs)

    private fun segment(emotion: Emotion, startMs: Long) =
        LiveEvent.Segment(emotion, List(4) { .25 }, isUncertain = false, isSoFar = false, startMs, durationMs = 900)

    private inner class FailingStore : SessionStore by room {
        override fun session(id: Long): Flow<Session?> = flow {
            failing.at("session") {}
            room.session(id).collect { emit(it) }
        }

        override suspend fun begin(session: Session): Long {
            failing.at("begin") {}
            return room.begin(session)
        }

        override suspend fun append(sessionId: Long, segments: List<SpokenSegment>, lengthMs: Long): List<Long> {
            failing.at("append") {}
            return room.append(sessionId, segments, lengthMs)
        }

        override suspend fun extend(sessionId: Long, lengthMs: Long) {
            failing.at("extend") {}
            room.extend(sessionId, lengthMs)
        }

        override suspend fun finish(sessionId: Long, lengthMs: Long, isCutOff: Boolean, stoppedAfterSilenceMin: Int?) {
            failing.at("finish") {}
            room.finish(sessionId, lengthMs, isCutOff, stoppedAfterSilenceMin)
        }
    }

    /** A second of sound, then [Failing] or the end. */
    private inner class FailingMicrophone : Recording {
        private var reads = 0
        override val rateHz = 16_000

        init {
            failing.at("start") {}
        }

        override fun read(pcm: ShortArray): Int = if (reads++ < 31) pcm.size else failing.at("read") { 0 }

        override fun stop() = Unit

        override fun close() = failing.at("close") {}
    }

    private companion object {
        const val TIMEOUT_MS = 120_000L
    }
}
