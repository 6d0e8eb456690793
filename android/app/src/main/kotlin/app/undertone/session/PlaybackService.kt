package app.undertone.session

import android.content.Context
import android.content.Intent
import androidx.annotation.OptIn
import androidx.media3.common.ForwardingPlayer
import androidx.media3.common.Player
import androidx.media3.common.util.UnstableApi
import androidx.media3.session.CommandButton
import androidx.media3.session.DefaultMediaNotificationProvider
import androidx.media3.session.MediaSession
import androidx.media3.session.MediaSessionService
import app.undertone.R
import app.undertone.ui.openAppIntent

/** Keeps the process while kept audio plays, and shows the controls of the lock screen. Lives as long as the page that plays. */
@OptIn(UnstableApi::class)
class PlaybackService : MediaSessionService() {
    override fun onCreate() {
        super.onCreate()
        setMediaNotificationProvider(
            DefaultMediaNotificationProvider.Builder(this).setChannelId(CHANNEL).setChannelName(R.string.playback_channel).build()
                .also { it.setSmallIcon(R.drawable.ic_play) },
        )
    }

    override fun onGetSession(controllerInfo: MediaSession.ControllerInfo): MediaSession? = offered

    override fun onStartCommand(intent: Intent?, flags: Int, startId: Int): Int {
        super.onStartCommand(intent, flags, startId)
        val session = offered
        if (session == null) stopSelf() else if (!isSessionAdded(session)) addSession(session)
        return START_NOT_STICKY
    }

    /** Who swipes the app away wants to hear nothing more of it. */
    override fun onTaskRemoved(rootIntent: Intent?) = pauseAllPlayersAndStopSelf()

    companion object {
        private const val CHANNEL = "playback"

        /** Of the page that plays; on the main thread. */
        private var offered: MediaSession? = null

        /** The controls of [player], until they are withdrawn. To be called while the app is on screen. */
        internal fun offer(context: Context, player: Player, isRecording: () -> Boolean): MediaSession {
            offered?.let { withdraw(context, it) }
            val session = MediaSession.Builder(context, NotIntoRecordings(player, isRecording))
                .setSessionActivity(context.openAppIntent())
                .setMediaButtonPreferences(
                    listOf(
                        step(context, CommandButton.ICON_SKIP_BACK_10, Player.COMMAND_SEEK_BACK, R.string.session_back_10),
                        step(context, CommandButton.ICON_SKIP_FORWARD_10, Player.COMMAND_SEEK_FORWARD, R.string.session_forward_10),
                    ),
                )
                .build()
            offered = session
            try {
                context.startService(Intent(context, PlaybackService::class.java))
            } catch (_: IllegalStateException) {
                // Not on screen any more: it plays without controls until the system ends it.
            }
            return session
        }

        internal fun withdraw(context: Context, session: MediaSession) {
            session.release()
            if (offered !== session) return
            offered = null
            context.stopService(Intent(context, PlaybackService::class.java))
        }

        private fun step(context: Context, icon: Int, command: Int, words: Int) =
            CommandButton.Builder(icon).setPlayerCommand(command).setDisplayName(context.getString(words)).build()
    }

    /** A lock screen or a headset does not know what the page knows. */
    private class NotIntoRecordings(player: Player, private val isRecording: () -> Boolean) : ForwardingPlayer(player) {
        override fun play() {
            if (!isRecording()) super.play()
        }

        override fun setPlayWhenReady(playWhenReady: Boolean) {
            if (!playWhenReady || !isRecording()) super.setPlayWhenReady(playWhenReady)
        }
    }
}
