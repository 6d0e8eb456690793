package app.undertone.engine.gate

import java.util.concurrent.locks.ReentrantLock
import kotlin.concurrent.withLock

/**
 * Hands samples from one thread to another: in order, without waiting on the writer's side, and with every loss in its place.
 *
 * Allocates nothing after its construction. [offer] and [end] belong to one thread, [take] to another; [discard] to any.
 */
internal class PcmRing(capacitySamples: Int) {
    private val lock = ReentrantLock()
    private val changed = lock.newCondition()
    private val samples = ShortArray(capacitySamples)
    private var written = 0L
    private var taken = 0L

    // Losses that the reader has not met yet, the first at gapsTaken: so many samples were lost before that position.
    private val gapPositions = LongArray(MOST_GAPS)
    private val gapSamples = LongArray(MOST_GAPS)
    private var gapsWritten = 0
    private var gapsTaken = 0
    private var losing = 0L // samples lost since the last that found room

    private var isEnded = false

    /** Samples that wait to be taken. */
    val waitingSamples: Long get() = lock.withLock { written - taken }

    /** Adds the first [length] samples of [pcm]; returns false where there is no room, and they are lost. */
    fun offer(pcm: ShortArray, length: Int): Boolean = lock.withLock {
        val hasRoom = samples.size - (written - taken) >= length && (losing == 0L || gapsWritten - gapsTaken < MOST_GAPS)
        if (isEnded) return false
        if (!hasRoom) {
            losing += length
            return false
        }
        noteGap()
        val at = (written % samples.size).toInt()
        val untilEdge = minOf(length, samples.size - at)
        pcm.copyInto(samples, at, 0, untilEdge)
        pcm.copyInto(samples, 0, untilEdge, length)
        written += length
        changed.signal()
        true
    }

    /** The source lost [count] samples before the next that it gives. */
    fun lose(count: Long): Unit = lock.withLock {
        if (isEnded) return
        losing += count
        // Told at once where it can be: the loss may last, and what was open before it should end now.
        if (gapsWritten - gapsTaken < MOST_GAPS) noteGap()
        changed.signal()
    }

    /** No more will come; what is there can still be taken. */
    fun end() = lock.withLock {
        if (gapsWritten - gapsTaken < MOST_GAPS) {
            noteGap()
        } else {
            // Where even the gaps have no room, the last one goes into the one before: the reader is far behind then.
            gapSamples[(gapsWritten - 1) % MOST_GAPS] += losing
            losing = 0
        }
        isEnded = true
        changed.signal()
    }

    /** No more will come, and what is there is thrown away. */
    fun discard() = lock.withLock {
        isEnded = true
        taken = written
        gapsTaken = gapsWritten
        changed.signal()
    }

    /**
     * Waits for samples and moves them to the start of [target]; returns how many. A negative number tells that so many
     * samples were lost before those that come next; 0 is the end.
     */
    fun take(target: ShortArray): Long = lock.withLock {
        while (written == taken && gapsWritten == gapsTaken && !isEnded) changed.await()
        val hasGap = gapsWritten > gapsTaken
        if (hasGap && gapPositions[gapsTaken % MOST_GAPS] == taken) return -gapSamples[gapsTaken++ % MOST_GAPS]
        val until = if (hasGap) gapPositions[gapsTaken % MOST_GAPS] else written
        val count = minOf(until - taken, target.size.toLong()).toInt()
        val at = (taken % samples.size).toInt()
        val untilEdge = minOf(count, samples.size - at)
        samples.copyInto(target, 0, at, at + untilEdge)
        samples.copyInto(target, untilEdge, 0, count - untilEdge)
        taken += count
        count.toLong()
    }

    private fun noteGap() {
        if (losing == 0L) return
        gapPositions[gapsWritten % MOST_GAPS] = written
        gapSamples[gapsWritten++ % MOST_GAPS] = losing
        losing = 0
    }

    private companion object {
        const val MOST_GAPS = 64
    }
}
