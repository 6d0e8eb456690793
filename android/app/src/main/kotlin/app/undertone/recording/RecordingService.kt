package app.undertone.recording

import android.app.NotificationManager
import android.app.Service
import android.content.Context
import android.content.Intent
import android.content.pm.ServiceInfo.FOREGROUND_SERVICE_TYPE_MICROPHONE
import android.os.IBinder
import androidx.core.app.ServiceCompat
import app.undertone.UndertoneApplication
import app.undertone.model.storing
import app.undertone.model.summary.story
import kotlinx.coroutines.MainScope
import kotlinx.coroutines.cancel
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.onEach
import kotlinx.coroutines.launch

/**
 * Keeps the process and its microphone while the recorder records, and says so in a notification. Ends itself with the recording, and
 * tells what was saved where no page of the app does.
 *
 * The system keeps the processor awake for whoever reads the microphone, and the recorder does so afterwards. It is not started again
 * after the process died, because the microphone may be taken only while the app is on screen; what was recorded is stored by then.
 */
class RecordingService : Service() {
    private val scope = MainScope()
    private val notification by lazy { RecordingNotification(this) }
    private val notifications by lazy { getSystemService(NotificationManager::class.java) }
    private val app get() = application as UndertoneApplication
    private var lastStartId = 0

    /** Before it is, and after it was refused, a notification would belong to no service and outlive the recording. */
    private var isForeground = false

    /** The session of the recording that goes on; 0 before its first sample. */
    private var sessionId = 0L

    override fun onBind(intent: Intent): IBinder? = null

    override fun onCreate() {
        super.onCreate()
        notification.createChannel()
        scope.launch { follow() }
    }

    override fun onStartCommand(intent: Intent?, flags: Int, startId: Int): Int {
        lastStartId = startId
        val recorder = app.recorder
        when (intent?.action) {
            ACTION_PAUSE -> recorder.pause()
            ACTION_RESUME -> recorder.resume()
            ACTION_STOP -> recorder.stop()
            else -> enterForeground()
        }
        return START_NOT_STICKY
    }

    override fun onDestroy() {
        scope.cancel()
        notifications.cancel(NOTIFICATION_ID)
        super.onDestroy()
    }

    private fun enterForeground() {
        // The system demands a notification even for what is over already.
        val recording = app.recorder.state.value as? RecorderState.Recording
            ?: RecorderState.Recording(System.currentTimeMillis(), phase = RecordingPhase.Finishing)
        val shown = notification.draw(RecordingNotice.of(recording, namesEmotion = false), recording.countsFromMs())
        notifications.cancel(SAVED_ID)
        try {
            ServiceCompat.startForeground(this, NOTIFICATION_ID, shown, FOREGROUND_SERVICE_TYPE_MICROPHONE)
            isForeground = true
        } catch (_: RuntimeException) {
            refused() // IllegalStateException: the app is not on screen; SecurityException: the microphone's permission is gone
        }
    }

    /** Without a notification nobody is recorded. */
    private fun refused() {
        isForeground = false
        app.recorder.stop()
        stopSelf()
    }

    private suspend fun follow() {
        val namesEmotion = app.settingsStore.settings.map { it.namesEmotionInNotification }.distinctUntilChanged()
        app.recorder.state
            .onEach { state -> (state as? RecorderState.Recording)?.let { sessionId = it.sessionId } }
            .combine(namesEmotion) { state, names ->
                (state as? RecorderState.Recording)?.let { RecordingNotice.of(it, names) to it }
            }
            .distinctUntilChanged { old, new -> old?.first == new?.first }
            .collect { shown ->
                if (shown == null) return@collect end()
                val (notice, recording) = shown
                if (isForeground) notifications.notify(NOTIFICATION_ID, notification.draw(notice, recording.countsFromMs()))
            }
    }

    private fun end() {
        isForeground = false
        ServiceCompat.stopForeground(this, ServiceCompat.STOP_FOREGROUND_REMOVE)
        val startId = lastStartId
        val saved = sessionId
        sessionId = 0
        scope.launch {
            // What cannot be read is not told: the history says why.
            storing({}) { tellSaved(saved) }
            stopSelf(startId)
        }
    }

    /** Nothing of a recording that was not stored, or is deleted. */
    private suspend fun tellSaved(sessionId: Long) {
        val session = app.sessionStore.session(sessionId).first() ?: return
        val tellsStory = app.settingsStore.settings.first().tellsStoryInNotification
        if (!tellsStory && session.stoppedAfterSilenceMin == null) return
        val story = if (tellsStory) app.sessionStore.segments(sessionId).first().story(session.lengthMs) else null
        if (app.isOnScreen || app.recorder.state.value != RecorderState.Idle) return
        notifications.notify(SAVED_ID, notification.drawSaved(session, story))
    }

    private fun RecorderState.Recording.countsFromMs() = System.currentTimeMillis() - elapsedMs

    companion object {
        internal const val ACTION_PAUSE = "app.undertone.recording.PAUSE"
        internal const val ACTION_RESUME = "app.undertone.recording.RESUME"
        internal const val ACTION_STOP = "app.undertone.recording.STOP"
        internal const val NOTIFICATION_ID = 1

        /** Of the notification after a recording; file analysis has 2 and 3. */
        internal const val SAVED_ID = 4

        /**
         * To be called while the app is on screen: the system gives the microphone to no service that starts behind others.
         *
         * @return false where the system does not let it start now.
         */
        fun start(context: Context): Boolean = try {
            context.startForegroundService(Intent(context, RecordingService::class.java))
            true
        } catch (_: RuntimeException) {
            false // ForegroundServiceStartNotAllowedException from Android 12 on: the app is not on screen; vendors add others
        }
    }
}
