package app.undertone.model.summary

import app.undertone.history.HistorySamples
import app.undertone.history.HistorySamples.segment
import app.undertone.model.Emotion
import app.undertone.model.SessionSummary
import app.undertone.model.SpokenSegment
import org.junit.Test
import kotlin.test.assertEquals
import kotlin.test.assertNull

class SteadinessTest {
    private fun recognised(vararg emotions: Emotion) = emotions.mapIndexed { index, emotion -> segment(index * 2_000L, 1_000, emotion) }

    @Test
    fun `one emotion throughout is steady, one that changes each time is not`() {
        assertEquals(1.0, recognised(Emotion.Sad, Emotion.Sad, Emotion.Sad).steadiness()?.share)
        assertEquals(0.0, recognised(Emotion.Sad, Emotion.Happy, Emotion.Sad).steadiness()?.share)
        assertEquals(Steadiness(kept = 1, steps = 3), recognised(Emotion.Angry, Emotion.Angry, Emotion.Happy, Emotion.Sad).steadiness())
    }

    @Test
    fun `a doubt between two equal segments is no change, and a correction counts as the user said`() {
        val doubt = segment(2_000, 1_000, Emotion.Angry, isUncertain = true)
        val corrected = segment(6_000, 1_000, Emotion.Angry, correctedTo = Emotion.Sad)
        val segments = listOf(segment(0, 1_000, Emotion.Sad), doubt, segment(4_000, 1_000, Emotion.Sad), corrected)
        assertEquals(Steadiness(kept = 2, steps = 2), segments.steadiness())
    }

    @Test
    fun `a single sure segment has no steadiness`() {
        assertNull(emptyList<SpokenSegment>().steadiness())
        assertNull((recognised(Emotion.Sad) + segment(9_000, 1_000, Emotion.Happy, isUncertain = true)).steadiness())
    }

    @Test
    fun `shares are of the time of speech, doubts included, and the list and the page say the same`() {
        val times = HistorySamples.conversation.emotionTimes()
        assertEquals(listOf<Long>(8_000, 19_900, 14_500, 25_200, 3_200), times.map { it.timeMs })
        assertEquals(1.0, times.sumOf { it.share }, 1e-12)
        assertEquals(3_200 / 70_800.0, times.last().share, 1e-12)
        val summary = SessionSummary(HistorySamples.session(), sharesMs = listOf(8_000, 19_900, 14_500, 25_200), uncertainMs = 3_200)
        assertEquals(times, summary.emotionTimes())
    }

    @Test
    fun `without speech every share is 0`() {
        assertEquals(List(5) { 0.0 }, emptyList<SpokenSegment>().emotionTimes().map { it.share })
    }
}
