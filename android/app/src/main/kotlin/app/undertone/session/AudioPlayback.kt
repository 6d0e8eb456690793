package app.undertone.session

import androidx.compose.runtime.Immutable
import app.undertone.model.Session
import kotlinx.coroutines.flow.Flow

/** Plays the kept audio of one session. To be called on the main thread. */
interface AudioPlayback {
    /** Follows the position while it plays. */
    val state: Flow<PlaybackState>

    /** @param audioFile [Session.audioFile]. What cannot be opened ends in [PlaybackStatus.Failed]. */
    suspend fun open(audioFile: String)

    /** From the position; from the start when it is at the end. */
    fun play()

    fun pause()

    fun seekTo(positionMs: Long)

    /** @param speed 1: as it was recorded; the pitch stays. A phone that cannot do it goes on as before. */
    fun setSpeed(speed: Float)

    fun close()
}

@Immutable
data class PlaybackState(val status: PlaybackStatus = PlaybackStatus.None, val positionMs: Long = 0, val lengthMs: Long = 0, val speed: Float = 1f) {
    val isPlayable: Boolean get() = status == PlaybackStatus.Paused || status == PlaybackStatus.Playing
}

enum class PlaybackStatus {
    /** Nothing to play, or not opened yet. */
    None,
    Paused,
    Playing,

    /** The file is missing or damaged. */
    Failed,
}
