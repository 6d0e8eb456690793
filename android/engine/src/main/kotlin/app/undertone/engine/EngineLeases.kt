package app.undertone.engine

import app.undertone.engine.asset.AssetException
import java.util.concurrent.atomic.AtomicBoolean
import java.util.concurrent.locks.ReentrantLock
import kotlin.concurrent.withLock

/**
 * One engine for everything that needs one, lent to one at a time: to recordings before anything else, and to recordings among themselves in
 * turn. It is loaded for the first lease, and kept for the next until [free]. Any thread may use it.
 *
 * @param load makes the engine; called on the thread of a lease.
 */
@InternalUndertoneApi
public class EngineLeases(private val load: () -> EmotionEngine) {
    private val lock = ReentrantLock()
    private val changed = lock.newCondition()
    private var isTaken = false
    private var onPreempted: (() -> Unit)? = null
    private var waitingRecordings = 0
    private var isToBeFreed = false

    // Of whoever has the lease; otherwise under the lock.
    @Volatile
    private var engine: EmotionEngine? = null

    /** Whether the models are in memory. */
    public val isLoaded: Boolean get() = engine != null

    /**
     * The engine, to be closed when the lease is over: it stays loaded. Waits until it is free; may be interrupted.
     *
     * @param onPreempted called when a recording waits for the engine, at most once, on the thread of that recording: it must not wait, and the
     *   lease is to be closed soon after. null for a recording, which takes the engine from anything else.
     * @param options of the stream; asked on this thread, once the engine is free.
     * @throws AssetException when the asset cannot be trusted, and whatever else loading throws.
     */
    public fun lease(onPreempted: (() -> Unit)?, options: () -> StreamOptions = { StreamOptions() }): StreamEngine {
        acquire(onPreempted)
        try {
            val engine = engine ?: load().also { engine = it }
            engine.options = options()
            return Lease(engine)
        } catch (e: Throwable) {
            release()
            throw e
        }
    }

    /** Frees the models, those of a lease that goes on when it ends. The next lease loads them again. */
    public fun free() {
        val idle = lock.withLock {
            isToBeFreed = isTaken
            if (isTaken) null else engine.also { engine = null }
        }
        idle?.close()
    }

    private fun acquire(onPreempted: (() -> Unit)?) = lock.withLock {
        val isRecording = onPreempted == null
        if (isRecording) waitingRecordings++
        try {
            while (isTaken || (!isRecording && waitingRecordings > 0)) {
                if (isRecording) preempt()
                changed.await()
            }
            isTaken = true
            isToBeFreed = false
            this.onPreempted = onPreempted
        } finally {
            if (isRecording) {
                waitingRecordings--
                changed.signalAll()
            }
        }
    }

    private fun release() {
        val unwanted = lock.withLock {
            isTaken = false
            onPreempted = null
            changed.signalAll()
            if (isToBeFreed) engine.also { engine = null } else null
        }
        unwanted?.close()
    }

    private fun preempt() {
        onPreempted?.invoke()
        onPreempted = null
    }

    private inner class Lease(private val engine: EmotionEngine) : StreamEngine by engine {
        private val isOver = AtomicBoolean()

        override fun close() {
            if (!isOver.compareAndSet(false, true)) return // by now it may be another's
            engine.reset()
            release()
        }
    }
}
