package app.undertone.model

import org.junit.Test
import kotlin.random.Random
import kotlin.test.assertEquals
import kotlin.test.assertTrue

class TimeTicksTest {
    @Test
    fun `ticks stand at round times, as close as there is room for`() {
        assertEquals(listOf<Long>(0, 30_000, 60_000, 90_000), timeTicksMs(0, 95_000, most = 5))
        assertEquals(listOf<Long>(0, 15_000, 30_000, 45_000, 60_000, 75_000, 90_000), timeTicksMs(0, 95_000, most = 7))
        assertEquals(listOf<Long>(30_000, 45_000, 60_000), timeTicksMs(23_750, 71_250, most = 4))
        assertEquals(listOf<Long>(0, 900_000, 1_800_000, 2_700_000, 3_600_000), timeTicksMs(0, 3_725_000, most = 5))
    }

    @Test
    fun `there are never more than there is room for, and none outside`() {
        val random = Random(7)
        repeat(1_000) {
            val fromMs = random.nextLong(0, 10_000_000)
            val toMs = fromMs + random.nextLong(1, 100_000_000)
            val most = random.nextInt(1, 9)
            val ticks = timeTicksMs(fromMs, toMs, most)
            assertTrue(ticks.size <= most, "$ticks for $most")
            assertTrue(ticks.all { it in fromMs..toMs })
        }
    }

    @Test
    fun `a scale of many days has none where not even days have room`() = assertEquals(emptyList<Long>(), timeTicksMs(0, 900_000_000, most = 3))
}
