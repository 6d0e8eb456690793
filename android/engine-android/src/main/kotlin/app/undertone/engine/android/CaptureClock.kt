package app.undertone.engine.android

/**
 * Finds samples that the system dropped because nobody read them in time, and their place in what is read.
 *
 * `AudioRecord` counts the samples that it delivers and tells when the last one was captured. Dropped samples are not counted, so
 * that time runs ahead of the count by their length, for good. Time also runs ahead, for a moment, where a link delivers in bursts or
 * a device states the time at which it was asked: what does not persist is no loss. Readings are compared with the median of the last
 * ones, never with the first: the clocks of sound and system drift apart by some 100 ppm, and one reading may be far off.
 * Not thread-safe.
 */
internal class CaptureClock(private val rateHz: Int) {
    private var position = 0L
    private var read = 0L

    /** How far [read] is ahead of positions, which start again at 0 where the system opens the input anew. */
    private var restartedAt = 0L

    /** How far time was ahead of the position in the last readings, and in those since time seems to have jumped; in ns. */
    private val usualNs = ArrayDeque<Long>()
    private val jumpedNs = mutableListOf<Long>()
    private var jumpedAtNs = 0L
    private var jumpedFrom = 0L

    private val losses = ArrayDeque<Loss>()

    /**
     * To be called after each read.
     *
     * @param count samples that it gave.
     * @param position samples delivered until [timeNs], as `AudioTimestamp` states them; null where the device does not tell.
     * @return samples lost before the [count]: directly before, to the accuracy of one read, where the buffer held [PERSISTENCE_MS] or
     *   more when they were dropped; else up to [PERSISTENCE_MS] after their place.
     */
    fun onRead(count: Int, position: Long?, timeNs: Long): Long {
        if (position != null) compare(position, timeNs)
        read += count
        var lost = 0L
        while (losses.isNotEmpty() && losses.first().position < read) lost += losses.removeFirst().samples
        return lost
    }

    private fun compare(position: Long, timeNs: Long) {
        if (position < this.position) restart()
        if (position <= this.position) return // no new reading yet
        val aheadNs = timeNs - lengthNs(position)
        if (usualNs.size < FEWEST_READINGS || aheadNs - usualNs.median() <= SHORTEST_LOSS_MS * NS_PER_MS) {
            jumpedNs.forEach(::remember)
            jumpedNs.clear()
            remember(aheadNs)
        } else {
            if (jumpedNs.isEmpty()) {
                jumpedAtNs = timeNs
                jumpedFrom = this.position
            }
            jumpedNs += aheadNs
            if (jumpedNs.size >= FEWEST_READINGS && timeNs - jumpedAtNs >= PERSISTENCE_MS * NS_PER_MS) lose()
        }
        this.position = position
    }

    private fun lose() {
        val lostNs = jumpedNs.median() - usualNs.median()
        losses += Loss(restartedAt + jumpedFrom, Math.round(lostNs.toDouble() * rateHz / NS_PER_S))
        usualNs.clear()
        jumpedNs.forEach(::remember)
        jumpedNs.clear()
    }

    private fun restart() {
        restartedAt = read
        position = 0
        usualNs.clear()
        jumpedNs.clear()
    }

    private fun remember(aheadNs: Long) {
        usualNs += aheadNs
        if (usualNs.size > MOST_READINGS) usualNs.removeFirst()
    }

    private fun lengthNs(samples: Long) = samples / rateHz * NS_PER_S + samples % rateHz * NS_PER_S / rateHz

    private fun Collection<Long>.median() = sorted()[size / 2]

    /** @param position of the first sample that may come after it: the buffer was full up to here. */
    private class Loss(val position: Long, val samples: Long)

    private companion object {
        /** Timestamps of one device jitter by a buffer of its hardware, some 20 ms; a full buffer loses more. */
        const val SHORTEST_LOSS_MS = 40

        /** Longer than bursts of a Bluetooth link, shorter than what the buffer holds when samples are dropped. */
        const val PERSISTENCE_MS = 500
        const val FEWEST_READINGS = 3

        /** 2 s when each read gives a reading. */
        const val MOST_READINGS = 64
        const val NS_PER_MS = 1_000_000L
        const val NS_PER_S = 1_000_000_000L
    }
}
