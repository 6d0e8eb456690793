package app.undertone.session

import app.undertone.history.HistorySamples
import app.undertone.model.Emotion
import app.undertone.model.summary.RibbonWindow
import app.undertone.model.summary.blocks
import org.junit.Test
import kotlin.test.assertEquals
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
    fun `doubts of a second all over an hour are few low blocks wide enough to be hatched, and a long one is as it was`() {
        val talk = HistorySamples.longTalk(1_800)
        val hour = RibbonWindow.of(HistorySamples.session(lengthMs = 3_600_000), talk)
        val scattered = lanesOf(talk, hour, 400).single { it.emotion == null }.blocks
        assertTrue(scattered.size <= 12, "${scattered.size} blocks")
        assertTrue(scattered.all { it.height < 1 || it.end - it.start >= 0.002f }, "$scattered")
        assertTrue(scattered.any { it.height < 0.7f && it.end - it.start > 0.05f }, "$scattered")
        val single = lanesOf(segments, whole, 400).single { it.emotion == null }.blocks.single()
        assertEquals(1f, single.height)
    }
}
