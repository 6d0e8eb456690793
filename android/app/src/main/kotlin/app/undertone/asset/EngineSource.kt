package app.undertone.asset

import app.undertone.engine.EngineEvent

/** Loads the engine. */
interface EngineSource {
    /** Loads and verifies what [open] needs. Returns what is wrong, or null. */
    fun prepare(): AssetProblem?

    /**
     * An engine at the start of a recording.
     *
     * @throws EngineUnavailableException when [prepare] finds a problem.
     */
    fun open(inputRateHz: Int, listener: (EngineEvent) -> Unit): LiveEngine
}

/** One recording's way through the engine. For one thread. */
interface LiveEngine : AutoCloseable {
    /** Hears [pcm], 16-bit mono at the rate that the engine was opened for. */
    fun accept(pcm: ShortArray)

    /** The recording ended: recognises an open segment. */
    fun finish()

    override fun close()
}

/** There is no engine to record with, because of [problem]. */
class EngineUnavailableException(val problem: AssetProblem) : Exception(problem.toString())
