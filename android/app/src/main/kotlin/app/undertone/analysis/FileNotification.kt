package app.undertone.analysis

import android.app.Notification
import android.app.NotificationChannel
import android.app.NotificationManager
import android.app.PendingIntent
import android.content.Context
import android.content.Intent
import androidx.core.app.NotificationCompat
import app.undertone.R
import app.undertone.ui.isolated
import app.undertone.ui.showIntent
import java.text.NumberFormat

/**
 * What the notification of a running analysis says; it changes only with this.
 *
 * @param name of the file that is analysed.
 * @param position of it among [count], from 1.
 * @param percent of its audio; null where its length is not known.
 */
internal data class FileNotice(val name: String?, val position: Int, val count: Int, val percent: Int?, val isWaiting: Boolean) {
    companion object {
        /** null where nothing is to be done. */
        fun of(jobs: List<FileJob>): FileNotice? {
            val pending = jobs.filter { it.isPending }
            val job = pending.firstOrNull { it.step is FileStep.Analysing } ?: pending.firstOrNull() ?: return null
            val step = job.step as? FileStep.Analysing
            val percent = step?.share?.let { (it * WHOLE).toInt() }
            return FileNotice(job.name, jobs.indexOf(job) + 1, jobs.size, percent, step?.isWaiting == true)
        }
    }
}

internal const val WHOLE = 100

/** Draws the notifications of file analysis: one while it goes on, one when it is over. */
internal class FileNotification(private val context: Context) {

    /** The user may silence it, or hide it, in the system's settings. */
    fun createChannel() {
        val channel = NotificationChannel(CHANNEL, context.getString(R.string.files_channel), NotificationManager.IMPORTANCE_LOW)
        channel.description = context.getString(R.string.files_channel_description)
        channel.setShowBadge(false)
        context.getSystemService(NotificationManager::class.java).createNotificationChannel(channel)
    }

    /** @param notice null before it is known what there is to do. */
    fun draw(notice: FileNotice?): Notification {
        val builder = builder(title(notice?.name))
            .setContentText(notice?.let(::text))
            .setContentIntent(context.showIntent(REQUEST_PROGRESS, sessionId = null))
            .setForegroundServiceBehavior(NotificationCompat.FOREGROUND_SERVICE_IMMEDIATE)
            .setOngoing(true)
        if (notice == null || notice.isWaiting || notice.percent == null) {
            builder.setProgress(0, 0, true)
        } else {
            builder.setProgress(WHOLE, notice.percent, false)
        }
        val cancel = Intent(context, FileAnalysisService::class.java).setAction(FileAnalysisService.ACTION_CANCEL)
        val word = if (notice != null && notice.position < notice.count) R.string.files_cancel_all else R.string.files_cancel
        return builder.addAction(0, context.getString(word), PendingIntent.getService(context, 0, cancel, PendingIntent.FLAG_IMMUTABLE)).build()
    }

    /** What became of [jobs]; null where there is nothing to say: the user cancelled all of them. */
    fun drawResult(jobs: List<FileJob>): Notification? {
        val told = jobs.filterNot { it.isGivenUp }
        val done = told.filter { it.step == FileStep.Done }
        if (told.isEmpty()) return null
        val single = told.singleOrNull()
        if (told.any { it.step is FileStep.Stopped }) return drawInterrupted(canContinue = true)
        val title = when {
            single == null && done.size < told.size -> context.getString(R.string.files_result_some, done.size, told.size)
            single == null -> context.resources.getQuantityString(R.plurals.files_result_all, done.size, done.size)
            (single.step as? FileStep.Failed)?.problem == FileProblem.NoSpeech -> context.getString(R.string.files_no_speech_headline)
            done.isEmpty() -> context.getString(R.string.files_failed_headline)
            else -> context.getString(R.string.files_done_headline)
        }
        val text = when {
            single != null -> single.name
            done.size < told.size -> context.getString(R.string.files_result_why)
            else -> null
        }
        return builder(title)
            .setContentText(text)
            .setContentIntent(context.showIntent(REQUEST_RESULT, sessionId = single?.takeIf { it.step == FileStep.Done }?.sessionId))
            .setAutoCancel(true)
            .apply { if (told.any { it.canContinue }) addContinue() }
            .build()
    }

    /** @param canContinue from here, by a tap; else the system lets the work go on only after the app was opened. */
    fun drawInterrupted(canContinue: Boolean): Notification = builder(context.getString(R.string.files_interrupted_headline))
        .setContentText(context.getString(if (canContinue) R.string.files_interrupted else R.string.files_result_interrupted))
        .setContentIntent(context.showIntent(REQUEST_RESULT, sessionId = null))
        .setAutoCancel(true)
        .apply { if (canContinue) addContinue() }
        .build()

    /** A tap on an action lets a service start behind other apps. */
    private fun NotificationCompat.Builder.addContinue() {
        val resume = Intent(context, FileAnalysisService::class.java).setAction(FileAnalysisService.ACTION_CONTINUE)
        addAction(0, context.getString(R.string.files_resume), PendingIntent.getForegroundService(context, 0, resume, PendingIntent.FLAG_IMMUTABLE))
    }

    private fun builder(title: String) = NotificationCompat.Builder(context, CHANNEL)
        .setSmallIcon(R.drawable.ic_audio_file)
        .setContentTitle(title)
        .setCategory(NotificationCompat.CATEGORY_PROGRESS)
        .setOnlyAlertOnce(true)
        .setShowWhen(false)

    private fun title(name: String?) =
        if (name == null) context.getString(R.string.files_analysing) else context.getString(R.string.files_analysing_name, name.isolated())

    private fun text(notice: FileNotice): String? {
        if (notice.isWaiting) return context.getString(R.string.files_waiting)
        val position = if (notice.count > 1) context.getString(R.string.files_position, notice.position, notice.count) else null
        val locale = context.resources.configuration.locales[0]
        val percent = notice.percent?.let { NumberFormat.getPercentInstance(locale).format(it / WHOLE.toDouble()) }
        return listOfNotNull(position, percent).joinToString(" · ").ifEmpty { null }
    }

    private companion object {
        const val CHANNEL = "files"

        /** See [showIntent]. */
        const val REQUEST_PROGRESS = 1
        const val REQUEST_RESULT = 2
    }
}
