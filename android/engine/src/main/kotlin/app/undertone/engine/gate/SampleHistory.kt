package app.undertone.engine.gate

/** The latest samples of a stream, addressed by their position in it. Appending allocates nothing. */
internal class SampleHistory(capacity: Int) {
    // Twice the room that is needed, so that samples move down once every capacity, not at every append.
    private val samples = FloatArray(2 * capacity)
    private var start = 0L
    private var length = 0

    /** The position after the last sample. */
    val end: Long get() = start + length

    /** Appends the first [count] of [added]; samples before the position [keepFrom] may be forgotten. */
    fun append(added: FloatArray, count: Int, keepFrom: Long) {
        if (length + count > samples.size) {
            val forgotten = (keepFrom - start).coerceIn(0, length.toLong()).toInt()
            samples.copyInto(samples, 0, forgotten, length)
            start += forgotten
            length -= forgotten
        }
        added.copyInto(samples, length, 0, count)
        length += count
    }

    /** Whether the sample at [position] is still there. */
    fun holds(position: Long): Boolean = position >= start

    fun copyInto(target: FloatArray, from: Long) {
        samples.copyInto(target, 0, (from - start).toInt(), (from - start).toInt() + target.size)
    }

    fun copy(from: Long, until: Long): FloatArray =
        samples.copyOfRange((from - start).toInt(), (until - start).toInt())

    /** The sum of the squares of [count] samples from the position [from] on. */
    fun energy(from: Long, count: Int): Double {
        val first = (from - start).toInt()
        var sum = 0.0
        for (i in first until first + count) sum += samples[i].toDouble() * samples[i]
        return sum
    }

    /** Forgets everything; the next sample has the position [at]. */
    fun clear(at: Long) {
        start = at
        length = 0
    }
}
