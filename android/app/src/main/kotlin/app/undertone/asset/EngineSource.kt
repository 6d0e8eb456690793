package app.undertone.asset

import app.undertone.engine.StreamEngine

/** Loads the engine. */
interface EngineSource {
    /** Loads and verifies what [open] needs. Returns what is wrong, or null. */
    fun prepare(): AssetProblem?

    /**
     * An engine for one recording; to be closed after it.
     *
     * @throws EngineUnavailableException when [prepare] finds a problem.
     */
    fun open(): StreamEngine
}

/** There is no engine to record with, because of [problem]. */
class EngineUnavailableException(val problem: AssetProblem) : Exception(problem.toString())
