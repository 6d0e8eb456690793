package app.undertone.replay

import app.undertone.engine.EmotionClassifier
import app.undertone.engine.EmotionEngine
import app.undertone.engine.EmotionEvent
import app.undertone.engine.LiveListener
import app.undertone.engine.LiveStream
import app.undertone.engine.StreamEngine
import app.undertone.engine.StreamOptions
import app.undertone.engine.asset.EmotionAsset
import app.undertone.engine.gate.SpeechDetector
import kotlin.math.roundToInt

/** Prints what is heard in a recording. */
internal interface Player : AutoCloseable {
    /** Plays [pcm], 16 kHz mono; [file] is its name in the output. */
    fun play(file: String, pcm: FloatArray)
}

/** Hears a recording as the app would, segment by segment, as fast as the engine can. Times count from the epoch. */
internal class GatedPlayer(
    asset: EmotionAsset,
    options: StreamOptions,
    private val showsFrames: Boolean,
    private val lines: Lines,
    private val stopwatch: Stopwatch,
) : Player {
    private val engine = EmotionEngine(asset).also { it.options = options }

    override fun play(file: String, pcm: FloatArray) {
        val rateHz = SpeechDetector.SAMPLE_RATE_HZ
        var thereNanos = 0L
        engine.start(rateHz, startedAtMs = 0, PrintingListener(file, showsFrames, lines, stopwatch) { thereNanos })
        val chunk = FloatArray(CHUNK_SAMPLES)
        for (start in pcm.indices step CHUNK_SAMPLES) {
            val end = minOf(start + CHUNK_SAMPLES, pcm.size)
            pcm.copyInto(chunk, 0, start, end)
            Interruption.check()
            thereNanos = System.nanoTime()
            engine.accept(chunk, end - start)
        }
        engine.finish()
        stopwatch.onStream(pcm.size.toLong(), engine.counts)
    }

    override fun close() = engine.close()
}

/** Hears a recording as the app does: at the speed of a microphone, in 16 bits, with the engine on a thread of its own. */
internal class RealtimePlayer(
    asset: EmotionAsset,
    options: StreamOptions,
    private val showsFrames: Boolean,
    private val lines: Lines,
    private val stopwatch: Stopwatch,
) : Player {
    private val engine = EmotionEngine(asset).also { it.options = options }
    private val lent = object : StreamEngine by engine {
        override fun close() = engine.reset() // it hears the next file as well
    }

    override fun play(file: String, pcm: FloatArray) {
        val startedNanos = System.nanoTime()
        var deciding = 0L // the last sample of the frame at hand

        fun thereNanos(samples: Long) = startedNanos + samples * 1_000_000_000 / SpeechDetector.SAMPLE_RATE_HZ
        val printing = PrintingListener(file, showsFrames, lines, stopwatch) { thereNanos(minOf(deciding, pcm.size.toLong())) }
        val listener = object : LiveListener by printing {
            override fun onFrame(startSample: Long, levelDbfs: Float, speechProbability: Float, reachedNetwork: Boolean, isOpen: Boolean) {
                printing.onFrame(startSample, levelDbfs, speechProbability, reachedNetwork, isOpen)
                deciding = startSample + 2 * SpeechDetector.FRAME_SAMPLES
            }
        }
        val stream = LiveStream(SpeechDetector.SAMPLE_RATE_HZ, System.currentTimeMillis(), listener) { lent }
        for (start in pcm.indices step CHUNK_SAMPLES) {
            try {
                Interruption.check()
            } catch (e: InterruptedRunException) {
                stream.stop()
                stream.finish() // until the engine's thread has let go of its sessions
                throw e
            }
            val end = minOf(start + CHUNK_SAMPLES, pcm.size)
            val waitNanos = thereNanos(end.toLong()) - System.nanoTime()
            if (waitNanos > 0) Thread.sleep(waitNanos / 1_000_000, (waitNanos % 1_000_000).toInt())
            stream.offer(ShortArray(end - start) { (pcm[start + it] * FULL_SCALE).roundToInt().coerceIn(-FULL_SCALE, FULL_SCALE - 1).toShort() })
        }
        stream.finish()
        printing.failure?.let { throw it }
        stopwatch.onStream(pcm.size.toLong(), engine.counts)
    }

    override fun close() = engine.close()

    private companion object {
        const val FULL_SCALE = 32_768
    }
}

/** Hears a recording as one segment, from its first sample to its last. */
internal class WholePlayer(asset: EmotionAsset, private val showsFrames: Boolean, private val lines: Lines) : Player {
    private val classifier = EmotionClassifier(asset, threads = Runtime.getRuntime().availableProcessors().coerceAtMost(4))
    private val detector = SpeechDetector(asset)

    override fun play(file: String, pcm: FloatArray) {
        val estimate = classifier.classify(pcm) // first, so that a file that is refused prints nothing
        if (showsFrames) showFrames(file, pcm)
        lines.whole(file, pcm.size.toLong(), estimate)
    }

    override fun close() {
        detector.close()
        classifier.close()
    }

    private fun showFrames(file: String, pcm: FloatArray) {
        detector.reset()
        for (start in 0..pcm.size - SpeechDetector.FRAME_SAMPLES step SpeechDetector.FRAME_SAMPLES) {
            Interruption.check()
            val frame = pcm.copyOfRange(start, start + SpeechDetector.FRAME_SAMPLES)
            lines.frame(file, start.toLong(), detector.probability(frame), reachedNetwork = true)
        }
    }
}

private class PrintingListener(
    private val file: String,
    private val showsFrames: Boolean,
    private val lines: Lines,
    private val stopwatch: Stopwatch,
    private val thereNanos: () -> Long,
) : LiveListener {
    @Volatile
    var failure: Exception? = null

    override fun onFrame(startSample: Long, levelDbfs: Float, speechProbability: Float, reachedNetwork: Boolean, isOpen: Boolean) {
        stopwatch.onFrame(isPrinted = showsFrames)
        if (showsFrames) lines.frame(file, startSample, speechProbability, reachedNetwork)
    }

    override fun onEvent(event: EmotionEvent) {
        lines.event(file, event)
        stopwatch.onEvent(event, thereNanos())
    }

    override fun onFailure(failure: Exception) {
        this.failure = failure
    }
}

/** As long as one frame of the speech gate, as in the app. */
private const val CHUNK_SAMPLES = SpeechDetector.FRAME_SAMPLES
