package app.undertone.session

import android.content.Context
import android.net.Uri
import androidx.annotation.OptIn
import androidx.media3.common.AudioAttributes
import androidx.media3.common.C
import androidx.media3.common.MediaItem
import androidx.media3.common.MediaMetadata
import androidx.media3.common.PlaybackException
import androidx.media3.common.Player
import androidx.media3.common.util.UnstableApi
import androidx.media3.exoplayer.ExoPlayer
import androidx.media3.session.MediaSession
import app.undertone.R
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.transformLatest
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.withContext
import java.io.File

/**
 * Plays kept audio, WAV or M4A, with ExoPlayer, and goes on behind other apps with the controls of the lock screen. Stops when another app
 * or a call needs the sound, and when headphones are pulled out: what was said is not for the whole room.
 *
 * @param folder of the kept audio; asked for off the main thread.
 * @param isRecording nothing starts to play while this is so, wherever the command comes from: the recording would have it.
 * @param newPlayer without any settings of its own that matter here.
 */
@OptIn(UnstableApi::class)
class ExoPlayback(
    private val context: Context,
    private val folder: () -> File,
    private val isRecording: () -> Boolean,
    private val newPlayer: (Context) -> ExoPlayer.Builder = { ExoPlayer.Builder(it) },
) : AudioPlayback {
    private val mutableState = MutableStateFlow(PlaybackState())
    private var player: ExoPlayer? = null
    private var mediaSession: MediaSession? = null
    private var isClosed = false

    /** Whether it was opened; complete once that is known. */
    private val isReady = CompletableDeferred<Unit>()

    @kotlin.OptIn(ExperimentalCoroutinesApi::class)
    override val state: Flow<PlaybackState> = mutableState.transformLatest { current ->
        emit(current)
        while (current.status == PlaybackStatus.Playing) {
            delay(POSITION_EVERY_MS)
            player?.let { emit(current.copy(positionMs = it.currentPosition)) }
        }
    }

    override suspend fun open(audioFile: String) {
        val file = withContext(Dispatchers.IO) { File(folder(), audioFile) }
        if (isClosed) return
        val player = newPlayer(context)
            .setAudioAttributes(ATTRIBUTES, true)
            .setHandleAudioBecomingNoisy(true)
            .setWakeMode(C.WAKE_MODE_LOCAL)
            .setSeekBackIncrementMs(STEP_MS)
            .setSeekForwardIncrementMs(STEP_MS)
            .build()
        this.player = player
        player.addListener(Following(player))
        // Lock screens are public: they do not show the recording's name.
        val metadata = MediaMetadata.Builder().setTitle(context.getString(R.string.playback_title)).build()
        player.setMediaItem(MediaItem.Builder().setUri(Uri.fromFile(file)).setMediaMetadata(metadata).build())
        player.prepare()
        isReady.await()
    }

    override fun play() {
        val player = player ?: return
        if (mutableState.value.status != PlaybackStatus.Paused || isRecording()) return
        if (mediaSession == null) mediaSession = PlaybackService.offer(context, player, isRecording)
        player.play()
    }

    override fun pause() {
        player?.pause()
    }

    override fun seekTo(positionMs: Long) {
        player?.takeIf { mutableState.value.isPlayable }?.seekTo(positionMs)
    }

    override fun setSpeed(speed: Float) {
        player?.takeIf { mutableState.value.isPlayable }?.setPlaybackSpeed(speed)
    }

    override fun close() {
        isClosed = true
        isReady.complete(Unit)
        mediaSession?.let { PlaybackService.withdraw(context, it) }
        mediaSession = null
        player?.release()
        player = null
    }

    private inner class Following(private val player: ExoPlayer) : Player.Listener {
        override fun onEvents(ignored: Player, events: Player.Events) {
            when (player.playbackState) {
                Player.STATE_IDLE -> return
                Player.STATE_BUFFERING -> if (!isReady.isCompleted) return
                Player.STATE_ENDED -> if (player.playWhenReady) {
                    player.pause()
                    player.seekTo(0)
                }
            }
            // It would go on by itself when a call is over.
            if (player.playbackSuppressionReason == Player.PLAYBACK_SUPPRESSION_REASON_TRANSIENT_AUDIO_FOCUS_LOSS) player.pause()
            show(if (player.playWhenReady) PlaybackStatus.Playing else PlaybackStatus.Paused)
            isReady.complete(Unit)
        }

        /** The file is missing or damaged, or the phone cannot decode it now. */
        override fun onPlayerError(error: PlaybackException) {
            mutableState.value = PlaybackState(PlaybackStatus.Failed)
            isReady.complete(Unit)
        }

        private fun show(status: PlaybackStatus) = mutableState.update {
            PlaybackState(status, player.currentPosition, player.duration.coerceAtLeast(0), player.playbackParameters.speed)
        }
    }

    private companion object {
        const val POSITION_EVERY_MS = 100L
        const val STEP_MS = 10_000L
        val ATTRIBUTES: AudioAttributes =
            AudioAttributes.Builder().setUsage(C.USAGE_MEDIA).setContentType(C.AUDIO_CONTENT_TYPE_SPEECH).build()
    }
}
