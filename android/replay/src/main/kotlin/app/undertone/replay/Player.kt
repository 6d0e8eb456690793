package app.undertone.replay

import app.undertone.engine.EmotionAsset
import app.undertone.engine.EmotionClassifier
import app.undertone.engine.EmotionEngine
import app.undertone.engine.EngineEvent
import app.undertone.engine.SpeechDetector

/** Prints what is heard in a recording. */
internal interface Player : AutoCloseable {
    /** Plays [pcm], 16 kHz mono; [file] is its name in the output. */
    fun play(file: String, pcm: FloatArray)
}

/** Hears a recording as the app would: segment by segment, as the speech gate cuts them. */
internal class GatedPlayer(asset: EmotionAsset, showsFrames: Boolean, lines: JsonLines) : Player {
    private var file = ""
    private val engine = EmotionEngine(asset, threads = threads()) { event ->
        when (event) {
            is EngineEvent.Frame -> if (showsFrames) lines.frame(file, event.startSample, event.speechProbability)
            is EngineEvent.Segment -> lines.segment(file, event.startSample, event.endSample, event.estimate)
            is EngineEvent.Skipped -> lines.skipped(file, event.startSample, event.endSample, event.reason)
        }
    }

    override fun play(file: String, pcm: FloatArray) {
        this.file = file
        engine.accept(pcm)
        engine.finish()
    }

    override fun close() = engine.close()
}

/** Hears a recording as one segment, from its first sample to its last. */
internal class WholePlayer(asset: EmotionAsset, private val showsFrames: Boolean, private val lines: JsonLines) : Player {
    private val classifier = EmotionClassifier(asset, threads())
    private val detector = SpeechDetector(asset)

    override fun play(file: String, pcm: FloatArray) {
        val estimate = classifier.classify(pcm) // first, so that a file that is refused prints nothing
        if (showsFrames) showFrames(file, pcm)
        lines.segment(file, 0, pcm.size.toLong(), estimate)
    }

    override fun close() {
        detector.close()
        classifier.close()
    }

    private fun showFrames(file: String, pcm: FloatArray) {
        detector.reset()
        for (start in 0..pcm.size - SpeechDetector.FRAME_SAMPLES step SpeechDetector.FRAME_SAMPLES) {
            val frame = pcm.copyOfRange(start, start + SpeechDetector.FRAME_SAMPLES)
            lines.frame(file, start.toLong(), detector.probability(frame))
        }
    }
}

private fun threads() = Runtime.getRuntime().availableProcessors().coerceAtMost(4)
