package app.undertone.recording

import app.undertone.asset.AssetProblem
import app.undertone.engine.android.MicrophoneChoice
import app.undertone.model.LiveEvent
import app.undertone.recording.audio.KeptAudioWriter
import kotlinx.coroutines.Job
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow

/** Takes in which happens what the test says. */
class FakeCapture : Capture {
    class Take(val choice: MicrophoneChoice, val until: Job, val isWatched: () -> Boolean) {
        private val events = Channel<LiveEvent>(Channel.UNLIMITED)

        fun hear(vararg recognised: LiveEvent) = recognised.forEach { events.trySend(it).getOrThrow() }

        /** All that was said is recognised. */
        fun end() {
            events.close()
        }

        suspend fun collect(emit: suspend (LiveEvent) -> Unit) {
            for (event in events) emit(event)
        }
    }

    /** Those that began and were not looked at yet. */
    val takes = Channel<Take>(Channel.UNLIMITED)

    override suspend fun prepare(): AssetProblem? = null

    override fun trial(choice: MicrophoneChoice): Flow<LiveEvent> = take(choice, kept = null, Job()) { false }

    override fun take(choice: MicrophoneChoice, kept: KeptAudioWriter?, until: Job, isWatched: () -> Boolean): Flow<LiveEvent> = flow {
        Take(choice, until, isWatched).also { takes.send(it) }.collect { event -> emit(event) }
    }
}
