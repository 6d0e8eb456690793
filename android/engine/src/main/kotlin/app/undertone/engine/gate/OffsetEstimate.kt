package app.undertone.engine.gate

/**
 * The DC offset of a stream: the mean of its frames, older ones fading with a time constant of [MEMORY_FRAMES]. Not thread-safe;
 * allocates nothing.
 */
internal class OffsetEstimate {
    private var mean = 0.0
    private var frames = 0

    /** In the unit of the samples; 0 before the first frame. */
    val value: Float
        get() = mean.toFloat()

    /** Takes the next frame of the stream. */
    fun accept(frame: FloatArray) {
        var sum = 0.0
        for (sample in frame) sum += sample
        // At first all frames count alike: one alone would take a piece of rumble for an offset.
        frames = minOf(frames + 1, MEMORY_FRAMES)
        mean += (sum / frame.size - mean) / frames
    }

    fun reset() {
        mean = 0.0
        frames = 0
    }

    private companion object {
        const val MEMORY_FRAMES = 32
    }
}
