package app.undertone.recording

import android.app.Notification
import android.app.NotificationChannel
import android.app.NotificationManager
import android.app.PendingIntent
import android.content.Context
import android.content.Intent
import android.text.format.DateUtils
import androidx.annotation.StringRes
import androidx.core.app.NotificationCompat
import app.undertone.R
import app.undertone.engine.MicrophoneProblem
import app.undertone.model.RecognisedSegment
import app.undertone.model.Session
import app.undertone.model.summary.Story
import app.undertone.ui.headline
import app.undertone.ui.openAppIntent
import app.undertone.ui.position
import app.undertone.ui.sentence
import app.undertone.ui.showIntent
import app.undertone.ui.stoppedAfterSilenceSentence

/**
 * What the notification says; it changes only with this, because the system itself counts the seconds.
 *
 * @param elapsedS where the count stands; null while it runs.
 * @param recognised named only if the settings say so: lock screens are public.
 * @param silencedBy why it is interrupted.
 */
internal data class RecordingNotice(
    val phase: RecordingPhase,
    val elapsedS: Long?,
    val recognised: RecognisedSegment?,
    val silencedBy: MicrophoneProblem? = null,
) {
    companion object {
        fun of(recording: RecorderState.Recording, namesEmotion: Boolean): RecordingNotice {
            val isCounting = recording.phase == RecordingPhase.Listening || recording.phase == RecordingPhase.Interrupted
            return RecordingNotice(
                phase = recording.phase,
                elapsedS = if (isCounting) null else recording.elapsedMs / DateUtils.SECOND_IN_MILLIS,
                recognised = recording.recognised?.takeIf { namesEmotion && !it.isSoFar }?.shown,
                silencedBy = recording.silencedBy,
            )
        }
    }
}

/** Draws the notifications of a recording: one while it goes on, one when it is saved. */
internal class RecordingNotification(private val context: Context) {

    /** The user may silence it, or hide it, in the system's settings. */
    fun createChannel() {
        val channel = NotificationChannel(CHANNEL, context.getString(R.string.recording_channel), NotificationManager.IMPORTANCE_LOW)
        channel.description = context.getString(R.string.recording_channel_description)
        channel.setShowBadge(false)
        context.getSystemService(NotificationManager::class.java).createNotificationChannel(channel)
    }

    /** @param countsFromMs the time, since the epoch, at which nothing was heard yet. */
    fun draw(notice: RecordingNotice, countsFromMs: Long): Notification {
        val texts = listOfNotNull(
            notice.recognised?.let { context.getString(it.headline) },
            notice.elapsedS?.let(DateUtils::formatElapsedTime),
        )
        val builder = NotificationCompat.Builder(context, CHANNEL)
            .setSmallIcon(R.drawable.ic_microphone)
            .setContentTitle(context.getString(notice.words))
            .setContentText(texts.joinToString(" · ").ifEmpty { null })
            .setContentIntent(context.openAppIntent())
            .setCategory(NotificationCompat.CATEGORY_SERVICE)
            .setForegroundServiceBehavior(NotificationCompat.FOREGROUND_SERVICE_IMMEDIATE)
            .setVisibility(NotificationCompat.VISIBILITY_PUBLIC)
            .setOngoing(true)
            .setOnlyAlertOnce(true)
            .setUsesChronometer(notice.elapsedS == null)
            .setShowWhen(notice.elapsedS == null)
            .setWhen(countsFromMs)
        when (notice.phase) {
            RecordingPhase.Listening, RecordingPhase.Interrupted -> builder.add(R.string.pause_recording, RecordingService.ACTION_PAUSE)
            RecordingPhase.Paused -> builder.add(R.string.resume_recording, RecordingService.ACTION_RESUME)
            RecordingPhase.Finishing -> return builder.build()
        }
        return builder.add(R.string.stop_recording, RecordingService.ACTION_STOP).build()
    }

    /**
     * That [session] is over and stored, for who does not see the app, and why where it ended by itself.
     *
     * @param story how it sounded, for lock screens only where they show private content; null where that is not to be said.
     */
    fun drawSaved(session: Session, story: Story?): Notification {
        val reason = session.stoppedAfterSilenceMin?.let { context.resources.stoppedAfterSilenceSentence(it) }
        val quiet = NotificationCompat.Builder(context, CHANNEL)
            .setSmallIcon(R.drawable.ic_check)
            .setContentTitle(context.getString(R.string.saved, position(session.lengthMs)))
            .setContentText(reason)
            .setContentIntent(context.showIntent(REQUEST_SAVED, session.id))
            .setAutoCancel(true)
            .setShowWhen(false)
        val withoutStory = quiet.build()
        val lines = listOfNotNull(story?.sentence(context.resources), reason)
        return quiet
            .setVisibility(NotificationCompat.VISIBILITY_PRIVATE)
            .setPublicVersion(withoutStory)
            .setContentText(lines.joinToString(" · "))
            .setStyle(NotificationCompat.BigTextStyle().bigText(lines.joinToString("\n")))
            .build()
    }

    private fun NotificationCompat.Builder.add(@StringRes word: Int, action: String): NotificationCompat.Builder {
        val intent = Intent(context, RecordingService::class.java).setAction(action)
        val pending = PendingIntent.getService(context, 0, intent, PendingIntent.FLAG_IMMUTABLE)
        // Since Android 7 the icon of an action is not shown.
        return addAction(0, context.getString(word), pending)
    }

    private companion object {
        const val CHANNEL = "recording"

        /** See [showIntent]. */
        const val REQUEST_SAVED = 3
    }
}

@get:StringRes
private val RecordingNotice.words: Int
    get() = when (phase) {
        RecordingPhase.Listening -> R.string.recording_listening
        RecordingPhase.Interrupted -> when (silencedBy) {
            MicrophoneProblem.SwitchedOff -> R.string.recording_microphone_off
            MicrophoneProblem.NotAllowed -> R.string.recording_not_allowed
            MicrophoneProblem.InUse, MicrophoneProblem.ServerDied, null -> R.string.recording_interrupted
        }
        RecordingPhase.Paused -> R.string.recording_paused
        RecordingPhase.Finishing -> R.string.recording_finishing
    }
