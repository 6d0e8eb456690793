package app.undertone.engine

import app.undertone.engine.asset.AssetException
import app.undertone.engine.asset.AssetSource
import app.undertone.engine.asset.EmotionAsset
import app.undertone.engine.testing.GeneratedAudio
import app.undertone.engine.testing.ReceivedStream
import app.undertone.engine.testing.TinyAsset
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.catch
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.onEach
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.runInterruptible
import kotlinx.coroutines.withTimeout
import java.io.InputStream
import java.util.concurrent.CountDownLatch
import java.util.concurrent.atomic.AtomicInteger
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertIs
import kotlin.test.assertTrue

class UndertoneTest {
    private val speech = GeneratedAudio.bursts(16 * 512, 70 * 512, 48 * 512, 40 * 512 + 99).in16Bits()
    private val asset = CountedAsset(TinyAsset().asStreams())
    private val undertone = Undertone(asset)

    private fun <T> Flow<T>.collected(): List<T> = runBlocking { withTimeout(TIMEOUT_MS) { toList() } }

    /** Not all events: early results may be left out where the engine is late. */
    private fun Flow<EmotionEvent>.segments() = collected().count { it is EmotionEvent.Segment }

    @Test
    fun `a collection gives what the engine gives of the same samples, and ends where the recording ends`() {
        val direct = ReceivedStream()
        EmotionEngine(EmotionAsset.open(TinyAsset().asStreams())).use { engine ->
            engine.start(16_000, 0, direct)
            engine.accept(speech)
            engine.finish()
        }
        val microphone = FakeMicrophone(speech)

        val events = undertone.listen(microphone).collected()

        assertEquals(
            direct.segments.map { it.startSample to it.estimate },
            events.filterIsInstance<EmotionEvent.Segment>().map { it.startSample to it.estimate },
        )
        assertTrue(direct.segments.isNotEmpty() && microphone.isClosed)
    }

    @Test
    fun `nothing starts before a collection, and each collection records anew with the engine of the first`() {
        val microphone = FakeMicrophone(speech)
        val flow = undertone.listen(microphone)
        assertEquals(0, microphone.starts + asset.openings.get())

        assertEquals(flow.segments(), flow.segments())
        assertTrue(flow.segments() > 0)

        assertEquals(3, microphone.starts)
        assertEquals(1, asset.openings.get())
    }

    @Test
    fun `a cancelled collection returns once the microphone is free, and the next one gets the engine`() = runBlocking {
        val microphone = FakeMicrophone(speech, isEndless = true)

        withTimeout(TIMEOUT_MS) { undertone.listen(microphone).first { it is EmotionEvent.Segment } }

        assertTrue(microphone.isClosed)
        assertTrue(undertone.listen(FakeMicrophone(speech)).collected().any { it is EmotionEvent.Segment })
    }

    @Test
    fun `a microphone that is taken away gives what it recorded before its failure`() {
        val taken = MicrophoneException("taken", MicrophoneProblem.ServerDied)
        var failure: Throwable? = null

        val events = undertone.listen(FakeMicrophone(speech, end = taken)).catch { failure = it }.collected()

        assertTrue(events.any { it is EmotionEvent.Segment })
        assertEquals(MicrophoneProblem.ServerDied, assertIs<MicrophoneException>(failure).problem)
    }

    @Test
    fun `a microphone that the system silences is a failure, not silence`() {
        val failure = assertFailsWith<MicrophoneException> {
            undertone.listen(FakeMicrophone(speech, silencedBy = MicrophoneProblem.InUse)).collected()
        }
        assertEquals(MicrophoneProblem.InUse, failure.problem)
    }

    @Test
    fun `an asset that cannot be trusted fails the collection, and the microphone is free`() {
        val spoilt = Undertone(TinyAsset(afterHashing = mapOf("model.onnx" to null)).asStreams())
        val microphone = FakeMicrophone(speech, isEndless = true)

        assertEquals("model.onnx", assertFailsWith<AssetException> { spoilt.listen(microphone).collected() }.file)
        assertTrue(microphone.isClosed)
    }

    @Test
    fun `samples that the microphone lost are a gap`() {
        val events = undertone.listen(FakeMicrophone(speech, lostBefore = mapOf(512 * 20 to 8_000L))).collected()
        assertEquals(8_000, events.filterIsInstance<EmotionEvent.Gap>().sumOf { it.endSample - it.startSample })
    }

    @Test
    fun `a collection that begins while another goes on starts its microphone when that one ends`() = runBlocking {
        val first = FakeMicrophone(speech, isEndless = true)
        val second = FakeMicrophone(speech)
        withTimeout(TIMEOUT_MS) {
            val recording = launch { undertone.listen(first).collect {} }
            runInterruptible(Dispatchers.IO) { first.hasPlayed.await() }
            val waiting = async { undertone.listen(second).toList() }
            delay(100)
            assertEquals(0, second.starts)
            recording.cancelAndJoin()
            assertTrue(waiting.await().isNotEmpty())
        }
    }

    @Test
    fun `a close leaves the engine to the collection that goes on, and none starts after it`() {
        val segments = undertone.listen(FakeMicrophone(speech)).onEach { undertone.close() }.segments()

        assertEquals(Undertone(TinyAsset().asStreams()).use { it.listen(FakeMicrophone(speech)).segments() }, segments)
        assertFailsWith<IllegalStateException> { undertone.listen(FakeMicrophone(speech)).collected() }
    }

    /** Plays [pcm], then ends, fails with [end] or, where it [isEndless], waits for the stop. */
    private class FakeMicrophone(
        private val pcm: ShortArray,
        private val isEndless: Boolean = false,
        private val end: MicrophoneException? = null,
        private val lostBefore: Map<Int, Long> = emptyMap(),
        private val silencedBy: MicrophoneProblem? = null,
    ) : Microphone {
        val hasPlayed = CountDownLatch(1)

        @Volatile
        var starts = 0

        @Volatile
        var isClosed = false

        override fun start(): Recording {
            starts++
            isClosed = false
            return Played()
        }

        private inner class Played : Recording {
            private val stopped = CountDownLatch(1)
            private var position = 0
            override val rateHz = 16_000
            override var lostSamples = 0L
            override val silencedBy get() = this@FakeMicrophone.silencedBy

            override fun read(pcm: ShortArray): Int {
                val all = this@FakeMicrophone.pcm
                val count = minOf(pcm.size, all.size - position)
                if (stopped.count == 0L) return 0
                if (count == 0) {
                    hasPlayed.countDown()
                    end?.let { throw it }
                    if (isEndless) stopped.await()
                    return 0
                }
                lostSamples = lostBefore[position] ?: 0
                all.copyInto(pcm, 0, position, position + count)
                position += count
                return count
            }

            override fun stop() = stopped.countDown()

            override fun close() {
                isClosed = true
            }
        }
    }

    private class CountedAsset(private val source: AssetSource) : AssetSource by source {
        val openings = AtomicInteger()

        override fun open(name: String): InputStream {
            if (name == "manifest.json") openings.incrementAndGet()
            return source.open(name)
        }
    }

    private companion object {
        const val TIMEOUT_MS = 30_000L
    }
}
