package app.undertone.analysis

import android.app.Notification
import android.app.NotificationManager
import android.app.Service
import android.content.ClipData
import android.content.Context
import android.content.Intent
import android.content.pm.PackageManager.PERMISSION_GRANTED
import android.content.pm.ServiceInfo.FOREGROUND_SERVICE_TYPE_DATA_SYNC
import android.content.pm.ServiceInfo.FOREGROUND_SERVICE_TYPE_MEDIA_PROCESSING
import android.net.Uri
import android.os.Build
import android.os.IBinder
import android.os.Process
import androidx.annotation.RequiresApi
import androidx.core.app.ServiceCompat
import app.undertone.UndertoneApplication
import kotlinx.coroutines.Job
import kotlinx.coroutines.MainScope
import kotlinx.coroutines.cancel
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.launch

/**
 * Keeps the process while files are analysed, and says so in a notification. Ends itself with the last of them.
 *
 * It is started with the right to read the files that are shared, which the system takes back when the screen is left but for this: it holds
 * until the service stops the start that brought it. The system starts it again after the process died, with the same rights.
 */
class FileAnalysisService : Service() {
    private val scope = MainScope()
    private val notification by lazy { FileNotification(this) }
    private val notifications by lazy { getSystemService(NotificationManager::class.java) }
    private val queue get() = (application as UndertoneApplication).files
    private var following: Job? = null
    private var lastStartId = 0

    /** Before it is, and after it was refused, a notification would belong to no service and outlive the work. */
    private var isForeground = false

    override fun onBind(intent: Intent): IBinder? = null

    override fun onCreate() {
        super.onCreate()
        notification.createChannel()
    }

    override fun onStartCommand(intent: Intent?, flags: Int, startId: Int): Int {
        lastStartId = startId
        if (intent?.action == ACTION_CANCEL) {
            queue.cancelAll()
            if (!isForeground) stopSelf(startId)
            return START_NOT_STICKY
        }
        isForeground = entersForeground()
        val isRestart = flags and (START_FLAG_REDELIVERY or START_FLAG_RETRY) != 0
        // Asked for once: a file that ends the process each time is not to be asked for again by the system.
        val continues = intent?.action == ACTION_CONTINUE && !isRestart
        when {
            !isForeground -> refused(isRestart, continues)
            following == null -> following = scope.launch {
                if (continues) queue.requeue()
                follow()
            }
            continues -> scope.launch {
                queue.requeue()
                queue.goOn()
            }
        }
        return START_REDELIVER_INTENT
    }

    /** From Android 15 on six hours a day are the limit, unless the app is on screen meanwhile: who lingers then is killed. */
    override fun onTimeout(startId: Int, fgsType: Int) {
        following?.cancel() // it may only be about to begin, and would go on with what is interrupted here
        following = null
        queue.interrupt()
        end(notification.drawInterrupted(canContinue = false))
    }

    override fun onDestroy() {
        scope.cancel()
        notifications.cancel(NOTIFICATION_ID)
        super.onDestroy()
    }

    private fun entersForeground(): Boolean = try {
        notifications.cancel(RESULT_ID)
        startForegroundOfType(notification.draw(FileNotice.of(queue.jobs.value)))
        true
    } catch (_: RuntimeException) {
        false // IllegalStateException: the app is not on screen, or the day's hours are over
    }

    /** What was begun on screen goes on without this service, for as long as the process lives; a process that died begins nothing anew. */
    private fun refused(isRestart: Boolean, continues: Boolean) {
        if (isRestart) {
            queue.interrupt()
            notifications.notify(RESULT_ID, notification.drawInterrupted(canContinue = true))
        }
        if (!continues) return stopSelf()
        // The day's hours are over: what was to continue does so when the app is opened.
        scope.launch {
            queue.requeue()
            queue.interrupt()
            notifications.notify(RESULT_ID, notification.drawInterrupted(canContinue = false))
            stopSelf()
        }
    }

    private fun startForegroundOfType(shown: Notification) {
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.Q) startForegroundTyped(shown) else startForeground(NOTIFICATION_ID, shown)
    }

    /** Not by ServiceCompat: of the types it lets through those of Android 14, and takes media processing for none. */
    @RequiresApi(Build.VERSION_CODES.Q)
    private fun startForegroundTyped(shown: Notification) {
        val isSinceMediaProcessing = Build.VERSION.SDK_INT >= Build.VERSION_CODES.VANILLA_ICE_CREAM
        val type = if (isSinceMediaProcessing) FOREGROUND_SERVICE_TYPE_MEDIA_PROCESSING else FOREGROUND_SERVICE_TYPE_DATA_SYNC
        startForeground(NOTIFICATION_ID, shown, type)
    }

    private suspend fun follow() {
        queue.goOn()
        queue.jobs.map(FileNotice::of).distinctUntilChanged().collect { notice ->
            when {
                notice == null -> end(notification.drawResult(queue.jobs.value))
                isForeground -> notifications.notify(NOTIFICATION_ID, notification.draw(notice))
            }
        }
    }

    private fun end(result: Notification?) {
        isForeground = false
        ServiceCompat.stopForeground(this, ServiceCompat.STOP_FOREGROUND_REMOVE)
        if (result != null && !queue.isWatched) notifications.notify(RESULT_ID, result)
        stopSelf(lastStartId)
    }

    companion object {
        internal const val ACTION_CANCEL = "app.undertone.files.CANCEL"
        internal const val ACTION_CONTINUE = "app.undertone.files.CONTINUE"
        internal const val NOTIFICATION_ID = 2
        internal const val RESULT_ID = 3

        /** More would not fit into one intent; those behind are read while the screen that they were shared to is there. */
        private const val MOST_GRANTS = 500

        /**
         * Starts the service with the right to read [files]; to be called while the app is on screen. Where the system lets nothing start, they
         * are analysed all the same, for as long as the process lives.
         */
        fun start(context: Context, files: List<Uri>) {
            val intent = Intent(context, FileAnalysisService::class.java)
            val granting = Intent(intent).addFlags(READ)
            files.filter { context.mayRead(it) }.take(MOST_GRANTS).forEach { file ->
                granting.clipData?.addItem(ClipData.Item(file)) ?: run { granting.clipData = ClipData.newRawUri(null, file) }
            }
            // An app may give out a file and not let the right be passed on.
            startQuietly(context, granting) || startQuietly(context, intent)
        }

        private fun Context.mayRead(file: Uri): Boolean =
            checkUriPermission(file, Process.myPid(), Process.myUid(), READ) == PERMISSION_GRANTED

        private fun startQuietly(context: Context, intent: Intent): Boolean = try {
            context.startForegroundService(intent)
            true
        } catch (_: RuntimeException) {
            false // SecurityException; ForegroundServiceStartNotAllowedException from Android 12 on; vendors add others
        }

        private const val READ = Intent.FLAG_GRANT_READ_URI_PERMISSION
    }
}
