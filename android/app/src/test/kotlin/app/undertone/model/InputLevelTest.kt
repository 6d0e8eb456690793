package app.undertone.model

import app.undertone.live.InputMonitor
import app.undertone.live.LiveStatus
import org.junit.Test
import kotlin.math.PI
import kotlin.math.roundToInt
import kotlin.math.sin
import kotlin.random.Random
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertTrue

class InputLevelTest {
    @Test
    fun `a DC offset, mains hum and rumble at full scale leave the level of a voice as it is`() {
        val disturbances = mapOf<String, (Int) -> Double>(
            "10 % DC" to { 0.1 },
            "-10 % DC" to { -0.1 },
            "50 Hz" to { 0.02 * sin(2 * PI * 50 * it / RATE_HZ) },
            "60 Hz" to { 0.02 * sin(2 * PI * 60 * it / RATE_HZ) },
            "rumble" to { 0.2 * sin(2 * PI * 8 * it / RATE_HZ) },
        )
        for ((name, disturbance) in disturbances) {
            for (dbfs in listOf(-20f, -40f)) {
                val peak = Math.pow(10.0, dbfs / 20.0) * Math.sqrt(2.0)
                val levels = levels { peak * sin(2 * PI * 300 * it / RATE_HZ) + disturbance(it) }.map { it.levelDbfs }
                assertTrue(levels.drop(SETTLED).all { it in dbfs - 1f..dbfs + 1f }, "$name at $dbfs: ${levels.takeLast(3)}")
            }
        }
    }

    @Test
    fun `a voice that is too faint is too quiet on an offset too, and a dead microphone with one is dead`() {
        val noise = Random(1)
        val monitor = InputMonitor().apply { onGate(isOpen = true) }
        levels { 0.05 + 0.0015 * sin(2 * PI * 300 * it / RATE_HZ) }.forEach(monitor::onLevel)
        assertEquals(LiveStatus.TooQuiet, monitor.status)

        val dead = InputMonitor()
        repeat(4) { levels { 0.3 + 1e-5 * noise.nextDouble() }.forEach(dead::onLevel) }
        assertEquals(LiveStatus.TooQuiet, dead.status)
    }

    @Test
    fun `a voice that is cut at full scale clips, on an offset too, and one full-scale sample does not`() {
        for (offset in listOf(0.0, 0.1, -0.1)) {
            assertTrue(levels { offset + 1.5 * sin(2 * PI * 300 * it / RATE_HZ) }.drop(SETTLED).all { it.isClipped }, "offset $offset")
            assertFalse(levels { offset + 0.8 * sin(2 * PI * 300 * it / RATE_HZ) }.any { it.isClipped }, "offset $offset")
        }
        assertFalse(levels { if (it % 800 == 7) 1.0 else 0.1 * sin(2 * PI * 300 * it / RATE_HZ) }.any { it.isClipped })
    }

    @Test
    fun `what reaches full scale by its offset or infrasound alone is no voice that clips`() {
        for (disturbance in listOf<(Int) -> Double>({ 1.0 }, { -1.0 }, { sin(2 * PI * 5 * it / RATE_HZ) })) {
            val levels = levels(disturbance)
            assertFalse(levels.any { it.isClipped })
            assertTrue(levels.drop(SETTLED).all { it.levelDbfs < AUDIBLE_DBFS })
        }
    }

    @Test
    fun `a loud tone has its level, silence the lowest, and chunks that follow a loss start anew`() {
        assertEquals(-9f, levels { 0.5 * sin(2 * PI * 1000 * it / RATE_HZ) }.last().levelDbfs, absoluteTolerance = 0.1f)
        assertEquals(SILENCE_DBFS, levels { 0.0 }.last().levelDbfs)

        val level = InputLevel(RATE_HZ)
        level.measure(ShortArray(CHUNK) { 3_000 }, CHUNK, CHUNK_MS)
        level.reset()
        assertEquals(LiveEvent.Level(SILENCE_DBFS, isClipped = false, CHUNK_MS), level.measure(ShortArray(CHUNK) { -9_000 }, CHUNK, CHUNK_MS))
        assertEquals(SILENCE_DBFS, level.measure(ShortArray(CHUNK), 0, 0).levelDbfs)
    }

    /** Of one and a half seconds, in 16 bits. */
    private fun levels(sample: (Int) -> Double): List<LiveEvent.Level> {
        val level = InputLevel(RATE_HZ)
        return List(CHUNKS) { chunk ->
            val pcm = ShortArray(CHUNK) { (32_768 * sample(chunk * CHUNK + it)).roundToInt().coerceIn(-32_768, 32_767).toShort() }
            level.measure(pcm, CHUNK, CHUNK_MS)
        }
    }

    private companion object {
        const val RATE_HZ = 48_000
        const val CHUNK_MS = 20
        const val CHUNK = RATE_HZ * CHUNK_MS / 1000
        const val CHUNKS = 75
        const val SETTLED = 10
    }
}
