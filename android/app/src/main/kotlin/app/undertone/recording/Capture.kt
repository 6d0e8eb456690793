package app.undertone.recording

import app.undertone.asset.AssetProblem
import app.undertone.engine.android.MicrophoneChoice
import app.undertone.model.LiveEvent
import app.undertone.recording.audio.KeptAudioWriter
import kotlinx.coroutines.Job
import kotlinx.coroutines.flow.Flow

/** Hears a voice and tells what it sounds like, one take after the other. */
interface Capture {
    /** Verifies and loads the model. Returns what is wrong with it, or null when it can be used. */
    suspend fun prepare(): AssetProblem?

    /**
     * Records from the moment of collection until [until] is over: what was said before is still recognised, then the flow completes. A
     * problem ends it as well; the end of the collection does too, and discards what is left.
     *
     * @param kept what came in is appended to it, whatever becomes of the recognition.
     * @param isWatched whether anybody sees results that are not final; asked on the engine's thread.
     */
    fun take(choice: MicrophoneChoice, kept: KeptAudioWriter?, until: Job, isWatched: () -> Boolean): Flow<LiveEvent>

    /** Tries the microphone for as long as it is collected, or until a recording wants the engine. Nothing is kept. */
    fun trial(choice: MicrophoneChoice): Flow<LiveEvent>
}
