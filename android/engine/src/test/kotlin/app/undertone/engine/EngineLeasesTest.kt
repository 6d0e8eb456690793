package app.undertone.engine

import app.undertone.engine.asset.AssetException
import app.undertone.engine.asset.EmotionAsset
import app.undertone.engine.testing.GeneratedAudio
import app.undertone.engine.testing.ReceivedStream
import app.undertone.engine.testing.TinyAsset
import java.util.concurrent.CompletableFuture
import java.util.concurrent.TimeUnit
import java.util.concurrent.TimeoutException
import java.util.concurrent.atomic.AtomicInteger
import kotlin.concurrent.thread
import kotlin.test.AfterTest
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertTrue

class EngineLeasesTest {
    private val asset = EmotionAsset.open(TinyAsset().asStreams())
    private val loads = AtomicInteger()
    private val engines = mutableListOf<EmotionEngine>()
    private val leases = EngineLeases {
        loads.incrementAndGet()
        EmotionEngine(asset).also { engines += it }
    }

    @AfterTest
    fun free() = leases.free()

    private fun waiting(onPreempted: (() -> Unit)?): CompletableFuture<StreamEngine> {
        val lease = CompletableFuture<StreamEngine>()
        thread(isDaemon = true) { lease.complete(leases.lease(onPreempted)) }
        return lease
    }

    private fun CompletableFuture<StreamEngine>.comes(): StreamEngine = get(10, TimeUnit.SECONDS)

    private fun CompletableFuture<StreamEngine>.waits() = try {
        get(100, TimeUnit.MILLISECONDS)
        false
    } catch (_: TimeoutException) {
        true
    }

    private fun StreamEngine.hear(): ReceivedStream = ReceivedStream().also {
        start(16_000, 0, it)
        accept(ShortArray(1_024))
        finish()
    }

    @Test
    fun `a recording asks whoever has the engine for it, once, and gets it when it is free`() {
        val asked = AtomicInteger()
        val file = leases.lease(onPreempted = { asked.incrementAndGet() })
        val recording = waiting(onPreempted = null)
        assertTrue(recording.waits())
        file.close()
        assertEquals(2, recording.comes().hear().frames.size)
        assertEquals(1, asked.get())
        assertEquals(1, loads.get())
    }

    @Test
    fun `a recording comes before files that waited longer`() {
        val first = leases.lease(onPreempted = null)
        val file = waiting {}
        assertTrue(file.waits())
        val recording = waiting(onPreempted = null)
        assertTrue(recording.waits(), "recordings do not take it from each other")
        first.close()
        recording.comes().use { assertTrue(file.waits()) }
        file.comes().close()
    }

    @Test
    fun `who waits can be interrupted, and is forgotten`() {
        val first = leases.lease(onPreempted = null)
        val ended = CompletableFuture<Unit>()
        val waiter = thread(isDaemon = true) {
            assertFailsWith<InterruptedException> { leases.lease(onPreempted = null) }
            ended.complete(Unit)
        }
        Thread.sleep(50)
        waiter.interrupt()
        ended.get(10, TimeUnit.SECONDS)
        val file = waiting {}
        assertTrue(file.waits())
        first.close()
        file.comes().close()
    }

    @Test
    fun `the next lease starts afresh, with the options of its time`() {
        val optionsOfStreams = ArrayDeque(listOf(StreamOptions(), StreamOptions(givesEarlyResults = false)))
        val audio = GeneratedAudio.bursts(16 * 512, 110 * 512, 5 * 512) // ends within the segment
        val pcm = ShortArray(audio.size) { (audio[it] * 32_767).toInt().toShort() }

        val received = List(2) {
            leases.lease(onPreempted = null, options = optionsOfStreams::removeFirst).use { engine ->
                ReceivedStream().also {
                    engine.start(16_000, 0, it)
                    engine.accept(pcm)
                }
            }
        }

        assertEquals(listOf(3, 0), received.map { it.early.size })
        assertEquals(listOf(0L, 0L), received.map { it.frames.first().startSample })
        assertTrue(received.all { it.segments.isEmpty() }, "what was open is dropped")
    }

    @Test
    fun `a lease that is closed twice takes the engine from nobody`() {
        val first = leases.lease(onPreempted = null)
        first.close()
        val second = leases.lease(onPreempted = null)
        first.close()
        val third = waiting(onPreempted = null)
        assertTrue(third.waits())
        second.close()
        third.comes().close()
    }

    @Test
    fun `freed models are loaded again by the next lease`() {
        assertFalse(leases.isLoaded)
        leases.lease(onPreempted = null).close()
        assertTrue(leases.isLoaded)
        leases.free()
        assertFalse(leases.isLoaded)
        leases.lease(onPreempted = null).use { it.hear() }
        assertEquals(2, loads.get())
        leases.lease(onPreempted = null).close()
        assertEquals(2, loads.get())
    }

    @Test
    fun `models in use are freed when their lease ends, and not before`() {
        leases.lease(onPreempted = null).use {
            leases.free()
            assertTrue(leases.isLoaded)
            assertEquals(2, it.hear().frames.size)
        }
        assertFalse(leases.isLoaded)
        // That was once: the next one stays.
        leases.lease(onPreempted = null).close()
        assertTrue(leases.isLoaded)
    }

    @Test
    fun `freed models are closed, at once or with the lease that has them`() {
        leases.lease(onPreempted = null).close()
        leases.free()
        leases.lease(onPreempted = null).use { leases.free() }
        assertEquals(2, engines.size)
        for (engine in engines) {
            engine.start(16_000, 0, ReceivedStream())
            assertFailsWith<IllegalStateException> { engine.accept(ShortArray(1_024) { (if (it % 2 == 0) 8_000 else -8_000).toShort() }) }
        }
    }

    @Test
    fun `an engine that cannot be loaded leaves the turn to the next`() {
        val damaged = ArrayDeque(listOf(true, false))
        val leases = EngineLeases { if (damaged.removeFirst()) throw AssetException("model.onnx", "is missing") else EmotionEngine(asset) }
        assertFailsWith<AssetException> { leases.lease(onPreempted = null) }
        leases.lease(onPreempted = null).use { assertEquals(2, it.hear().frames.size) }
        leases.free()
    }
}
