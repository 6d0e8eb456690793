package app.undertone.recording

/**
 * Finds samples that the system dropped because nobody read them in time, and their place in what is read.
 *
 * `AudioRecord` counts the samples that it delivers and tells when the last one was captured. Dropped samples are not counted, so
 * that time runs ahead of the count by their length. Two readings are compared with each other, never with the first: the
 * clocks of sound and system drift apart by some 100 ppm. Not thread-safe.
 */
internal class CaptureClock(private val rateHz: Int) {
    private var position = 0L
    private var timeNs = 0L
    private var read = 0L
    private val losses = ArrayDeque<Loss>()

    /**
     * To be called after each read.
     *
     * @param count samples that it gave.
     * @param position samples delivered until [timeNs], as `AudioTimestamp` states them; null where the device does not tell.
     * @return samples lost directly before the [count], to the accuracy of one read.
     */
    fun onRead(count: Int, position: Long?, timeNs: Long): Long {
        if (position != null) compare(position, timeNs)
        read += count
        var lost = 0L
        while (losses.isNotEmpty() && losses.first().position < read) lost += losses.removeFirst().samples
        return lost
    }

    private fun compare(position: Long, timeNs: Long) {
        if (position <= this.position) return // no new reading yet
        val elapsed = (timeNs - this.timeNs) * rateHz / NS_PER_S
        val lost = elapsed - (position - this.position)
        if (this.position > 0 && lost > SHORTEST_LOSS_MS * rateHz / MS_PER_S) losses += Loss(this.position, lost)
        this.position = position
        this.timeNs = timeNs
    }

    /** @param position of the first sample that may come after it: the buffer was full up to here. */
    private class Loss(val position: Long, val samples: Long)

    private companion object {
        /** Timestamps of one device jitter by a buffer of its hardware, some 20 ms; a full buffer loses more. */
        const val SHORTEST_LOSS_MS = 40
        const val MS_PER_S = 1_000
        const val NS_PER_S = 1_000_000_000
    }
}
