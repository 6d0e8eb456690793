package app.undertone.live

import app.undertone.model.LiveEvent
import app.undertone.model.SILENCE_DBFS
import app.undertone.recording.Listening
import app.undertone.ui.chart.litSegments
import org.junit.Test
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertTrue

class InputMonitorTest {
    private val monitor = InputMonitor()

    private fun hear(seconds: Double, levelDbfs: Float, isClipped: Boolean = false) =
        repeat((seconds * 50).toInt()) { monitor.onLevel(LiveEvent.Level(levelDbfs, isClipped, durationMs = 20)) }

    @Test
    fun `a room without a voice is listened to, however long`() {
        hear(seconds = 60.0, levelDbfs = -65f)
        assertEquals(LiveStatus.Listening, monitor.status)
    }

    @Test
    fun `an open gate means that someone is heard, until it closes`() {
        monitor.onGate(isOpen = true)
        hear(seconds = 2.0, levelDbfs = -30f)
        assertEquals(LiveStatus.HearingYou, monitor.status)
        monitor.onGate(isOpen = false)
        assertEquals(LiveStatus.Listening, monitor.status)
    }

    @Test
    fun `a voice that stays faint for a second is too quiet`() {
        monitor.onGate(isOpen = true)
        hear(seconds = 0.9, levelDbfs = -55f)
        assertEquals(LiveStatus.HearingYou, monitor.status)
        hear(seconds = 0.2, levelDbfs = -55f)
        assertEquals(LiveStatus.TooQuiet, monitor.status)
        hear(seconds = 0.1, levelDbfs = -30f)
        assertEquals(LiveStatus.HearingYou, monitor.status)
    }

    @Test
    fun `a covered microphone is too quiet after three seconds`() {
        hear(seconds = 2.9, levelDbfs = SILENCE_DBFS)
        assertEquals(LiveStatus.Listening, monitor.status)
        hear(seconds = 0.2, levelDbfs = SILENCE_DBFS)
        assertEquals(LiveStatus.TooQuiet, monitor.status)
    }

    @Test
    fun `clipping is shown for a second after it happened`() {
        monitor.onGate(isOpen = true)
        hear(seconds = 0.02, levelDbfs = -3f, isClipped = true)
        hear(seconds = 0.9, levelDbfs = -30f)
        assertEquals(LiveStatus.Clipping, monitor.status)
        hear(seconds = 0.2, levelDbfs = -30f)
        assertEquals(LiveStatus.HearingYou, monitor.status)
    }

    @Test
    fun `half a minute without speech is noticed, and speech ends it`() {
        hear(seconds = 29.0, levelDbfs = -60f)
        assertFalse(monitor.isWithoutSpeech)
        hear(seconds = 1.0, levelDbfs = -60f)
        assertTrue(monitor.isWithoutSpeech)
        monitor.onGate(isOpen = true)
        assertFalse(monitor.isWithoutSpeech)
    }

    @Test
    fun `the meter spans its segments from the floor to full scale`() {
        assertEquals(0, litSegments(SILENCE_DBFS))
        assertEquals(12, litSegments(-36f))
        assertEquals(24, litSegments(0f))
    }
}
