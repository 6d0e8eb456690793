package app.undertone.engine.gate

import kotlin.test.Test
import kotlin.test.assertEquals

class NoiseFloorTest {
    private val floor = NoiseFloor(windowFrames = 80)

    @Test
    fun `one odd frame does not make the floor`() {
        repeat(20) { floor.accept(2.0) }
        floor.accept(0.0)
        assertEquals(0.7 * 2.0, floor.power, 1e-12)
    }

    @Test
    fun `the floor is the lowest level of the window, and rises when that has passed`() {
        repeat(10) { floor.accept(1.0) }
        repeat(70) { floor.accept(2.0) }
        assertEquals(1.0, floor.power, 1e-12)
        repeat(80) { floor.accept(2.0) }
        assertEquals(2.0, floor.power, 1e-3)
    }
}
