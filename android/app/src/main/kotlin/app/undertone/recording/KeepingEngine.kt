package app.undertone.recording

import app.undertone.engine.EngineListener
import app.undertone.engine.StreamEngine

/**
 * Keeps what [engine] hears. The disk works on the engine's thread, behind the queue that spares capture every wait, and meets each
 * loss in its place.
 */
internal class KeepingEngine(private val engine: StreamEngine, private val kept: KeptAudioWriter) : StreamEngine by engine {

    override fun start(inputRateHz: Int, startedAtMs: Long, listener: EngineListener, isLate: () -> Boolean) {
        kept.start(inputRateHz)
        engine.start(inputRateHz, startedAtMs, listener, isLate)
    }

    override fun accept(pcm: ShortArray, length: Int) {
        kept.write(pcm, length)
        engine.accept(pcm, length)
    }

    override fun skip(lostSamples: Long) {
        kept.skip(lostSamples)
        engine.skip(lostSamples)
    }

    override fun finish() {
        kept.flush()
        engine.finish()
    }
}
