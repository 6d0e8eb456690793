package app.undertone.model

import app.undertone.engine.SmoothedEmotion
import org.junit.Test
import kotlin.test.assertEquals

class LiveEventTest {
    private val segment =
        LiveEvent.Segment(Emotion.Happy, listOf(.1, .6, .1, .2), isUncertain = false, isSoFar = false, startMs = 0, durationMs = 900)

    private fun shown(smoothed: SmoothedEmotion?) = segment.copy(smoothed = smoothed).shown.run { Triple(emotion, confidence, isUncertain) }

    @Test
    fun `without smoothing a segment is shown as it is`() {
        assertEquals(Triple(Emotion.Happy, .6, false), shown(null))
    }

    @Test
    fun `the label that stays is shown while it is likely`() {
        assertEquals(Triple(Emotion.Sad, .6, false), shown(SmoothedEmotion("sad", 3, listOf(.1, .2, .1, .6), isUncertain = false)))
    }

    @Test
    fun `of a doubt the likeliest emotion is named, as the bars have it, and not the label that stayed`() {
        assertEquals(Triple(Emotion.Happy, .5, true), shown(SmoothedEmotion("sad", 3, listOf(.1, .5, .1, .3), isUncertain = true)))
    }
}
