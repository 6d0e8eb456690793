package app.undertone.recording

import android.app.NotificationManager
import android.app.Service
import android.content.Context
import android.content.Intent
import android.content.pm.ServiceInfo.FOREGROUND_SERVICE_TYPE_MICROPHONE
import android.os.IBinder
import androidx.core.app.ServiceCompat
import app.undertone.UndertoneApplication
import kotlinx.coroutines.MainScope
import kotlinx.coroutines.cancel
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.launch

/**
 * Keeps the process and its microphone while the recorder records, and says so in a notification. Ends itself with the recording.
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
            .combine(namesEmotion) { state, names ->
                (state as? RecorderState.Recording)?.let { RecordingNotice.of(it, names) to it }
            }
            .distinctUntilChanged { old, new -> old?.first == new?.first }
            .collect { shown ->
                if (shown == null) {
                    isForeground = false
                    ServiceCompat.stopForeground(this, ServiceCompat.STOP_FOREGROUND_REMOVE)
                    stopSelf(lastStartId)
                } else if (isForeground) {
                    val (notice, recording) = shown
                    notifications.notify(NOTIFICATION_ID, notification.draw(notice, recording.countsFromMs()))
                }
            }
    }

    private fun RecorderState.Recording.countsFromMs() = System.currentTimeMillis() - elapsedMs

    companion object {
        internal const val ACTION_PAUSE = "app.undertone.recording.PAUSE"
        internal const val ACTION_RESUME = "app.undertone.recording.RESUME"
        internal const val ACTION_STOP = "app.undertone.recording.STOP"
        internal const val NOTIFICATION_ID = 1

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
