package app.undertone.live

import app.undertone.asset.AssetProblem
import app.undertone.engine.MicrophoneProblem
import app.undertone.model.LiveEvent
import app.undertone.recording.Listening
import app.undertone.recording.RecorderState
import app.undertone.recording.RecordingPhase
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.flow

/** Hears what the test says. */
class FakeListening(var problem: AssetProblem? = null) : Listening {
    override val state = MutableStateFlow<RecorderState>(RecorderState.Idle)
    private var events = Channel<LiveEvent>(Channel.UNLIMITED)

    /** The system lets nothing start. */
    var refusesToStart = false
    var recordings = 0
        private set
    var marks = 0
        private set
    var stops = 0
        private set

    override suspend fun prepare(): AssetProblem? = problem

    override fun start(): Boolean {
        if (refusesToStart) return false
        if (!isOpen) beginElsewhere()
        return true
    }

    override fun join(): Flow<LiveEvent> {
        val joined = events
        return flow { for (event in joined) emit(event) }
    }

    override fun pause() = show(RecordingPhase.Paused)

    override fun resume() = show(RecordingPhase.Listening)

    override fun mark() {
        marks++
    }

    override fun stop() {
        stops++
        show(RecordingPhase.Finishing)
    }

    /** As the tile does. */
    fun beginElsewhere() {
        recordings++
        events = Channel(Channel.UNLIMITED)
        state.value = RecorderState.Recording(startedAtMs = recordings.toLong())
    }

    fun show(phase: RecordingPhase, silencedBy: MicrophoneProblem? = null) {
        state.value = (state.value as RecorderState.Recording).copy(phase = phase, silencedBy = silencedBy)
    }

    /** Of the audio that came in. */
    fun elapse(elapsedMs: Long) {
        state.value = (state.value as RecorderState.Recording).copy(elapsedMs = elapsedMs)
    }

    fun hear(vararg recognised: LiveEvent) = recognised.forEach { events.trySend(it).getOrThrow() }

    /** The engine is through with all of it. */
    fun end() {
        state.value = RecorderState.Idle
        events.close()
    }

    val isPaused get() = (state.value as? RecorderState.Recording)?.phase == RecordingPhase.Paused

    private val isOpen get() = (state.value as? RecorderState.Recording)?.let { it.phase != RecordingPhase.Finishing } ?: false
}
