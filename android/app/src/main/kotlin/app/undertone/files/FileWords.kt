package app.undertone.files

import android.text.format.DateUtils
import android.text.format.Formatter
import androidx.compose.runtime.Composable
import androidx.compose.ui.platform.LocalContext
import androidx.compose.ui.res.pluralStringResource
import androidx.compose.ui.res.stringResource
import app.undertone.R
import app.undertone.live.sentence

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

/** Minutes and seconds as clocks show them, with hours where there are some. */
internal fun clock(durationMs: Long): String = DateUtils.formatElapsedTime(durationMs / DateUtils.SECOND_IN_MILLIS)
