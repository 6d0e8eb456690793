package app.undertone.asset

import app.undertone.engine.StreamEngine

/** Loads the engine. */
interface EngineSource {
    /** Loads and verifies what [open] needs. Returns what is wrong, or null. */
    fun prepare(): AssetProblem?

    /**
     * An engine for one stream; to be closed after it. There is one engine: this waits until whoever has it closes it. May be
     * interrupted.
     *
     * @param onPreempted a recording wants the engine: called at most once, on the thread of the recording, and must not wait;
     *   the engine is to be closed soon after. null for a recording, which takes the engine from anything else.
     * @throws EngineUnavailableException when [prepare] finds a problem.
     */
    fun open(onPreempted: (() -> Unit)? = null): StreamEngine
}

/** There is no engine to record with, because of [problem]. */
class EngineUnavailableException(val problem: AssetProblem) : Exception(problem.toString())
