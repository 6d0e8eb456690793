package app.undertone.engine

import app.undertone.engine.asset.AssetException
import app.undertone.engine.asset.EmotionAsset
import app.undertone.engine.testing.GeneratedAudio
import app.undertone.engine.testing.ReceivedStream
import app.undertone.engine.testing.TinyAsset
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit.SECONDS
import java.util.concurrent.atomic.AtomicBoolean
import java.util.concurrent.atomic.AtomicInteger
import kotlin.concurrent.thread
import kotlin.random.Random
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertTrue

class LiveStreamTest {
    private val asset = EmotionAsset.open(TinyAsset().asStreams())
    private val speech = GeneratedAudio.bursts(16 * 512, 70 * 512, 48 * 512, 40 * 512 + 99).in16Bits()

    @Test
    fun `a live stream hears what the engine hears of the same samples`() {
        val (direct, live) = List(2) { ReceivedStream() }
        EmotionEngine(asset).use { engine ->
            engine.start(48_000, 77, direct)
            engine.accept(speech)
            engine.finish()
        }

        LiveStream(48_000, 77, live) { EmotionEngine(asset) }.use { stream ->
            speech.asList().chunked(333).forEach { chunk -> assertTrue(stream.offer(chunk.toShortArray())) }
            stream.finish()
        }

        assertEquals(direct.frames, live.frames)
        assertEquals(direct.segments, live.segments)
        assertTrue(live.segments.isNotEmpty() && live.failures.isEmpty())
    }

    @Test
    fun `capture does not wait for an engine that hangs, and the loss is a gap in its place`() {
        val isHanging = CountDownLatch(1)
        val isOffered = CountDownLatch(1)
        val engine = ScriptedEngine(
            onAccept = {
                isHanging.countDown()
                isOffered.await()
            },
        )
        val stream = LiveStream(16_000, 0, ReceivedStream(), queueMs = 1_024) { engine }

        val first = stream.offer(ShortArray(512))
        isHanging.await()
        val taken = listOf(first) + List(99) { stream.offer(ShortArray(512) { _ -> (it + 1).toShort() }) }
        isOffered.countDown()
        while (!stream.offer(ShortArray(512) { 100 })) Thread.sleep(1)
        stream.finish()

        val kept = taken.count { it }
        assertEquals(33, kept, "32 chunks of 32 ms fit the queue, and one is in the engine's hands")
        assertTrue(taken.take(kept).all { it })
        assertEquals((0 until kept).map { it.toShort() } + 100, engine.received.map { it.first() })
        assertTrue(engine.skipped.sum() >= (100 - kept) * 512L, "${engine.skipped}")
    }

    @Test
    fun `what the source lost ends the segment before it at once, and moves the clock of what follows`() {
        val isOver = CountDownLatch(1)
        val received = mutableListOf<EmotionEvent>()
        val listener = object : LiveListener {
            override fun onEvent(event: EmotionEvent) {
                received += event
                if (event is EmotionEvent.Segment) isOver.countDown()
            }

            override fun onFailure(failure: Exception) = throw failure
        }
        val burst = GeneratedAudio.bursts(16 * 512, 70 * 512).in16Bits()
        val stream = LiveStream(16_000, 0, listener) { EmotionEngine(asset) }
        stream.offer(burst)
        stream.skip(160_000)
        assertTrue(isOver.await(10, SECONDS), "the gap waits for more samples")
        stream.skip(40_000)
        stream.offer(burst)
        stream.finish()

        val (first, second) = received.filterIsInstance<EmotionEvent.Segment>()
        assertEquals(burst.size + 200_000L, second.endSample - first.endSample)
        val gaps = received.filterIsInstance<EmotionEvent.Gap>()
        assertEquals(burst.size.toLong(), gaps.first().startSample)
        assertEquals(200_000, gaps.sumOf { it.endSample - it.startSample })
    }

    @Test
    fun `an engine that is behind is told that results would be late`() {
        val isOffered = CountDownLatch(1)
        val engine = ScriptedEngine(onAccept = { isOffered.await() })
        val stream = LiveStream(16_000, 0, ReceivedStream()) { engine }
        repeat(40) { stream.offer(ShortArray(512)) }
        isOffered.countDown()
        stream.finish()

        assertEquals(true to false, engine.wasLate.first() to engine.wasLate.last())
    }

    @Test
    fun `an engine that cannot open, and one that breaks, are told once and end the stream`() {
        val broken = ScriptedEngine(onAccept = { error("broken") })
        for (open in listOf({ throw AssetException("model.onnx", "broken") }, { broken })) {
            val received = ReceivedStream()
            val stream = LiveStream(16_000, 0, received, openEngine = open)
            while (stream.offer(ShortArray(512))) Thread.sleep(1)
            stream.finish()

            assertTrue(received.failures.single().message!!.contains("broken"))
        }
        assertTrue(broken.isClosed)
    }

    @Test
    fun `the listener may stop the stream but not wait for it`() {
        lateinit var stream: LiveStream
        val isReady = CountDownLatch(1)
        val events = AtomicInteger()
        var refusal: Throwable? = null
        val listener = object : LiveListener {
            override fun onEvent(event: EmotionEvent) {
                isReady.await()
                events.incrementAndGet()
                refusal = assertFailsWith<IllegalStateException> { stream.finish() }
                stream.stop()
            }

            override fun onFailure(failure: Exception) = throw failure
        }
        stream = LiveStream(16_000, 0, listener) { EmotionEngine(asset) }
        stream.offer(speech)
        isReady.countDown()
        stream.finish()

        assertEquals(1, events.get())
        assertTrue(refusal != null)
    }

    @Test
    fun `started, stopped, finished and closed at any moment by any thread, it neither hangs nor speaks afterwards, and frees its engine`() {
        val random = Random(6)
        val opened = AtomicInteger()
        val closed = AtomicInteger()
        repeat(ROUNDS) { round ->
            val isOver = AtomicBoolean()
            val spokeAfterwards = AtomicBoolean()
            val listener = object : LiveListener {
                override fun onFrame(startSample: Long, levelDbfs: Float, speechProbability: Float, reachedNetwork: Boolean, isOpen: Boolean) {
                    if (isOver.get()) spokeAfterwards.set(true)
                }

                override fun onEvent(event: EmotionEvent) {
                    if (isOver.get()) spokeAfterwards.set(true)
                }

                override fun onFailure(failure: Exception) = throw failure
            }
            val stream = LiveStream(listOf(16_000, 44_100).random(random), 0, listener, queueMs = 500) {
                opened.incrementAndGet()
                val engine = EmotionEngine(asset)
                object : StreamEngine by engine {
                    override fun close() {
                        engine.close()
                        closed.incrementAndGet()
                    }
                }
            }
            val pauses = List(3) { random.nextLong(0, 12) }
            val capture = thread {
                repeat(60) {
                    stream.offer(speech.copyOfRange(it * 900, (it + 1) * 900))
                    if (it % 20 == 0) Thread.sleep(pauses[0])
                }
            }
            val other = thread {
                Thread.sleep(pauses[1])
                if (round % 3 == 0) stream.close() else if (round % 3 == 1) stream.stop() else stream.finish()
            }
            Thread.sleep(pauses[2])
            if (random.nextBoolean()) stream.stop() else stream.finish()
            isOver.set(true)
            for (thread in listOf(capture, other)) {
                thread.join(10_000)
                assertFalse(thread.isAlive, "round $round hangs")
            }
            stream.finish()
            assertFalse(spokeAfterwards.get(), "round $round")
            assertFalse(stream.offer(ShortArray(1)))
        }
        assertEquals(ROUNDS to ROUNDS, opened.get() to closed.get())
    }

    /** Remembers what it was given, and does what the test says with each chunk. */
    private class ScriptedEngine(private val onAccept: () -> Unit) : StreamEngine {
        val received = mutableListOf<ShortArray>()
        val skipped = mutableListOf<Long>()
        val wasLate = mutableListOf<Boolean>()

        @Volatile
        var isClosed = false
        private lateinit var isLate: () -> Boolean

        override fun start(inputRateHz: Int, startedAtMs: Long, listener: EngineListener, isLate: () -> Boolean) {
            this.isLate = isLate
        }

        override fun accept(pcm: ShortArray, length: Int) {
            onAccept()
            wasLate += isLate()
            received += pcm.copyOf(length)
        }

        override fun skip(lostSamples: Long) {
            skipped += lostSamples
        }

        override fun finish() = Unit

        override fun reset() = Unit

        override fun close() {
            isClosed = true
        }
    }

    private companion object {
        const val ROUNDS = 120
    }
}

internal fun FloatArray.in16Bits() = ShortArray(size) { (this[it] * 32768).toInt().toShort() }
