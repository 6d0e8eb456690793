package app.undertone.session

import app.undertone.history.HistorySamples
import app.undertone.model.Emotion
import app.undertone.model.summary.RibbonWindow
import app.undertone.model.summary.blocks
import org.junit.Test
import kotlin.test.assertEquals
import kotlin.test.assertNull
import kotlin.test.assertTrue

class LanesTest {
    private val segments = HistorySamples.conversation
    private val whole = RibbonWindow.of(HistorySamples.session(), segments)

    @Test
    fun `each tone that occurs has a lane, in the order of the charts, not sure last`() {
        assertEquals(listOf(Emotion.Angry, Emotion.Happy, Emotion.Neutral, Emotion.Sad, null), lanesOf(segments, whole, 100).map { it.emotion })
        assertEquals(listOf<Emotion?>(Emotion.Neutral), lanesOf(segments.take(2), whole, 100).map { it.emotion })
        assertEquals(emptyList(), lanesOf(emptyList(), whole, 100))
    }

    @Test
    fun `a lane has the blocks of its own tone, and stays without any while one looks elsewhere`() {
        val happy = lanesOf(segments, whole, 95).single { it.emotion == Emotion.Happy }
        assertEquals(listOf(21, 36), happy.blocks.map { Math.round(it.start * 95) })
        val end = lanesOf(segments, RibbonWindow(60_000, 95_000), 35)
        assertEquals(5, end.size)
        assertEquals(emptyList(), end.single { it.emotion == Emotion.Neutral }.blocks)
    }

    @Test
    fun `doubts of a second all over an hour are parts side by side, and a long one is as it was`() {
        val talk = HistorySamples.longTalk(1_800)
        val hour = RibbonWindow.of(HistorySamples.session(lengthMs = 3_600_000), talk)
        val bars = lanesOf(talk, hour, 400).single { it.emotion == null }.blocks
        assertTrue(bars.all { it.share!! < 0.5f && it.end - it.start > 0.01f }, "$bars")
        assertTrue(bars.zipWithNext().all { (bar, next) -> bar.end <= next.start + 1e-6f }, "$bars")
        val single = lanesOf(segments, whole, 400).single { it.emotion == null }.blocks.single()
        assertNull(single.share)
    }

    @Test
    fun `a few short doubts stand where they are`() {
        val talk = List(480) { HistorySamples.segment(it * 1_000L, 1_000, Emotion.Sad, isUncertain = it % 40 == 0) }
        val doubts = lanesOf(talk, RibbonWindow(0, 480_000), 480).single { it.emotion == null }.blocks
        assertEquals(List(12) { it * 40 }, doubts.map { Math.round(it.start * 480) })
        assertTrue(doubts.all { it.share == null }, "$doubts")
    }

    @Test
    fun `a part has the share of the speech in it that is doubted, and where nothing is there is none`() {
        val talk = List(480) { HistorySamples.segment(it * 1_000L, 1_000, Emotion.Sad, isUncertain = it in 100..<130 && it % 2 == 0) }
        val parts = lanesOf(talk, RibbonWindow(0, 480_000), 400).single { it.emotion == null }.blocks
        assertEquals(listOf(10, 11, 12), parts.map { Math.round(it.start * 48) })
        parts.forEach { assertEquals(0.5f, it.share!!, 1e-3f) }
    }
}
