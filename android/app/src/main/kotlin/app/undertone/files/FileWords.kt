package app.undertone.files

import android.text.format.DateUtils
import android.text.format.Formatter
import androidx.annotation.StringRes
import androidx.compose.runtime.Composable
import androidx.compose.ui.platform.LocalContext
import androidx.compose.ui.res.pluralStringResource
import androidx.compose.ui.res.stringResource
import app.undertone.R
import app.undertone.analysis.FileJob
import app.undertone.analysis.FileProblem
import app.undertone.analysis.FileStep
import app.undertone.analysis.StopCause
import app.undertone.ui.position
import app.undertone.ui.sentence

@Composable
internal fun FileProblem.sentence(): String = when (this) {
    FileProblem.Unreadable -> stringResource(R.string.files_unreadable)
    FileProblem.NotLoaded -> stringResource(R.string.files_not_loaded)
    FileProblem.NoChooser -> stringResource(R.string.picker_missing)
    FileProblem.NotAudio -> stringResource(R.string.files_not_audio)
    FileProblem.Protected -> stringResource(R.string.files_protected)
    FileProblem.Empty -> stringResource(R.string.files_empty)
    is FileProblem.TooLarge -> stringResource(R.string.files_too_large, Formatter.formatShortFileSize(LocalContext.current, limitBytes))
    is FileProblem.TooLong -> {
        val hours = (limitMs / DateUtils.HOUR_IN_MILLIS).toInt()
        pluralStringResource(R.plurals.files_too_long, hours, hours)
    }
    FileProblem.Damaged -> stringResource(R.string.files_damaged)
    FileProblem.NoSpeech -> stringResource(R.string.files_no_speech)
    FileProblem.NotStored -> stringResource(R.string.files_not_stored)
    is FileProblem.Engine -> problem.sentence()
}

/** How far the file is, or what became of it. */
@Composable
internal fun FileJob.words(): String = when (step) {
    FileStep.Queued -> stringResource(R.string.files_queued)
    is FileStep.Analysing -> step.words()
    is FileStep.Stopped -> {
        val analysed = stringResource(R.string.files_analysed_until, position(step.analysedMs))
        val words = if (step.cause == StopCause.Cancelled) analysed else stringResource(R.string.files_interrupted)
        words.withStoredPart(this)
    }
    is FileStep.Failed -> step.problem.sentence().withStoredPart(this)
    FileStep.Done -> stringResource(R.string.files_done)
}

/** Below [headline], which says already that the file was cancelled. */
@Composable
internal fun FileJob.wordsBelowHeadline(): String =
    if (step is FileStep.Stopped && step.cause == StopCause.Cancelled && sessionId != null) {
        stringResource(R.string.files_stored_until, position(step.analysedMs))
    } else {
        words()
    }

@Composable
internal fun FileStep.Analysing.words(): String = when {
    isWaiting -> stringResource(R.string.files_waiting)
    analysedMs == 0L -> stringResource(R.string.files_preparing)
    lengthMs == null -> stringResource(R.string.files_analysed, position(analysedMs))
    else -> stringResource(R.string.files_analysed_of, position(analysedMs), position(lengthMs))
}

@get:StringRes
internal val FileStep.Stopped.headline: Int
    get() = if (cause == StopCause.Cancelled) R.string.files_cancelled_headline else R.string.files_interrupted_headline

@get:StringRes
internal val FileStep.Failed.headline: Int
    get() = if (problem == FileProblem.NoSpeech) R.string.files_no_speech_headline else R.string.files_failed_headline

@Composable
private fun String.withStoredPart(job: FileJob): String =
    if (job.sessionId == null) this else stringResource(R.string.files_two_sentences, this, stringResource(R.string.files_part_stored))
