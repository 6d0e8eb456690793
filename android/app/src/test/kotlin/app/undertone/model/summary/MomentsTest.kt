package app.undertone.model.summary

import app.undertone.history.HistorySamples
import app.undertone.model.SpokenSegment
import org.junit.Test
import kotlin.test.assertEquals
import kotlin.test.assertNull

class MomentsTest {
    /** From 2.0, 14.2, 21.0 s and so on; the last from 70.0 s. */
    private val moments = HistorySamples.conversation

    @Test
    fun `the next moment is the first that begins later, and there is none behind the last`() {
        assertEquals(2_000, moments.nextMomentMs(0))
        assertEquals(14_200, moments.nextMomentMs(2_000))
        assertEquals(14_200, moments.nextMomentMs(14_199))
        assertNull(moments.nextMomentMs(70_000))
        assertNull(emptyList<SpokenSegment>().nextMomentMs(0))
    }

    @Test
    fun `back leads to the start of this moment and, tapped again at once, to the one before`() {
        assertEquals(14_200, moments.previousMomentMs(18_000))
        assertEquals(2_000, moments.previousMomentMs(14_200))
        assertEquals(2_000, moments.previousMomentMs(15_700))
        assertEquals(14_200, moments.previousMomentMs(15_701))
        assertNull(moments.previousMomentMs(2_000))
        assertEquals(70_000, moments.previousMomentMs(95_000))
    }
}
