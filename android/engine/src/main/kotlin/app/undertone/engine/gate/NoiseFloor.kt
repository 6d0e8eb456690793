package app.undertone.engine.gate

/**
 * The level of the background: the lowest smoothed power of the last [windowFrames] frames. Not thread-safe; allocates nothing.
 *
 * Speech falls silent between syllables, so the minimum is that of what lies under it; a steady hum is taken for background
 * once the window has passed. Source: Martin (2001), minimum statistics, IEEE Trans. Speech Audio Process. 9(5), without
 * its bias correction: the margin above the floor covers that.
 */
internal class NoiseFloor(windowFrames: Int) {
    private val blockFrames = maxOf(1, windowFrames / BLOCKS)
    private val blockMinima = DoubleArray(BLOCKS) { Double.POSITIVE_INFINITY }
    private var block = 0
    private var framesInBlock = 0
    private var smoothedPower = 0.0

    /** The mean square of the background; infinite before the first frame. */
    var power: Double = Double.POSITIVE_INFINITY
        private set

    /** Hears a frame whose mean square is [framePower]. */
    fun accept(framePower: Double) {
        val isFirst = power == Double.POSITIVE_INFINITY
        smoothedPower = if (isFirst) framePower else SMOOTHING * smoothedPower + (1 - SMOOTHING) * framePower
        if (framesInBlock == blockFrames) {
            framesInBlock = 0
            block = (block + 1) % BLOCKS
            blockMinima[block] = Double.POSITIVE_INFINITY
        }
        framesInBlock++
        blockMinima[block] = minOf(blockMinima[block], smoothedPower)
        power = blockMinima[0]
        for (minimum in blockMinima) power = minOf(power, minimum)
    }

    fun reset() {
        blockMinima.fill(Double.POSITIVE_INFINITY)
        block = 0
        framesInBlock = 0
        power = Double.POSITIVE_INFINITY
    }

    private companion object {
        /** The window moves on by an eighth at a time. */
        const val BLOCKS = 8

        /** Averages over about three frames of 32 ms: one odd frame does not make the floor. */
        const val SMOOTHING = 0.7
    }
}
