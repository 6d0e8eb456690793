package app.undertone.recording

import app.undertone.asset.AssetProblem
import app.undertone.model.LiveEvent
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.StateFlow

/** The recording of this app, one at a time. It goes on without a screen; every function is for the main thread. */
interface Listening {
    val state: StateFlow<RecorderState>

    /** Verifies and loads the model. Returns what is wrong with it, or null when it can be used. */
    suspend fun prepare(): AssetProblem?

    /** Starts a recording, unless one goes on. Returns false where the system lets none begin now. */
    fun start(): Boolean

    /**
     * Joins the recording that goes on, or whose last words are still recognised: the events of its last seconds, then those that come,
     * until it is over. Empty where there is none. Neither the call nor the end of the collection changes anything about the recording.
     */
    fun join(): Flow<LiveEvent>

    /** Frees the microphone and ends the open segment; the recording goes on with [resume]. Without effect where nothing is recorded. */
    fun pause()

    fun resume()

    /** Marks the moment that comes in now. Without effect while nothing is recorded, paused included. */
    fun mark()

    /** Ends the recording: what was said until now is still recognised, then the flow completes. */
    fun stop()
}
