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
    fun accept(pcm: ShortArray)

    /** The recording ended: recognises an open segment. */
    fun finish()

    override fun close()
}

class EngineUnavailableException(val problem: AssetProblem) : Exception(problem.toString())
