package app.undertone.recording

import android.app.Application
import android.content.Context
import android.database.sqlite.SQLiteFullException
import androidx.room.Room
import androidx.test.core.app.ApplicationProvider
import app.undertone.engine.MicrophoneProblem
import app.undertone.engine.android.MicrophoneChoice
import app.undertone.engine.android.MicrophoneDevice
import app.undertone.engine.android.MicrophoneSource
import app.undertone.history.room.RoomSessionStore
import app.undertone.history.room.SessionDatabase
import app.undertone.model.Emotion
import app.undertone.model.LiveEvent
import app.undertone.model.Mark
import app.undertone.model.Session
import app.undertone.model.SessionStore
import app.undertone.model.SpokenSegment
import app.undertone.settings.DataStoreSettings
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.takeWhile
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.job
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.After
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.atomic.AtomicInteger
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertIs
import kotlin.test.assertNull
import kotlin.test.assertTrue

/** The recorder over the real store and the real settings; only the voice is made up. */
@RunWith(RobolectricTestRunner::class)
@Config(application = Application::class)
class SessionRecorderTest {
    @get:Rule
    val folder = TemporaryFolder()

    private val scope = CoroutineScope(Dispatchers.Default + Job())
    private val store = RoomSessionStore(ApplicationProvider.getApplicationContext<Context>()) { folder.root }
    private val settings = DataStoreSettings(scope) { folder.root.resolve("settings.preferences_pb") }
    private val capture = FakeCapture()
    private var nowMs = 1_000_000L
    private var starts = 0
    private var isRefused = false
    private val awake = AtomicInteger()

    @Volatile
    private var freeBytes = 1_000_000_000L
    private val recorder = recorderOver(store)

    private fun recorderOver(store: SessionStore) =
        SessionRecorder(capture, store, settings, { folder.root }, scope, ::onStart, ::stayAwake, { freeBytes }, nowMs = { nowMs })

    private fun stayAwake(): AutoCloseable {
        awake.incrementAndGet()
        return AutoCloseable { awake.decrementAndGet() }
    }

    private fun onStart(): Boolean {
        if (isRefused) return false
        starts++
        return true
    }

    /** A recorder that still stores something when its store is closed would fail a test of another class. */
    @After
    fun close() {
        runBlocking { scope.coroutineContext.job.cancelAndJoin() }
        store.close()
    }

    @Test
    fun `while somebody looks each segment is stored at once, and the length meanwhile`() = test {
        recorder.start()
        watch()
        val take = capture.takes.receive()
        take.hear(audio(15_000))
        eventually { sessions().singleOrNull()?.lengthMs == 15_000L }
        take.hear(segment(Emotion.Sad, startMs = 300, durationMs = 1_500, isSoFar = true), segment(Emotion.Sad, 300, 1_700))
        eventually { segments().isNotEmpty() }
        val stored = segments().single()
        assertEquals(listOf(300L, 2_000L), listOf(stored.startMs, stored.endMs))
        assertEquals(Emotion.Sad to probabilities, stored.emotion to stored.probabilities)
        assertFalse(sessions().single().isFinished)
        assertEquals(nowMs - 15_000, sessions().single().startedAtMs)

        recorder.stop()
        assertTrue(take.until.isCompleted)
        assertEquals(RecordingPhase.Finishing, phase())
        take.hear(audio(500), segment(Emotion.Happy, 15_100, 400))
        take.end()
        recorder.state.first { it == RecorderState.Idle }
        assertEquals(listOf(Emotion.Sad, Emotion.Happy), segments().map { it.emotion })
        assertEquals(15_500L to true, sessions().single().run { lengthMs to isFinished })
        assertEquals(1, starts)
    }

    @Test
    fun `a pause frees the microphone, and what comes after it lies behind what was before, at its own time of day`() = test {
        recorder.start()
        watch()
        val first = capture.takes.receive()
        first.hear(audio(2_000))
        recorder.pause()
        assertTrue(first.until.isCompleted)
        assertEquals(RecordingPhase.Paused, phase())
        first.end()
        eventually { sessions().singleOrNull()?.lengthMs == 2_000L }

        nowMs += 61_000
        recorder.resume()
        assertEquals(RecordingPhase.Listening, phase())
        val second = capture.takes.receive()
        second.hear(audio(1_000), segment(Emotion.Sad, 100, 800))
        eventually { segments().isNotEmpty() }
        val segment = segments().single()
        assertEquals(2_100, segment.startMs)
        // The second take began one second before its first second was in, 60 s after the end of the first.
        assertEquals(60_000, segment.pausedMs)
        assertEquals(3_000L, sessions().single().lengthMs)
        recorder.stop()
        second.end()
        recorder.state.first { it == RecorderState.Idle }
        assertEquals(1, starts)
    }

    @Test
    fun `a mark is stored at once at its place in the audio, shown to who looks and who comes later, and none is set in a pause`() = test {
        recorder.mark()
        recorder.start()
        recorder.mark() // nothing came in yet
        watch()
        val first = capture.takes.receive()
        first.hear(audio(2_000))
        eventually { (recorder.state.value as RecorderState.Recording).elapsedMs == 2_000L }
        recorder.mark()
        first.hear(audio(32))
        eventually { marks().size == 1 }
        recorder.pause()
        recorder.mark()
        first.end()
        nowMs += 61_000
        recorder.resume()
        val second = capture.takes.receive()
        second.hear(audio(1_000))
        eventually { (recorder.state.value as RecorderState.Recording).elapsedMs == 3_032L }
        recorder.mark()
        val late = async(start = CoroutineStart.UNDISPATCHED) { recorder.join().toList() }
        recorder.stop()
        recorder.mark()
        second.end()
        recorder.state.first { it == RecorderState.Idle }
        assertEquals(listOf(Mark(1, 2_000, nowMs - 61_000), Mark(2, 3_032, nowMs)), marks())
        assertEquals(listOf(2_000L, 3_032L), late.await().filterIsInstance<LiveEvent.Marked>().map { it.positionMs })
    }

    @Test
    fun `a pause that is over before its take ended, and a stop while paused, leave nothing hanging`() = test {
        recorder.start()
        val first = capture.takes.receive()
        recorder.pause()
        recorder.resume()
        first.end()
        val second = capture.takes.receive()
        recorder.pause()
        second.end()
        recorder.stop()
        recorder.resume()
        recorder.state.first { it == RecorderState.Idle }
        assertNull(capture.takes.tryReceive().getOrNull())
    }

    @Test
    fun `a microphone that does not start leaves no session`() = test {
        recorder.start()
        val recognised = async { recorder.join().toList() }
        capture.takes.receive().run {
            hear(LiveEvent.MicrophoneFailed(MicrophoneProblem.InUse))
            end()
        }
        assertEquals(listOf<LiveEvent>(LiveEvent.MicrophoneFailed(MicrophoneProblem.InUse)), recognised.await())
        recorder.state.first { it == RecorderState.Idle }
        assertTrue(sessions().isEmpty())
    }

    @Test
    fun `who joins a recording that was stopped meanwhile starts none`() = test {
        recorder.start()
        val take = capture.takes.receive()
        take.hear(audio(32))
        recorder.stop()
        val late = recorder.join()
        take.end()
        recorder.state.first { it == RecorderState.Idle }
        assertEquals(listOf<LiveEvent>(audio(32).copy(startMs = 0)), late.toList())
        assertEquals(emptyList(), recorder.join().toList())
        assertEquals(RecorderState.Idle, recorder.state.value)
        assertEquals(1, starts)
    }

    @Test
    fun `a recording that the system does not let begin records nothing, and the next one may`() = test {
        isRefused = true
        assertFalse(recorder.start())
        assertEquals(RecorderState.Idle, recorder.state.value)
        isRefused = false
        assertTrue(recorder.start())
        assertEquals(RecordingPhase.Listening, phase())
        val take = capture.takes.receive()
        recorder.stop()
        take.end()
        recorder.state.first { it == RecorderState.Idle }
        assertEquals(1, starts)
    }

    @Test
    fun `a screen that leaves ends nothing, and one that comes back hears the last seconds and what follows`() = test {
        recorder.start()
        val screen = async { recorder.join().first() }
        val take = capture.takes.receive()
        take.hear(audio(32))
        screen.await()
        take.hear(segment(Emotion.Happy, 0, 30))
        val back = async(start = CoroutineStart.UNDISPATCHED) { recorder.join().take(3).toList() }
        eventually { (recorder.state.value as RecorderState.Recording).recognised != null }
        take.hear(audio(64))
        assertEquals(
            listOf(audio(32).copy(startMs = 0), segment(Emotion.Happy, 0, 30).copy(segmentId = 1), audio(64).copy(startMs = 32)),
            back.await(),
        )
        assertEquals(1, starts)
        recorder.stop()
        take.end()
    }

    @Test
    fun `a recording that starts while the last words of another are recognised is a session of its own`() = test {
        recorder.start()
        val first = capture.takes.receive()
        first.hear(audio(1_000))
        eventually { sessions().size == 1 }
        recorder.stop()
        recorder.start()
        assertEquals(RecordingPhase.Listening, phase())
        first.hear(segment(Emotion.Sad, 0, 900))
        first.end()
        val second = capture.takes.receive()
        assertEquals(null, assertIs<RecorderState.Recording>(recorder.state.value).recognised)
        second.hear(audio(1_000))
        eventually { sessions().size == 2 }
        recorder.stop()
        second.end()
        recorder.state.first { it == RecorderState.Idle }
        eventually { sessions().map { store.segments(it.id).first().size }.sorted() == listOf(0, 1) }
    }

    @Test
    fun `while another app has the microphone the recording is interrupted, and goes on by itself`() = test {
        recorder.start()
        val take = capture.takes.receive()
        take.hear(audio(1_000), LiveEvent.Lost(5_000, MicrophoneProblem.InUse))
        eventually { phase() == RecordingPhase.Interrupted }
        take.hear(audio(1_000))
        eventually { phase() == RecordingPhase.Listening }
        assertEquals(7_000, (recorder.state.value as RecorderState.Recording).elapsedMs)
        recorder.stop()
        take.end()
    }

    @Test
    fun `a session that is deleted while it is recorded ends, and leaves nothing`() = test {
        recorder.start()
        val take = capture.takes.receive()
        take.hear(audio(1_000))
        eventually { sessions().size == 1 }
        store.deleteEverything()
        take.until.join()
        take.hear(segment(Emotion.Sad, 0, 900))
        take.end()
        recorder.state.first { it == RecorderState.Idle }
        assertTrue(sessions().isEmpty())
    }

    @Test
    fun `a full disk ends the recording and says so`() = test {
        val full = object : SessionStore by store {
            override suspend fun append(sessionId: Long, segments: List<SpokenSegment>, lengthMs: Long): List<Long> =
                throw SQLiteFullException("full")
        }
        val recorder = recorderOver(full)
        recorder.start()
        val recognised = async { recorder.join().toList() }
        val take = capture.takes.receive()
        take.hear(audio(1_000), segment(Emotion.Sad, 0, 900))
        assertEquals(LiveEvent.NotStored("full"), recognised.await().last())
        recorder.state.first { it == RecorderState.Idle }
        assertEquals(1_000L to true, sessions().single().run { lengthMs to isFinished })
    }

    @Test
    fun `the settings choose the microphone, and whether audio is kept`() = test {
        settings.update { it.copy(source = MicrophoneSource.Unprocessed, device = MicrophoneDevice("Headset", 3), keepsAudio = true) }
        recorder.start()
        val take = capture.takes.receive()
        assertEquals(MicrophoneChoice(MicrophoneSource.Unprocessed, MicrophoneDevice("Headset", 3)), take.choice)
        take.hear(audio(1_000))
        eventually { sessions().size == 1 }
        assertEquals("$nowMs.pending.wav", sessions().single().audioFile) // to be compressed when it is over
        recorder.stop()
        take.end()
        recorder.state.first { it == RecorderState.Idle }

        settings.update { it.copy(keepsAudio = false) }
        recorder.start()
        val second = capture.takes.receive()
        second.hear(audio(1_000))
        eventually { sessions().size == 2 }
        assertEquals(1, sessions().count { it.audioFile == null })
        recorder.stop()
        second.end()
    }

    @Test
    fun `a recording in which nobody speaks any more ends by itself where that was chosen, a call apart`() = test {
        settings.update { it.copy(stopsAfterSilenceMin = 2) }
        recorder.start()
        val take = capture.takes.receive()
        take.hear(audio(100_000), LiveEvent.Gate(isOpen = true), audio(60_000), LiveEvent.Lost(90_000, MicrophoneProblem.InUse), audio(59_000))
        eventually { (recorder.state.value as RecorderState.Recording).elapsedMs == 309_000L }
        assertEquals(RecordingPhase.Listening, phase())
        recorder.pause()
        take.end()
        recorder.resume()
        val second = capture.takes.receive()
        second.hear(audio(119_000), LiveEvent.Gate(isOpen = false))
        eventually { (recorder.state.value as RecorderState.Recording).elapsedMs == 428_000L }
        assertEquals(RecordingPhase.Listening, phase())
        second.hear(audio(1_000))
        second.until.join()
        second.end()
        recorder.state.first { it == RecorderState.Idle }
        assertEquals(429_000L to 2, sessions().single().run { lengthMs to stoppedAfterSilenceMin })
    }

    @Test
    fun `a recording that somebody stops in a long silence was stopped by them`() = test {
        settings.update { it.copy(stopsAfterSilenceMin = 2) }
        recorder.start()
        val take = capture.takes.receive()
        take.hear(audio(119_000))
        eventually { (recorder.state.value as RecorderState.Recording).elapsedMs == 119_000L }
        recorder.stop()
        take.hear(audio(2_000)) // what was on its way
        take.end()
        recorder.state.first { it == RecorderState.Idle }
        assertEquals(121_000L to null, sessions().single().run { lengthMs to stoppedAfterSilenceMin })
    }

    @Test
    fun `a quarter of an hour that nobody looks at - a state a second, a few writes a minute, and all of it is there for who comes`() = test {
        val writes = AtomicInteger()
        val counted = object : SessionStore by store {
            override suspend fun begin(session: Session) = store.begin(session).also { writes.incrementAndGet() }

            override suspend fun append(sessionId: Long, segments: List<SpokenSegment>, lengthMs: Long) =
                store.append(sessionId, segments, lengthMs).also { writes.incrementAndGet() }

            override suspend fun extend(sessionId: Long, lengthMs: Long) = store.extend(sessionId, lengthMs).also { writes.incrementAndGet() }
        }
        val recorder = recorderOver(counted)
        val states = AtomicInteger()
        val seconds = 15 * 60
        val counting = launch(Dispatchers.Unconfined) { recorder.state.collect { states.incrementAndGet() } }
        recorder.start()
        val take = capture.takes.receive()
        assertFalse(take.isWatched())
        for (second in 0 until seconds) {
            repeat(25) { take.hear(audio(40), LiveEvent.Gate(isOpen = true, endMs = second * 1_000L + it * 40)) }
            if (second % 4 == 3) take.hear(segment(Emotion.Sad, startMs = second * 1_000L - 3_000, durationMs = 3_500))
        }
        eventually { (recorder.state.value as RecorderState.Recording).elapsedMs == seconds * 1_000L }
        assertTrue(states.get() <= 2 * seconds, "${states.get()} states")
        assertTrue(writes.get() <= 6 * seconds / 60, "${writes.get()} writes")

        // Whoever comes now sees the whole ribbon, and the waveform in its place.
        val joined = async { recorder.join().takeWhile { !(it is LiveEvent.Level && it.durationMs == 50) }.toList() }
        eventually { take.isWatched() }
        take.hear(audio(50))
        val events = joined.await()
        assertEquals(List(seconds / 4) { it * 4_000L }, events.filterIsInstance<LiveEvent.Segment>().map { it.startMs })
        assertTrue(events.filterIsInstance<LiveEvent.Segment>().all { it.segmentId > 0 })
        val levels = events.filterIsInstance<LiveEvent.Level>()
        assertEquals(seconds * 1_000L, levels.last().run { startMs!! + durationMs })
        recorder.stop()
        take.end()
        recorder.state.first { it == RecorderState.Idle }
        counting.cancel()
    }

    @Test
    fun `the processor is kept awake from the stop to the last result, and in a pause only until its results are there`() = test {
        recorder.start()
        val take = capture.takes.receive()
        take.hear(audio(1_000))
        assertEquals(0, awake.get())
        recorder.pause()
        assertEquals(1, awake.get())
        take.end()
        eventually { awake.get() == 0 }
        recorder.resume()
        val second = capture.takes.receive()
        recorder.stop()
        assertEquals(1, awake.get())
        second.hear(segment(Emotion.Sad, 0, 900))
        second.end()
        recorder.state.first { it == RecorderState.Idle }
        eventually { awake.get() == 0 }
    }

    @Test
    fun `a disk without room lets no recording begin, and one that fills up ends it with all that was said`() = test {
        freeBytes = 1_000_000
        recorder.start()
        val refused = async(start = CoroutineStart.UNDISPATCHED) { recorder.join().toList() }
        assertIs<LiveEvent.NotStored>(refused.await().single())
        recorder.state.first { it == RecorderState.Idle }
        assertTrue(sessions().isEmpty())

        freeBytes = 1_000_000_000
        recorder.start()
        val recognised = async { recorder.join().toList() }
        val take = capture.takes.receive()
        take.hear(audio(14_000))
        freeBytes = 1_000_000
        take.hear(audio(1_000))
        take.until.join()
        take.hear(segment(Emotion.Sad, 0, 900))
        take.end()
        assertIs<LiveEvent.NotStored>(recognised.await().last())
        recorder.state.first { it == RecorderState.Idle }
        assertEquals(15_000L to true, sessions().single().run { lengthMs to isFinished })
        assertEquals(Emotion.Sad, segments().single().emotion)
    }

    @Test
    fun `why a recording is interrupted is part of its state`() = test {
        recorder.start()
        val take = capture.takes.receive()
        take.hear(audio(1_000), LiveEvent.Lost(32, MicrophoneProblem.SwitchedOff))
        eventually { (recorder.state.value as RecorderState.Recording).silencedBy == MicrophoneProblem.SwitchedOff }
        take.hear(audio(32))
        eventually { (recorder.state.value as RecorderState.Recording).silencedBy == null }
        recorder.stop()
        take.end()
    }

    /** Somebody looks at the recording, until it is over. */
    private fun CoroutineScope.watch() = launch(start = CoroutineStart.UNDISPATCHED) { recorder.join().collect {} }

    private fun test(body: suspend CoroutineScope.() -> Unit) = runBlocking(Dispatchers.Default) { withTimeout(TIMEOUT_MS) { body() } }

    @Test
    fun `a quarter of an hour while History is open - no segment is read, and little is written and shown`() = test {
        val statements = ConcurrentLinkedQueue<String>()
        val context = ApplicationProvider.getApplicationContext<Context>()
        val database = Room.inMemoryDatabaseBuilder(context, SessionDatabase::class.java)
            .setQueryCallback({ sql, _ -> statements += sql }) { it.run() }
            .build()
        RoomSessionStore(database) { folder.root }.use { store ->
            val recorder = recorderOver(store)
            val shown = AtomicInteger()
            val lists = listOf(store.newest(1), store.newest(50), store.since(0), store.tags(), recorder.state)
            val watching = launch(Dispatchers.Unconfined) { lists.forEach { list -> launch { list.collect { shown.incrementAndGet() } } } }
            val seconds = 15 * 60
            recorder.start()
            val take = capture.takes.receive()
            for (second in 0 until seconds) {
                repeat(25) { take.hear(audio(40)) }
                if (second % 4 == 3) take.hear(segment(Emotion.Sad, startMs = second * 1_000L - 3_000, durationMs = 3_500))
            }
            eventually { (recorder.state.value as RecorderState.Recording).elapsedMs == seconds * 1_000L }
            recorder.stop()
            take.end()
            recorder.state.first { it == RecorderState.Idle }
            eventually { store.newest(1).first().single().session.isFinished }
            watching.cancelAndJoin()

            val summary = store.newest(1).first().single()
            assertEquals(seconds / 4 * 3_500L, summary.sharesMs[Emotion.Sad.ordinal])
            val writes = statements.count { Regex("^(INSERT|UPDATE).*\\bsessions\\b").containsMatchIn(it) }
            assertTrue(writes in 1..6 * seconds / 60, "$writes writes")
            assertEquals(emptyList(), statements.filter { Regex("FROM\\s+`?segments").containsMatchIn(it) })
            assertTrue(shown.get() <= 2 * seconds, "${shown.get()} shown")
        }
    }

    private suspend fun sessions() = store.summaries().first().map { it.session }

    private suspend fun segments() = sessions().flatMap { store.segments(it.id).first() }

    private suspend fun marks() = sessions().flatMap { store.marks(it.id).first() }

    private fun phase() = (recorder.state.value as? RecorderState.Recording)?.phase

    private fun audio(durationMs: Int) = LiveEvent.Level(-20f, isClipped = false, durationMs)

    private fun segment(emotion: Emotion, startMs: Long, durationMs: Int, isSoFar: Boolean = false) =
        LiveEvent.Segment(emotion, probabilities, isUncertain = false, isSoFar, startMs, durationMs)

    private companion object {
        val probabilities = listOf(0.1, 0.2, 0.3, 0.4)
        const val TIMEOUT_MS = 30_000L
    }
}
