package app.undertone.model.summary

import app.undertone.history.HistorySamples.segment
import app.undertone.model.Emotion
import app.undertone.model.Emotion.Angry
import app.undertone.model.Emotion.Happy
import app.undertone.model.Emotion.Neutral
import app.undertone.model.Emotion.Sad
import app.undertone.model.SpokenSegment
import org.junit.Test
import kotlin.test.assertEquals
import kotlin.test.assertNotEquals

class StoryTest {
    /** One after the other, [secondsEach] each. */
    private fun spoken(vararg recognised: Emotion?, secondsEach: Int = 10): List<SpokenSegment> = recognised.mapIndexed { place, emotion ->
        segment(place * secondsEach * 1_000L, secondsEach * 1_000L, emotion ?: Neutral, isUncertain = emotion == null)
    }

    private fun story(vararg recognised: Emotion?, secondsEach: Int = 10): Story =
        spoken(*recognised, secondsEach = secondsEach).story(recognised.size * secondsEach * 1_000L)

    @Test
    fun `without speech there is silence, however long it lasted`() {
        assertEquals(Story.Silence, emptyList<SpokenSegment>().story(0))
        assertEquals(Story.Silence, emptyList<SpokenSegment>().story(3_600_000))
    }

    @Test
    fun `where no moment is sure, that is the story`() = assertEquals(Story.NotSure, story(null, null, null))

    @Test
    fun `a single sure moment among others is one moment`() {
        assertEquals(Story.OneMoment(Sad), story(Sad))
        assertEquals(Story.OneMoment(Sad), story(null, Sad, null))
    }

    @Test
    fun `the three thirds are named in their order`() =
        assertEquals(Story.ThreeParts(Neutral, Happy, Sad), story(Neutral, Neutral, Happy, Happy, Sad, Sad))

    @Test
    fun `equal neighbours are merged, and an emotion that comes back is named again`() {
        assertEquals(Story.TwoParts(Neutral, Sad), story(Neutral, Neutral, Neutral, Sad, Sad, Sad))
        assertEquals(Story.ThreeParts(Neutral, Happy, Neutral), story(Neutral, Sad, Happy, Happy, Neutral, Sad))
    }

    @Test
    fun `a third that is not sure, or silent, is left out`() {
        assertEquals(Story.TwoParts(Angry, Sad), story(Angry, null, Sad))
        val silentMiddle = listOf(segment(0, 10_000, Angry), segment(80_000, 10_000, Sad))
        assertEquals(Story.TwoParts(Angry, Sad), silentMiddle.story(90_000))
    }

    @Test
    fun `above 60 percent of all speech it is mostly that emotion, and not at 60`() {
        assertEquals(Story.Mostly(Sad, 67), story(Sad, Happy, Sad))
        assertNotEquals(Story.Mostly(Sad, 60), story(Sad, Happy, Sad, Angry, Sad))
    }

    @Test
    fun `it is one emotion throughout only where all of the speech is that, down to the last millisecond`() {
        for (emotion in Emotion.entries) assertEquals(Story.Throughout(emotion), story(emotion, emotion))
        assertEquals(Story.Mostly(Happy, 67), story(Happy, null, Happy))
        val almost = listOf(segment(0, 500_000, Happy), segment(500_000, 499_999, Happy), segment(999_999, 1, Neutral, isUncertain = true))
        assertEquals(Story.Mostly(Happy, 99), almost.story(1_000_000))
        val nearly = almost.dropLast(1) + segment(999_999, 4_000, Sad)
        assertEquals(Story.Mostly(Happy, 99), nearly.story(3_000_000), "99.6 %")
    }

    @Test
    fun `what is not sure counts as speech, so that the share is the one in the charts`() =
        assertEquals(Story.MoreThanOthers(Sad), story(Sad, Sad, null, null))

    @Test
    fun `mostly one emotion with another ending names the ending`() =
        assertEquals(Story.Mostly(Neutral, 67, ending = Angry), story(Neutral, Neutral, Angry))

    @Test
    fun `the same emotion ahead in each third without most of the speech is more than others`() {
        val mixed = arrayOf(Sad, Sad, Happy, Angry)
        assertEquals(Story.MoreThanOthers(Sad), story(*mixed, *mixed, *mixed))
    }

    @Test
    fun `with as much of two, the one that came first counts`() =
        assertEquals(Story.TwoParts(Happy, Angry), story(Happy, Sad, Angry, Sad, Angry, Happy))

    @Test
    fun `a segment across thirds counts in each with its part`() {
        val long = listOf(segment(0, 50_000, Neutral), segment(50_000, 40_000, Happy))
        assertEquals(Story.TwoParts(Neutral, Happy), long.story(90_000))
    }

    @Test
    fun `a correction counts, not the model's word`() =
        assertEquals(Story.OneMoment(Happy), listOf(segment(0, 5_000, Sad, isUncertain = true, correctedTo = Happy)).story(5_000))

    @Test
    fun `hours with thousands of moments have a story, and silence after them is their end`() {
        val hours = List(6_000) { segment(it * 2_000L, 1_500, if (it < 3_000) Neutral else if (it % 3 == 0) Angry else Happy) }
        assertEquals(Story.TwoParts(Neutral, Happy), hours.story(12_000_000))
        assertEquals(Story.TwoParts(Neutral, Happy), hours.story(20_000_000))
    }

    @Test
    fun `below a whole nothing is 100 percent`() {
        assertEquals(listOf(0, 50, 99, 100), listOf(0.0, 0.5, 0.998, 1.0).map(::percent))
    }
}
