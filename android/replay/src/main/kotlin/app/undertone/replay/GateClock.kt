package app.undertone.replay

import java.io.IOException
import java.io.RandomAccessFile

/**
 * CPU time of the engine's thread for frames that led to no result: of level, noise floor, speech network and gate. Not thread-safe.
 *
 * Counts frames in groups, and leaves a group out in which a result was computed or a line printed. The kernel brings the time up to date a few
 * hundred times a second, so that it is right on average, of a recording of a minute or more, and asks for none of the JVM's classes, which
 * would count in the memory of the report.
 */
internal class GateClock {
    private var clock: ThreadClock? = null
    private var groupStartNanos: Long? = null
    private var framesInGroup = 0
    private var nanos = 0L
    private var frames = 0L

    /** Of a frame of 32 ms, on average; null where the system does not tell, or there was too little without a result. */
    val nanosOfFrame: Double? get() = if (frames > 0) nanos.toDouble() / frames else null

    /** A frame was decided on; [isPrinted] leaves it out. */
    fun onFrame(isPrinted: Boolean) {
        if (isPrinted) return breakOff()
        if (groupStartNanos != null && ++framesInGroup < GROUP_FRAMES) return
        val nowNanos = now() ?: return
        groupStartNanos?.let {
            nanos += nowNanos - it
            frames += framesInGroup
        }
        groupStartNanos = nowNanos
        framesInGroup = 0
    }

    /** What follows belongs to no frame, until the next one was decided on. */
    fun breakOff() {
        groupStartNanos = null
        framesInGroup = 0
    }

    /** Each stream of [RealtimePlayer] has a thread of its own. */
    fun onThreadOver() {
        breakOff()
        clock?.file?.close()
        clock = null
    }

    private fun now(): Long? = (clock ?: open()?.also { clock = it })?.nanos()

    private fun open(): ThreadClock? = try {
        ThreadClock(RandomAccessFile("/proc/thread-self/schedstat", "r"))
    } catch (_: IOException) {
        null
    }

    /** The [file] of the thread that opened it: time on the CPU, time in the queue, time slices. */
    private class ThreadClock(val file: RandomAccessFile) {
        private val text = ByteArray(64)

        fun nanos(): Long {
            file.seek(0)
            val length = file.read(text)
            var nanos = 0L
            for (i in 0 until length) if (text[i] in DIGITS) nanos = 10 * nanos + (text[i] - DIGITS.first) else break
            return nanos
        }
    }

    private companion object {
        const val GROUP_FRAMES = 8
        val DIGITS = '0'.code.toByte()..'9'.code.toByte()
    }
}
