package app.undertone.model.summary

import app.undertone.history.HistorySamples.segment
import app.undertone.model.Emotion
import app.undertone.session.columns
import app.undertone.ui.position
import org.junit.Test
import kotlin.random.Random
import kotlin.test.assertEquals
import kotlin.test.assertTrue

class RibbonTest {
    @Test
    fun `blocks lie where the segments are`() {
        val segments = listOf(segment(0, 2_500, Emotion.Angry), segment(5_000, 2_500, Emotion.Sad, isUncertain = true))
        assertEquals(
            listOf(RibbonBlock(0f, 0.25f, Emotion.Angry), RibbonBlock(0.5f, 0.75f, null)),
            ribbonBlocks(segments, RibbonWindow(0, 10_000), columns = 100),
        )
    }

    @Test
    fun `a column shows what was heard longest in it`() {
        val segments = listOf(segment(0, 300, Emotion.Angry), segment(300, 600, Emotion.Happy), segment(900, 100, Emotion.Angry))
        assertEquals(listOf(RibbonBlock(0f, 1f, Emotion.Happy)), ribbonBlocks(segments, RibbonWindow(0, 1_000), columns = 1))
    }

    @Test
    fun `no segment vanishes, however far away, and blocks neither overlap nor leave the ribbon`() {
        val random = Random(1)
        repeat(200) {
            val columns = random.nextInt(1, 60)
            var atMs = 0L
            val segments = List(random.nextInt(1, 20)) {
                atMs += random.nextLong(0, 5_000)
                segment(atMs, random.nextLong(1, 8_000), Emotion.entries.random(random)).also { atMs = it.endMs }
            }
            val window = RibbonWindow(0, atMs + random.nextLong(1, 100_000))
            val blocks = ribbonBlocks(segments, window, columns)
            assertTrue(blocks.all { it.start < it.end && it.start >= 0f && it.end <= 1f })
            assertTrue(blocks.zipWithNext().all { (a, b) -> a.end <= b.start })
            val slack = 1f / columns
            for (segment in segments) {
                val middle = window.fractionOf((segment.startMs + segment.endMs) / 2)
                assertTrue(blocks.any { middle in it.start - slack..it.end + slack }, "nothing at $middle in $blocks")
            }
        }
    }

    @Test
    fun `zooming keeps the middle, and zooming out again shows what was there`() {
        val whole = RibbonWindow(0, 80_000)
        val zoomed = whole.zoomedBy(4f, 80_000)
        assertEquals(RibbonWindow(30_000, 50_000), zoomed)
        assertEquals(whole, zoomed.zoomedBy(0.25f, 80_000))
    }

    @Test
    fun `a window stays inside the session and shows at least five seconds of it`() {
        val random = Random(2)
        repeat(200) {
            val lengthMs = random.nextLong(1, 500_000)
            var window = RibbonWindow(0, lengthMs)
            repeat(20) {
                window = when (random.nextInt(3)) {
                    0 -> window.zoomedBy(random.nextDouble(0.1, 8.0).toFloat(), lengthMs)
                    1 -> window.movedBy(random.nextLong(-lengthMs, lengthMs + 1), lengthMs)
                    else -> random.nextLong(0, lengthMs + 1).let { position ->
                        window.following(position, lengthMs).also { assertTrue(position in it.fromMs..it.toMs) }
                    }
                }
                assertTrue(window.fromMs >= 0 && window.toMs <= lengthMs, "$window in $lengthMs")
                assertTrue(window.durationMs >= minOf(5_000, lengthMs), "$window in $lengthMs")
            }
        }
    }

    @Test
    fun `a place and its fraction are the same thing`() {
        val window = RibbonWindow(20_000, 60_000)
        assertEquals(0.25f, window.fractionOf(30_000))
        assertEquals(30_000L, window.positionAt(0.25f))
    }
}
