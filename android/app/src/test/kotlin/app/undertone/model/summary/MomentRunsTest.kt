package app.undertone.model.summary

import app.undertone.history.HistorySamples
import app.undertone.history.HistorySamples.segment
import app.undertone.model.Emotion
import app.undertone.model.SpokenSegment
import app.undertone.session.lanesOf
import org.junit.Test
import kotlin.test.assertEquals
import kotlin.test.assertNull
import kotlin.test.assertTrue

class MomentRunsTest {
    @Test
    fun `neighbours that are heard as the same are one run`() {
        val runs = HistorySamples.conversation.momentRuns()
        assertEquals(listOf(2, 1, 1, 1, 1, 1, 1), runs.map { it.segments.size })
        assertEquals(HistorySamples.conversation, runs.flatMap { it.segments })
        assertEquals(Triple(Emotion.Neutral, 2_000L, 19_300L), runs.first().run { Triple(recognised, startMs, endMs) })
        assertEquals(14_500L to 17_300L, runs.first().run { speechMs to spanMs })
        assertEquals(emptyList(), emptyList<SpokenSegment>().momentRuns())
    }

    @Test
    fun `a doubt of less than three seconds does not divide a run, a longer one and one between two tones do`() {
        val happy = List(4) { segment(it * 5_000L, 1_000, Emotion.Happy, probability = 0.9) }
        fun doubt(startMs: Long, durationMs: Long) = segment(startMs, durationMs, Emotion.Sad, isUncertain = true, probability = 0.4)
        val talk = listOf(happy[0], doubt(1_500, 1_000), doubt(3_000, 1_900), happy[1], doubt(7_000, 1_500), happy[2], doubt(12_000, 3_000), happy[3])
        val runs = talk.momentRuns()
        assertEquals(listOf(talk.take(6), talk.slice(6..6), talk.drop(7)), runs.map { it.segments })
        assertEquals(listOf(Emotion.Happy, null, Emotion.Happy), runs.map { it.recognised })
        // What is said of a run is said with its doubts: 3 s at 0.9 and 4.4 s at 0.2.
        assertEquals((3 * 0.9 + 4.4 * 0.2) / 7.4, runs.first().recognised().confidence, 1e-9)

        val between = listOf(happy[0], doubt(1_500, 500), segment(4_000, 900, Emotion.Angry), doubt(9_000, 500))
        assertEquals(between.map(::listOf), between.momentRuns().map { it.segments })
        // The timeline is exact.
        assertEquals(listOf(4, 4), lanesOf(talk, RibbonWindow(0, 20_000), 200).map { it.blocks.size })
    }

    @Test
    fun `an hour of talk with a doubt every eleventh second is a list that somebody reads`() {
        val runs = HistorySamples.longTalk(1_800).momentRuns()
        assertTrue(runs.size < 60, "${runs.size} rows")
        assertEquals(HistorySamples.longTalk(1_800), runs.flatMap { it.segments })
    }

    @Test
    fun `a correction stands apart from what was recognised as that, and from a correction of something else`() {
        val sad = segment(0, 1_000, Emotion.Sad)
        val fromHappy = segment(2_000, 1_000, Emotion.Happy, correctedTo = Emotion.Sad)
        val alsoFromHappy = fromHappy.copy(startMs = 4_000, endMs = 5_000)
        val fromUnsure = segment(6_000, 1_000, Emotion.Happy, isUncertain = true, correctedTo = Emotion.Sad)
        val runs = listOf(sad, fromHappy, alsoFromHappy, fromUnsure).momentRuns()
        assertEquals(listOf(listOf(sad), listOf(fromHappy, alsoFromHappy), listOf(fromUnsure)), runs.map { it.segments })
        assertEquals(listOf(false, true, true), runs.map { it.isCorrected })
    }

    @Test
    fun `how sure a run is weighs its segments by their lengths`() {
        val runs = listOf(segment(0, 3_000, Emotion.Happy, probability = 0.9), segment(4_000, 1_000, Emotion.Happy, probability = 0.5)).momentRuns()
        assertEquals(0.8, runs.single().recognised().confidence, 1e-9)
        val empty = listOf(segment(0, 0, Emotion.Happy, probability = 0.6), segment(0, 0, Emotion.Happy, probability = 0.8)).momentRuns()
        assertEquals(0.7, empty.single().recognised().confidence, 1e-9)
    }

    @Test
    fun `of what is not sure the likeliest on the whole is named`() {
        val doubts = listOf(
            segment(0, 1_000, Emotion.Angry, isUncertain = true, probability = 0.4),
            segment(2_000, 5_000, Emotion.Sad, isUncertain = true, probability = 0.4),
        )
        val run = doubts.momentRuns().single()
        assertNull(run.recognised)
        assertEquals(Emotion.Sad to true, run.recognised().run { emotion to isUncertain })
    }

    @Test
    fun `a position is in a run from its first word to its last, pauses included, and in none between two`() {
        val runs = HistorySamples.conversation.momentRuns()
        assertEquals(listOf(null, 0, 0, null, 1), listOf(1_999L, 2_000L, 12_000L, 19_300L, 21_000L).map(runs::placeAt))
    }
}
