package app.undertone.session

import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.update

/** Plays nothing, and is where it was told to be. */
class FakePlayback : AudioPlayback {
    override val state = MutableStateFlow(PlaybackState())
    var opened: String? = null
        private set
    var isClosed = false
        private set

    override suspend fun open(audioFile: String) {
        opened = audioFile
        state.value = PlaybackState(PlaybackStatus.Paused, lengthMs = 95_000)
    }

    override fun play() = state.update { it.copy(status = PlaybackStatus.Playing) }

    override fun pause() = state.update { it.copy(status = PlaybackStatus.Paused) }

    override fun seekTo(positionMs: Long) = state.update { it.copy(positionMs = positionMs) }

    override fun setSpeed(speed: Float) = state.update { it.copy(speed = speed) }

    override fun close() {
        isClosed = true
    }
}
