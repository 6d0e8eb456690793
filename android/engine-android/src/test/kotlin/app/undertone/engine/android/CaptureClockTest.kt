package app.undertone.engine.android

import org.junit.Test
import kotlin.test.assertEquals

/** At 16 kHz, read in pieces of 512 samples: 32 ms. */
class CaptureClockTest {
    private val clock = CaptureClock(16_000)
    private var delivered = 0L
    private var nowNs = 1_000_000_000L

    /** The device delivers [samples], whose clock runs [ppm] fast, and dropped [lost] before them. */
    private fun deliver(samples: Long, lost: Long = 0, ppm: Double = 0.0) {
        delivered += samples
        nowNs += ((samples + lost) * 62_500 / (1 + ppm / 1e6)).toLong()
    }

    private fun read(jitterNs: Long = 0) = clock.onRead(512, delivered, nowNs + jitterNs)

    @Test
    fun `an hour of a device whose clock is off and whose timestamps jitter loses nothing`() {
        repeat(112_500) {
            deliver(512, ppm = 200.0)
            assertEquals(0, read(jitterNs = (it % 5 - 2) * 5_000_000L))
        }
    }

    @Test
    fun `what was dropped while nobody read is found, behind what the buffer held`() {
        repeat(3) {
            deliver(512)
            assertEquals(0, read())
        }
        // The reader stands still: the buffer fills with 2 s, then 5 s are dropped, then it goes on.
        deliver(32_000)
        assertEquals(0, read())
        deliver(512, lost = 80_000)
        val losses = List(70) { read().also { deliver(512) } }
        assertEquals(80_000, losses.sum())
        // Three reads and 2 s came before the loss; one read is the accuracy.
        assertEquals((32_000 + 3 * 512) / 512 - 4, losses.indexOfFirst { it > 0 }, "$losses")
    }

    @Test
    fun `two losses are found both`() {
        deliver(512)
        read()
        val found = List(200) {
            deliver(512, lost = if (it == 50 || it == 120) 3_000L + it else 0)
            read()
        }
        assertEquals(listOf(3_050L, 3_120L), found.filter { it > 0 })
    }

    @Test
    fun `a device that tells no time loses nothing`() {
        assertEquals(0, clock.onRead(512, position = null, timeNs = 0))
        assertEquals(0, clock.onRead(512, position = 0, timeNs = 0))
    }

    @Test
    fun `timestamps that run ahead for a moment and come back lose nothing`() {
        val found = List(3_000) {
            deliver(512)
            // As a Bluetooth link that delivers in bursts, and as a HAL that states when it was asked.
            read(jitterNs = if (it % 10 < 3) 120_000_000L else 0)
        }
        assertEquals(0, found.sum())
    }

    @Test
    fun `one timestamp that lies far behind the others is no loss when they go on`() {
        val found = List(300) {
            deliver(512)
            read(jitterNs = if (it % 100 == 50) -300_000_000L else 0)
        }
        assertEquals(0, found.sum())
    }

    @Test
    fun `a loss is found in jitter that is larger than a buffer`() {
        val found = List(300) {
            deliver(512, lost = if (it == 150) 16_000 else 0)
            read(jitterNs = it * 7L % 5 * 15_000_000)
        }
        assertEquals(16_000.0, found.sum().toDouble(), absoluteTolerance = 500.0) // half of the jitter
        assertEquals(1, found.count { it > 0 }, "$found")
    }

    @Test
    fun `a position that jumps back starts anew, and what is dropped later is found in its place`() {
        repeat(500) {
            deliver(512)
            assertEquals(0, read())
        }
        delivered = 0 // the system opened the input anew
        val found = List(1_000) {
            deliver(512, lost = if (it == 700) 8_000 else 0)
            read()
        }
        assertEquals(listOf(8_000L), found.filter { it > 0 })
        // Nothing waits in the buffer here: it is told as soon as it has persisted.
        assertEquals(716.0, found.indexOfFirst { it > 0 }.toDouble(), absoluteTolerance = 1.0)
    }
}
