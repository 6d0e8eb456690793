package app.undertone.live

import app.undertone.asset.AssetProblem
import kotlinx.coroutines.flow.Flow

/** Hears a voice and tells what it sounds like. One recording at a time. */
interface Listening {
    /** Verifies and loads the model. Returns what is wrong with it, or null when it can be used. */
    suspend fun prepare(): AssetProblem?

    /**
     * Records from the moment of collection until [stop], a problem, or the end of the collection, which discards what is left. While
     * another collection records, the microphone is busy.
     */
    fun listen(): Flow<LiveEvent>

    /** Frees the microphone and ends the open segment; the recording goes on with [resume]. Without effect where nothing is recorded. */
    fun pause()

    fun resume()

    /** Ends the recording: what was said until now is still recognised, then the flow completes. */
    fun stop()
}
