package app.undertone.replay

import app.undertone.engine.EmotionEngine
import app.undertone.engine.EmotionEvent
import app.undertone.engine.EngineLeases
import app.undertone.engine.EngineListener
import app.undertone.engine.StreamEngine
import app.undertone.engine.gate.SpeechDetector
import java.util.concurrent.ExecutionException
import java.util.concurrent.FutureTask
import java.util.concurrent.atomic.AtomicBoolean
import kotlin.concurrent.thread
import kotlin.math.roundToInt

/**
 * A file that has the engine, and a recording that takes it from it, as in the app.
 *
 * @param loop mono at 16 kHz in [-1, 1]; its first [EXCERPT_S] are played.
 */
internal class Preemption(loop: FloatArray, private val openEngine: () -> EmotionEngine) {
    private val excerpt = ShortArray(minOf(loop.size, EXCERPT_S * SpeechDetector.SAMPLE_RATE_HZ)) {
        (loop[it] * FULL_SCALE).roundToInt().coerceIn(-FULL_SCALE, FULL_SCALE - 1).toShort()
    }

    /**
     * Loads an engine, has a file play in it until a recording wants it, plays the recording to its end, and frees the models.
     *
     * @throws SoakException when the recording does not get the engine, or meets what the file left in it.
     */
    fun run() {
        val leases = EngineLeases(openEngine)
        val isPreempted = AtomicBoolean()
        val recording = FutureTask { leases.lease(onPreempted = null).use { play(it) } }
        try {
            leases.lease(onPreempted = { isPreempted.set(true) }).use { file ->
                thread(name = "soak-recording") { recording.run() }
                val deadlineNanos = System.nanoTime() + PREEMPTED_WITHIN_S * 1_000_000_000L
                while (!isPreempted.get()) {
                    if (System.nanoTime() > deadlineNanos) throw SoakException("a recording did not ask for the engine of a file")
                    file.start(SpeechDetector.SAMPLE_RATE_HZ, startedAtMs = 0, Starts())
                    file.accept(excerpt, minOf(excerpt.size, SpeechDetector.SAMPLE_RATE_HZ))
                }
            }
            val frames = try {
                recording.get().frames
            } catch (e: ExecutionException) {
                throw e.cause ?: e
            }
            val expected = excerpt.size / SpeechDetector.FRAME_SAMPLES
            if (frames != expected) throw SoakException("a recording that took the engine of a file has $frames frames, not $expected")
        } finally {
            leases.free()
        }
    }

    private fun play(engine: StreamEngine) = Starts().also {
        engine.start(SpeechDetector.SAMPLE_RATE_HZ, startedAtMs = 0, it)
        engine.accept(excerpt)
        engine.finish()
    }

    /** Requires that frames begin with the stream and follow each other. */
    private class Starts : EngineListener {
        var frames = 0
            private set

        override fun onFrame(startSample: Long, levelDbfs: Float, speechProbability: Float, reachedNetwork: Boolean, isOpen: Boolean) {
            if (startSample != frames.toLong() * SpeechDetector.FRAME_SAMPLES) {
                throw SoakException("frame $frames of a stream after another starts at sample $startSample")
            }
            frames++
        }

        override fun onEvent(event: EmotionEvent) = Unit
    }

    private companion object {
        const val EXCERPT_S = 20
        const val PREEMPTED_WITHIN_S = 60
        const val FULL_SCALE = 32_768
    }
}
