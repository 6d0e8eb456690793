package app.undertone.recording.audio

import app.undertone.engine.EngineListener
import app.undertone.engine.StreamEngine

/** Writes a stream into [kept], as an engine of its own: the audio waits neither for the recognition nor keeps capture waiting. */
internal class KeptAudioStream(private val kept: KeptAudioWriter) : StreamEngine {
    override fun start(inputRateHz: Int, startedAtMs: Long, listener: EngineListener, isLate: () -> Boolean) = kept.start(inputRateHz)

    override fun accept(pcm: ShortArray, length: Int) = kept.write(pcm, length)

    override fun skip(lostSamples: Long) = kept.skip(lostSamples)

    override fun finish() = kept.flush()

    override fun reset() = kept.flush()

    override fun close() = Unit
}
