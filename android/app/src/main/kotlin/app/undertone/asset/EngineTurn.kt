package app.undertone.asset

import java.util.concurrent.locks.ReentrantLock
import kotlin.concurrent.withLock

/** Who has the one engine: recordings before anything else, and recordings among themselves in turn. */
internal class EngineTurn {
    private val lock = ReentrantLock()
    private val changed = lock.newCondition()
    private var isTaken = false
    private var onPreempted: (() -> Unit)? = null
    private var waitingRecordings = 0

    /**
     * Waits until the engine is free; may be interrupted.
     *
     * @param onPreempted called when a recording waits for the engine; null for a recording.
     */
    fun acquire(onPreempted: (() -> Unit)?) = lock.withLock {
        val isRecording = onPreempted == null
        if (isRecording) waitingRecordings++
        try {
            while (isTaken || (!isRecording && waitingRecordings > 0)) {
                if (isRecording) preempt()
                changed.await()
            }
            isTaken = true
            this.onPreempted = onPreempted
        } finally {
            if (isRecording) {
                waitingRecordings--
                changed.signalAll()
            }
        }
    }

    fun release() = lock.withLock {
        isTaken = false
        onPreempted = null
        changed.signalAll()
    }

    private fun preempt() {
        onPreempted?.invoke()
        onPreempted = null
    }
}
