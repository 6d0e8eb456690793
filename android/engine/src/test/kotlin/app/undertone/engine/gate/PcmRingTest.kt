package app.undertone.engine.gate

import io.kotest.common.ExperimentalKotest
import io.kotest.property.Arb
import io.kotest.property.PropTestConfig
import io.kotest.property.arbitrary.int
import io.kotest.property.arbitrary.list
import io.kotest.property.checkAll
import kotlinx.coroutines.runBlocking
import kotlin.concurrent.thread
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertTrue

/** The sample at position n of the source is n, modulo 2^15, so that what arrives shows where it is from. */
@OptIn(ExperimentalKotest::class) // PropTestConfig, for a fixed seed
class PcmRingTest {
    @Test
    fun `what is given is taken in order, whatever the sizes, and every loss is told in its place`() = runBlocking<Unit> {
        val config = PropTestConfig(seed = 11, iterations = 300)
        checkAll(config, Arb.list(Arb.int(1, 400), 0..200), Arb.list(Arb.int(1, 300), 1..50)) { offers, takes ->
            val ring = PcmRing(500)
            var given = 0L
            var reader = Reader()
            offers.forEachIndexed { i, length ->
                ring.offer(ShortArray(length) { sampleAt(given + it) }, length)
                given += length
                // A reader that is now fast, now slow; it must not wait where nothing is left.
                if (i % 2 == 0 && ring.waitingSamples > 0) reader.take(ring, takes[i % takes.size])
            }
            ring.end()
            while (reader.take(ring, 300)) Unit

            assertEquals(given, reader.position)
        }
    }

    @Test
    fun `a full ring loses what comes without waiting, and has room again when something was taken`() {
        val ring = PcmRing(100)
        assertTrue(ring.offer(ShortArray(100), 100))
        assertFalse(ring.offer(ShortArray(1), 1))
        ring.take(ShortArray(60))
        assertTrue(ring.offer(ShortArray(60), 60))
        assertEquals(100, ring.waitingSamples)
        assertEquals(listOf(40L, -1L, 60L), List(3) { ring.take(ShortArray(100)) })
    }

    @Test
    fun `a loss at the end is told before the end`() {
        val ring = PcmRing(10)
        ring.offer(ShortArray(30), 30)
        ring.end()
        assertEquals(listOf(-30L, 0L, 0L), List(3) { ring.take(ShortArray(5)) })
    }

    @Test
    fun `two threads at full speed exchange every sample`() {
        val ring = PcmRing(1_000)
        val total = 2_000_000
        val writer = thread {
            var given = 0L
            while (given < total) {
                val length = minOf((given % 97 + 1).toInt(), (total - given).toInt())
                ring.offer(ShortArray(length) { sampleAt(given + it) }, length)
                given += length
            }
            ring.end()
        }
        val reader = Reader()
        while (reader.take(ring, 512)) Unit
        writer.join()

        assertEquals(total.toLong(), reader.position)
    }

    @Test
    fun `a reader that waits is woken by the end and by a discard`() {
        for (wake in listOf(PcmRing::end, PcmRing::discard)) {
            val ring = PcmRing(10)
            val reader = thread { assertEquals(0, ring.take(ShortArray(5))) }
            Thread.sleep(20)
            wake(ring)
            reader.join(5_000)
            assertFalse(reader.isAlive)
        }
    }

    private fun sampleAt(position: Long) = (position % 32_768).toShort()

    /** Takes and checks that each sample is the one that belongs at its position. */
    private inner class Reader {
        var position = 0L
            private set

        fun take(ring: PcmRing, length: Int): Boolean {
            val chunk = ShortArray(length)
            val count = ring.take(chunk)
            for (i in 0 until count) assertEquals(sampleAt(position + i), chunk[i.toInt()])
            position += if (count < 0) -count else count
            return count != 0L
        }
    }
}
