package app.undertone.live

import app.undertone.asset.AssetProblem
import app.undertone.engine.EmotionEstimate
import app.undertone.engine.EngineEvent
import app.undertone.engine.SmoothedEmotion
import app.undertone.recording.Microphone
import app.undertone.recording.MicrophoneException
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.Test
import java.util.concurrent.CountDownLatch
import kotlin.random.Random
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertTrue

class LiveSessionTest {
    private val speech = Random(1).run { ShortArray(16_000 * 3) { nextInt(-9_000, 9_000).toShort() } }

    /** Collects a whole recording. */
    private fun record(microphone: Microphone, engines: (stop: () -> Unit) -> FakeEngines) =
        runBlocking {
            lateinit var session: LiveSession
            val fake = engines { session.stop() }
            session = LiveSession(microphone, fake)
            withTimeout(TIMEOUT_MS) { session.listen().toList() } to fake
        }

    @Test
    fun `an engine that opens late hears all of it, in order`() {
        val microphone = FakeMicrophone(speech)
        val (_, engines) = record(microphone) { stop ->
            FakeEngines(beforeOpen = { Thread.sleep(200) }, onChunk = { if (it == speech.size) stop() })
        }
        assertEquals(speech.asList(), engines.heard)
        assertTrue(engines.isFinished)
        assertTrue(engines.isClosed)
        assertTrue(microphone.isClosed)
    }

    @Test
    fun `an engine that lags at every chunk loses nothing`() {
        val (events, engines) = record(FakeMicrophone(speech)) { stop ->
            FakeEngines(onChunk = {
                Thread.sleep(5)
                if (it == speech.size) stop()
            })
        }
        assertEquals(speech.asList(), engines.heard)
        assertEquals(speech.size / 512 + 1, events.count { it is LiveEvent.Level })
        assertEquals(events.count { it is LiveEvent.Level }, events.count { it is LiveEvent.Gate })
    }

    @Test
    fun `the rest of the queue is heard after the stop`() {
        val (_, engines) = record(FakeMicrophone(speech)) { stop ->
            FakeEngines(onChunk = {
                Thread.sleep(2)
                if (it <= 512) stop()
            })
        }
        assertTrue(engines.heard.size >= 512)
        assertEquals(speech.asList().take(engines.heard.size), engines.heard)
        assertTrue(engines.isFinished)
    }

    @Test
    fun `a microphone that cannot start is busy`() {
        val (events, engines) = record({ throw MicrophoneException("taken") }) { FakeEngines() }
        assertEquals(listOf<LiveEvent>(LiveEvent.MicrophoneBusy), events)
        assertFalse(engines.isFinished)
    }

    @Test
    fun `a microphone that is taken away leaves what it gave to the engine`() {
        val (events, engines) = record(FakeMicrophone(speech, breaks = true)) { FakeEngines() }
        assertEquals(LiveEvent.MicrophoneBusy, events.last())
        assertEquals(speech.asList(), engines.heard)
        assertTrue(engines.isFinished)
    }

    @Test
    fun `an engine that cannot open ends the recording with the problem`() {
        val microphone = FakeMicrophone(speech)
        val (events, _) = record(microphone) { FakeEngines(problem = AssetProblem.NoRuntime) }
        assertEquals(LiveEvent.Failed(AssetProblem.NoRuntime), events.last { it !is LiveEvent.Level })
        assertTrue(microphone.isClosed)
    }

    @Test
    fun `an engine that breaks in the middle ends the recording with the reason`() {
        val (events, engines) = record(FakeMicrophone(speech)) { FakeEngines(onChunk = { if (it > 4_000) error("broken") }) }
        assertEquals(LiveEvent.Failed(AssetProblem.Stopped("broken")), events.last { it !is LiveEvent.Level })
        assertFalse(engines.isFinished)
        assertTrue(engines.isClosed)
    }

    @Test
    fun `capture does not wait for an engine that hangs, and the engine is told what was lost`() {
        val long = ShortArray(16_000 * 90) { it.toShort() }
        val hasCaptured = CountDownLatch(1)
        val microphone = FakeMicrophone(long, onEnd = hasCaptured::countDown)
        lateinit var fake: FakeEngines
        record(microphone) { stop ->
            fake = FakeEngines(
                beforeOpen = {
                    hasCaptured.await()
                    stop()
                },
            )
            fake
        }
        // The queue holds a minute.
        assertEquals(long.asList().take(16_000 * 60), fake.heard)
        assertEquals(16_000L * 30, fake.lostSamples)
        assertTrue(fake.isFinished)
    }

    @Test
    fun `a collector that leaves frees the microphone and throws the rest away`() = runBlocking {
        val microphone = FakeMicrophone(speech)
        val engines = FakeEngines()
        val collector = launch { LiveSession(microphone, engines).listen().first() }
        collector.join()
        withTimeout(TIMEOUT_MS) { while (!microphone.isClosed || !engines.isClosed) delay(5) }
        assertFalse(engines.isFinished)
    }

    @Test
    fun `a pause frees the microphone and ends the segment, and what follows is heard at the new rate and later in time`() = runBlocking {
        val halfASecondIn = EngineEvent.Segment(8_000, 24_000, 0, EmotionEstimate("sad", 3, emptyList(), emptyList(), false), SmoothedEmotion("sad", 3, emptyList(), false))
        lateinit var session: LiveSession
        val before = FakeMicrophone(speech, onEnd = { session.pause() })
        val after = FakeMicrophone(speech, rateHz = 48_000, onEnd = { session.stop() })
        val parts = ArrayDeque(listOf(before, after))
        val engines = FakeEngines(lastSegment = halfASecondIn)
        session = LiveSession({ parts.removeFirst() }, engines)

        val events = async(Dispatchers.Default) { session.listen().toList() }
        withTimeout(TIMEOUT_MS) { while (!before.isClosed || !engines.isFinished) delay(5) }
        assertEquals(listOf(after), parts)
        assertTrue(events.isActive)
        session.resume()

        val segments = withTimeout(TIMEOUT_MS) { events.await() }.filterIsInstance<LiveEvent.Segment>()
        assertEquals(listOf(16_000, 48_000), engines.ratesHz)
        assertEquals(speech.asList() + speech.asList(), engines.heard)
        // Three seconds came before the pause.
        assertEquals(listOf(500L, 3_500L), segments.map { it.startMs })
        assertEquals(listOf(1_000, 1_000), segments.map { it.durationMs })
    }

    @Test
    fun `a paused recording can be stopped`() = runBlocking<Unit> {
        lateinit var session: LiveSession
        val microphone = FakeMicrophone(speech, onEnd = { session.pause() })
        session = LiveSession(microphone, FakeEngines())
        val events = async(Dispatchers.Default) { session.listen().toList() }
        withTimeout(TIMEOUT_MS) { while (!microphone.isClosed) delay(5) }
        session.stop()
        withTimeout(TIMEOUT_MS) { events.await() }
    }

    @Test
    fun `while one listens the microphone is busy for another, and free afterwards`() = runBlocking {
        lateinit var session: LiveSession
        val hasStarted = CountDownLatch(1)
        val microphone = FakeMicrophone(speech, onEnd = hasStarted::countDown)
        session = LiveSession(microphone, FakeEngines())
        val first = async(Dispatchers.Default) { session.listen().toList() }
        hasStarted.await()
        assertEquals(listOf<LiveEvent>(LiveEvent.MicrophoneBusy), session.listen().toList())
        session.stop()
        withTimeout(TIMEOUT_MS) { first.await() }
        assertTrue(session.listen().toList().none { it is LiveEvent.MicrophoneBusy })
    }

    private companion object {
        const val TIMEOUT_MS = 20_000L
    }
}
