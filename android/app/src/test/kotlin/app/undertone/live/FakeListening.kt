package app.undertone.live

import app.undertone.asset.AssetProblem
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow

/** Hears what the test says. */
class FakeListening(var problem: AssetProblem? = null) : Listening {
    private var events = Channel<LiveEvent>(Channel.UNLIMITED)
    var recordings = 0
        private set
    var stops = 0
        private set

    var isPaused = false
        private set

    override suspend fun prepare(): AssetProblem? = problem

    override fun listen(): Flow<LiveEvent> = flow {
        recordings++
        events = Channel(Channel.UNLIMITED)
        for (event in events) emit(event)
    }

    override fun pause() {
        isPaused = true
    }

    override fun resume() {
        isPaused = false
    }

    override fun stop() {
        stops++
    }

    fun hear(vararg heard: LiveEvent) = heard.forEach { events.trySend(it).getOrThrow() }

    /** The engine is through with all of it. */
    fun end() {
        events.close()
    }
}
