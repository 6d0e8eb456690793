package app.undertone.engine

import app.undertone.engine.gate.PcmRing
import java.util.concurrent.locks.ReentrantLock
import kotlin.concurrent.thread
import kotlin.concurrent.withLock

/** Hears a [LiveStream]; called on the stream's own thread. May end the stream; must not wait for one that does. */
public interface LiveListener : EngineListener {
    /** The engine could not be opened or failed, and the stream is over. */
    public fun onFailure(failure: Exception)
}

/**
 * A [StreamEngine] beside a microphone: capture gives samples and never waits, the engine hears them on a thread of its own.
 *
 * Between the two is a queue of [queueMs]. When it is full, samples are lost, and the engine meets the gap in its place; when
 * it holds more than [LATE_MS], early results are dropped and counted. [offer] and [skip] are for one thread; [finish], [stop]
 * and [close] may come from any, at any time and more than once.
 *
 * @param inputRateHz the rate of the samples that come in.
 * @param startedAtMs the time of the first sample, in milliseconds since any epoch.
 * @param openEngine called on the stream's thread while samples already queue up; closed there when the stream is over.
 */
public class LiveStream(
    inputRateHz: Int,
    startedAtMs: Long,
    private val listener: LiveListener,
    queueMs: Int = QUEUE_MS,
    openEngine: () -> StreamEngine,
) : AutoCloseable {
    private val ring = PcmRing((queueMs.toLong() * inputRateHz / 1000).toInt())
    private val lateSamples = LATE_MS * inputRateHz / 1000L

    // Held while the listener is called, so that after a stop it is not, and so that stop need not wait for inference.
    private val listening = ReentrantLock()
    private var isStopped = false

    private val worker = thread(name = "undertone-engine") {
        try {
            openEngine().use { run(it, inputRateHz, startedAtMs) }
        } catch (e: Exception) {
            hear { listener.onFailure(e) }
        } finally {
            ring.discard()
        }
    }

    /** Hears the first [length] samples of [pcm], 16-bit mono. Never waits: returns false where they were lost, or it is over. */
    public fun offer(pcm: ShortArray, length: Int = pcm.size): Boolean = ring.offer(pcm, length)

    /** The source lost [lostSamples] samples, at its rate, before those that it gives next. Never waits. */
    public fun skip(lostSamples: Long) {
        require(lostSamples > 0) { "a gap has samples, not $lostSamples" }
        ring.lose(lostSamples)
    }

    /** Ends the stream: waits until all that was given is heard and its results are out. Not to be called by the listener. */
    public fun finish() {
        ring.end()
        check(Thread.currentThread() !== worker) { "the listener cannot wait for itself" }
        worker.join()
    }

    /** Ends the stream and throws away what was not heard yet. Does not wait for inference; once it returns, no result comes. */
    public fun stop() {
        listening.withLock { isStopped = true }
        ring.discard()
    }

    /** As [stop]. */
    override fun close(): Unit = stop()

    private fun run(engine: StreamEngine, inputRateHz: Int, startedAtMs: Long) {
        engine.start(inputRateHz, startedAtMs, guarded, isLate = { ring.waitingSamples > lateSamples })
        val chunk = ShortArray(inputRateHz * CHUNK_MS / 1000)
        while (true) {
            val count = ring.take(chunk)
            if (count > 0) engine.accept(chunk, count.toInt()) else if (count < 0) engine.skip(-count) else break
        }
        if (listening.withLock { isStopped }) engine.reset() else engine.finish()
    }

    private inline fun hear(call: () -> Unit) = listening.withLock { if (!isStopped) call() }

    private val guarded: EngineListener
        get() = object : EngineListener {
            override fun onFrame(
                startSample: Long,
                levelDbfs: Float,
                speechProbability: Float,
                reachedNetwork: Boolean,
                isOpen: Boolean,
            ) = hear { listener.onFrame(startSample, levelDbfs, speechProbability, reachedNetwork, isOpen) }

            override fun onEvent(event: EmotionEvent) = hear { listener.onEvent(event) }
        }

    /** How far an engine may be behind. */
    public companion object {
        /** The engine is late, and early results are dropped, when more than this waits for it. */
        public const val LATE_MS: Int = 500

        /** How far the engine may fall behind before samples are lost. */
        public const val QUEUE_MS: Int = 60_000

        private const val CHUNK_MS = 32
    }
}
