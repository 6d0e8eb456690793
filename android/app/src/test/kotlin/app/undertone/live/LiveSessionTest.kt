package app.undertone.live

import app.undertone.asset.AssetProblem
import app.undertone.engine.ArousalValence
import app.undertone.engine.EmotionEstimate
import app.undertone.engine.EmotionEvent
import app.undertone.engine.MicrophoneException
import app.undertone.engine.MicrophoneProblem
import app.undertone.engine.SmoothedEmotion
import app.undertone.engine.VoiceProcessing
import app.undertone.engine.android.MicrophoneChoice
import app.undertone.model.Emotion
import app.undertone.model.LiveEvent
import app.undertone.model.RecognisedSegment
import app.undertone.recording.Microphones
import app.undertone.recording.audio.KeptAudioWriter
import kotlinx.coroutines.Job
import kotlinx.coroutines.async
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder
import java.util.concurrent.CountDownLatch
import kotlin.random.Random
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertTrue

class LiveSessionTest {
    @get:Rule
    val folder = TemporaryFolder()

    private val speech = Random(1).run { ShortArray(16_000 * 3) { nextInt(-9_000, 9_000).toShort() } }

    /** Collects a whole take. */
    private fun record(microphones: Microphones, engines: (stop: () -> Unit) -> FakeEngines) =
        runBlocking {
            val until = Job()
            val fake = engines { until.complete() }
            withTimeout(TIMEOUT_MS) { LiveSession(microphones, fake).take(MicrophoneChoice(), kept = null, until) { true }.toList() } to fake
        }

    @Test
    fun `an engine that opens late hears all of it, in order`() {
        val microphone = FakeMicrophone(speech)
        val (_, engines) = record(microphone) { stop ->
            FakeEngines(beforeOpen = { Thread.sleep(200) }, onChunk = { if (it == speech.size) stop() })
        }
        assertEquals(speech.asList(), engines.recognised)
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
        assertEquals(speech.asList(), engines.recognised)
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
        assertTrue(engines.recognised.size >= 512)
        assertEquals(speech.asList().take(engines.recognised.size), engines.recognised)
        assertTrue(engines.isFinished)
    }

    @Test
    fun `a microphone that cannot start is busy`() {
        val (events, engines) = record({ throw MicrophoneException("taken") }) { FakeEngines() }
        assertEquals(listOf<LiveEvent>(LiveEvent.MicrophoneFailed(MicrophoneProblem.InUse)), events)
        assertFalse(engines.isFinished)
    }

    @Test
    fun `a microphone that is taken away leaves what it gave to the engine`() {
        val (events, engines) = record(FakeMicrophone(speech, breaks = true)) { FakeEngines() }
        assertEquals(LiveEvent.MicrophoneFailed(MicrophoneProblem.InUse), events.last())
        assertEquals(speech.asList(), engines.recognised)
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
        assertEquals(long.asList().take(16_000 * 60), fake.recognised)
        assertEquals(16_000L * 30, fake.lostSamples)
        assertTrue(fake.isFinished)
    }

    @Test
    fun `what the phone does to the voice comes before the first level`() {
        val (events) = record(FakeMicrophone(speech, voiceProcessing = setOf(VoiceProcessing.AutomaticGain))) { stop ->
            FakeEngines(onChunk = { if (it == speech.size) stop() })
        }
        assertEquals(LiveEvent.Altered(setOf(VoiceProcessing.AutomaticGain)), events.first())
        assertEquals(1, events.count { it is LiveEvent.Altered })
    }

    @Test
    fun `what the system drops is a gap for the engine, in its place, and all lengths add up`() {
        val (events, engines) = record(FakeMicrophone(speech, lostBefore = mapOf(512 * 10 to 1_000L, 512 * 20 to 37L))) { stop ->
            FakeEngines(onChunk = { if (it == speech.size) stop() })
        }
        assertEquals(speech.asList(), engines.recognised)
        assertEquals(1_037L, engines.lostSamples)
        val kinds = events.filter { it is LiveEvent.Level || it is LiveEvent.Lost }
        assertEquals(listOf(10, 21), kinds.indices.filter { kinds[it] is LiveEvent.Lost })
        assertEquals((speech.size + 1_037) / 16, kinds.sumOf { (it as? LiveEvent.Level)?.durationMs ?: (it as LiveEvent.Lost).durationMs })
    }

    @Test
    fun `while another app has the microphone nothing is heard, and time goes on`() {
        val receivedSamples = speech.size - 512 * 10
        val (events, engines) = record(FakeMicrophone(speech, silenced = 512 * 5 until 512 * 15)) { stop ->
            FakeEngines(onChunk = { if (it == receivedSamples) stop() })
        }
        assertEquals(speech.asList().take(512 * 5) + speech.asList().drop(512 * 15), engines.recognised)
        assertEquals(512 * 10L, engines.lostSamples)
        assertEquals(List(10) { LiveEvent.Lost(32, MicrophoneProblem.InUse) }, events.filterIsInstance<LiveEvent.Lost>())
    }

    @Test
    fun `a result is what its segment sounds like alone, and is shown together with those before`() {
        val said = ArousalValence(arousal = .25f, valence = -.5f)
        val recognised = EmotionEvent.Segment(
            startSample = 0,
            endSample = 16_000,
            startTimeMs = 0,
            EmotionEstimate("sad", labelIndex = 3, List(4) { 0f }, List(4) { .25 }, isUncertain = false, said),
            SmoothedEmotion("happy", labelIndex = 1, listOf(.1, .7, .1, .1), isUncertain = false),
        )
        val (events, _) = record(FakeMicrophone(speech)) { stop ->
            FakeEngines(onChunk = { if (it == speech.size) stop() }, lastSegment = recognised)
        }
        val segment = events.filterIsInstance<LiveEvent.Segment>().single()
        assertEquals(Emotion.Sad to List(4) { .25 }, segment.emotion to segment.probabilities)
        assertEquals(RecognisedSegment(Emotion.Happy, listOf(.1, .7, .1, .1), isUncertain = false, isSoFar = false, 1_000, said), segment.shown)
    }

    @Test
    fun `audio is kept while the engine is not to be had, and when it breaks`() {
        val missing = FakeEngines(beforeOpen = { Thread.sleep(300) }, problem = AssetProblem.NoRuntime)
        for (engines in listOf(missing, FakeEngines(onChunk = { error("broken") }))) {
            val file = folder.newFile().apply { delete() }
            KeptAudioWriter(file).use { kept ->
                runBlocking {
                    val take = LiveSession(FakeMicrophone(speech), engines).take(MicrophoneChoice(), kept, until = Job()) { true }
                    withTimeout(TIMEOUT_MS) { assertTrue(take.toList().any { it is LiveEvent.Failed }) }
                }
            }
            assertTrue(file.length() > 44)
        }
    }

    @Test
    fun `early results come only while somebody looks`() {
        for (isWatched in listOf(true, false)) {
            val engines = FakeEngines()
            runBlocking {
                val until = Job()
                val take = LiveSession(FakeMicrophone(speech, onEnd = { until.complete() }), engines)
                    .take(MicrophoneChoice(), kept = null, until) { isWatched }
                withTimeout(TIMEOUT_MS) { take.toList() }
            }
            assertEquals(!isWatched, engines.dropsEarlyResults)
        }
    }

    @Test
    fun `a trial gives the engine up as soon as a recording wants it`() = runBlocking {
        val engines = FakeEngines()
        val microphone = FakeMicrophone(speech)
        val trial = async { LiveSession(microphone, engines).trial(MicrophoneChoice()).toList() }
        withTimeout(TIMEOUT_MS) { while (engines.recognised.isEmpty()) delay(5) }
        assertTrue(engines.dropsEarlyResults, "it shows no emotion")
        engines.preempt()
        withTimeout(TIMEOUT_MS) { trial.await() }
        assertTrue(microphone.isClosed)
        assertTrue(engines.isClosed)
        assertFalse(engines.isFinished)
    }

    @Test
    fun `a take that is over before it begins records nothing`() = runBlocking {
        val engines = FakeEngines()
        val events = LiveSession(FakeMicrophone(speech), engines).take(MicrophoneChoice(), kept = null, Job().apply { complete() }) { true }.toList()
        assertEquals(emptyList(), events)
        assertEquals(emptyList(), engines.recognised)
    }

    @Test
    fun `a collector that leaves frees the microphone and throws the rest away`() = runBlocking {
        val microphone = FakeMicrophone(speech)
        val engines = FakeEngines()
        val collector = launch { LiveSession(microphone, engines).take(MicrophoneChoice(), kept = null, Job()) { true }.first() }
        collector.join()
        withTimeout(TIMEOUT_MS) { while (!microphone.isClosed || !engines.isClosed) delay(5) }
        assertFalse(engines.isFinished)
    }

    private companion object {
        const val TIMEOUT_MS = 20_000L
    }
}
