package app.undertone.engine.gate

import app.undertone.engine.testing.GeneratedAudio
import kotlin.test.Test
import kotlin.test.assertEquals

class OffsetEstimateTest {
    private val offset = OffsetEstimate()

    @Test
    fun `an offset is known from the first frame on`() {
        repeat(100) {
            offset.accept(FloatArray(512) { -0.25f })
            assertEquals(-0.25f, offset.value, 1e-7f)
        }
    }

    @Test
    fun `rumble is no offset`() {
        val rumble = GeneratedAudio.sine(100 * 512, frequencyHz = 7.0, rateHz = 16_000, amplitude = 0.1)
        for (start in rumble.indices step 512) {
            offset.accept(rumble.copyOfRange(start, start + 512))
            if (start >= 32 * 512) assertEquals(0f, offset.value, 0.01f)
        }
    }

    @Test
    fun `an offset that changes is followed within seconds, and a reset forgets it`() {
        repeat(100) { offset.accept(FloatArray(512)) }
        repeat(100) { offset.accept(FloatArray(512) { 0.1f }) }
        assertEquals(0.1f, offset.value, 0.006f)

        offset.reset()

        assertEquals(0f, offset.value)
    }
}
