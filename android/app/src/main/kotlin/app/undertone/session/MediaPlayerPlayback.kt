package app.undertone.session

import android.content.BroadcastReceiver
import android.content.Context
import android.content.Intent
import android.content.IntentFilter
import android.media.AudioAttributes
import android.media.AudioFocusRequest
import android.media.AudioManager
import android.media.MediaPlayer
import android.media.PlaybackParams
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.transformLatest
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.withContext
import java.io.File
import java.io.IOException

/**
 * Plays kept audio, WAV or M4A, with [MediaPlayer]. Stops when another app or a call needs the sound, and when headphones are pulled out: what was
 * said is not for the whole room.
 *
 * @param folder of the kept audio; asked for off the main thread.
 */
class MediaPlayerPlayback(private val context: Context, private val folder: () -> File) : AudioPlayback {
    private val mutableState = MutableStateFlow(PlaybackState())
    private var player: MediaPlayer? = null
    private var isClosed = false

    private val audio = context.getSystemService(AudioManager::class.java)
    private val attributes = AudioAttributes.Builder()
        .setUsage(AudioAttributes.USAGE_MEDIA)
        .setContentType(AudioAttributes.CONTENT_TYPE_SPEECH)
        .build()
    private val focus = AudioFocusRequest.Builder(AudioManager.AUDIOFOCUS_GAIN)
        .setAudioAttributes(attributes)
        .setOnAudioFocusChangeListener { change -> if (change < 0) pause() }
        .build()
    private val unplugged = object : BroadcastReceiver() {
        override fun onReceive(context: Context, intent: Intent) = pause()
    }

    @OptIn(ExperimentalCoroutinesApi::class)
    override val state: Flow<PlaybackState> = mutableState.transformLatest { current ->
        emit(current)
        while (current.status == PlaybackStatus.Playing) {
            delay(POSITION_EVERY_MS)
            player?.let { emit(current.copy(positionMs = it.currentPosition.toLong())) }
        }
    }

    override suspend fun open(audioFile: String) {
        // Whatever happens meanwhile, a player that was made is kept, to be released.
        val opened = withContext(NonCancellable) { withContext(Dispatchers.IO) { prepared(audioFile) } }
        when {
            opened == null -> mutableState.value = PlaybackState(PlaybackStatus.Failed)
            isClosed -> opened.release()
            else -> {
                player = opened
                mutableState.value = PlaybackState(PlaybackStatus.Paused, lengthMs = opened.duration.toLong())
            }
        }
    }

    override fun play() {
        val player = player ?: return
        if (mutableState.value.status != PlaybackStatus.Paused || audio.requestAudioFocus(focus) != AudioManager.AUDIOFOCUS_REQUEST_GRANTED) return
        context.registerReceiver(unplugged, IntentFilter(AudioManager.ACTION_AUDIO_BECOMING_NOISY))
        mutableState.update { it.copy(status = PlaybackStatus.Playing) }
        orFailed { player.start() }
        // A speed that is set before would start it as well.
        apply(mutableState.value.speed)
    }

    override fun pause() {
        val player = player ?: return
        if (mutableState.value.status != PlaybackStatus.Playing) return
        orFailed {
            player.pause()
            leave(PlaybackStatus.Paused, player.currentPosition.toLong())
        }
    }

    override fun seekTo(positionMs: Long) {
        val player = player?.takeIf { mutableState.value.status != PlaybackStatus.Failed } ?: return
        // The closest sync sample may lie elsewhere; in PCM every sample is one, in AAC every 64 ms.
        orFailed {
            player.seekTo(positionMs, MediaPlayer.SEEK_CLOSEST)
            mutableState.update { it.copy(positionMs = positionMs) }
        }
    }

    override fun setSpeed(speed: Float) {
        val player = player?.takeIf { mutableState.value.status != PlaybackStatus.Failed } ?: return
        if (mutableState.value.status == PlaybackStatus.Playing && !apply(speed)) return
        orFailed {
            val positionMs = player.currentPosition.toLong()
            mutableState.update { it.copy(speed = speed, positionMs = positionMs) }
        }
    }

    /** Whether this phone's player does it. */
    private fun apply(speed: Float): Boolean {
        val player = player ?: return false
        return try {
            player.playbackParams = PlaybackParams().setSpeed(speed)
            true
        } catch (_: IllegalArgumentException) {
            false
        } catch (_: IllegalStateException) {
            false
        }
    }

    /** A player whose server died throws at whatever it is asked. */
    private inline fun orFailed(work: () -> Unit) = try {
        work()
    } catch (_: RuntimeException) {
        leave(PlaybackStatus.Failed, positionMs = 0)
    }

    override fun close() {
        pause()
        isClosed = true
        player?.release()
        player = null
    }

    private fun leave(status: PlaybackStatus, positionMs: Long) {
        val wasPlaying = mutableState.value.status == PlaybackStatus.Playing
        mutableState.update { it.copy(status = status, positionMs = positionMs) }
        if (wasPlaying) {
            context.unregisterReceiver(unplugged)
            audio.abandonAudioFocusRequest(focus)
        }
    }

    private fun prepared(audioFile: String): MediaPlayer? {
        val player = MediaPlayer()
        return try {
            player.setAudioAttributes(attributes)
            player.setDataSource(File(folder(), audioFile).path)
            player.setOnCompletionListener {
                it.seekTo(0)
                leave(PlaybackStatus.Paused, positionMs = 0)
            }
            player.setOnErrorListener { _, _, _ -> true.also { leave(PlaybackStatus.Failed, positionMs = 0) } }
            player.prepare()
            player
        } catch (_: IOException) {
            player.release()
            null
        } catch (_: RuntimeException) {
            player.release()
            null
        }
    }

    private companion object {
        const val POSITION_EVERY_MS = 100L
    }
}
