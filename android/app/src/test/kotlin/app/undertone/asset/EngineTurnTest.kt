package app.undertone.asset

import org.junit.Test
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicInteger
import kotlin.concurrent.thread
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertTrue

class EngineTurnTest {
    private val turn = EngineTurn()

    private fun waiting(onPreempted: (() -> Unit)?): CountDownLatch {
        val has = CountDownLatch(1)
        thread(isDaemon = true) {
            turn.acquire(onPreempted)
            has.countDown()
        }
        return has
    }

    private fun CountDownLatch.comes() = await(10, TimeUnit.SECONDS)

    private fun CountDownLatch.waits() = !await(100, TimeUnit.MILLISECONDS)

    @Test
    fun `a recording asks whoever has the engine for it, once, and gets it when it is free`() {
        val asked = AtomicInteger()
        turn.acquire { asked.incrementAndGet() }
        val recording = waiting(onPreempted = null)
        assertTrue(recording.waits())
        turn.release()
        assertTrue(recording.comes())
        assertEquals(1, asked.get())
    }

    @Test
    fun `a recording comes before files that waited longer`() {
        turn.acquire(onPreempted = null)
        val file = waiting {}
        assertTrue(file.waits())
        val recording = waiting(onPreempted = null)
        assertTrue(recording.waits(), "recordings do not take it from each other")
        turn.release()
        assertTrue(recording.comes())
        assertTrue(file.waits())
        turn.release()
        assertTrue(file.comes())
    }

    @Test
    fun `who waits can be interrupted, and is forgotten`() {
        turn.acquire(onPreempted = null)
        val ended = CountDownLatch(1)
        val waiter = thread(isDaemon = true) {
            try {
                turn.acquire(onPreempted = null)
            } catch (_: InterruptedException) {
                ended.countDown()
            }
        }
        Thread.sleep(50)
        waiter.interrupt()
        assertTrue(ended.comes())
        val file = waiting {}
        assertFalse(file.comes(1))
        turn.release()
        assertTrue(file.comes())
    }

    private fun CountDownLatch.comes(withinMs: Long) = await(withinMs, TimeUnit.MILLISECONDS)
}
