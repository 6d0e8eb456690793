package app.undertone.live

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.widthIn
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.dp
import app.undertone.R
import app.undertone.asset.AssetProblem
import app.undertone.theme.hasLargeFont
import app.undertone.ui.MainButton
import app.undertone.ui.NothingHere
import app.undertone.ui.TechnicalDetails
import app.undertone.ui.sentence

/**
 * A state in which there is nothing else to show: what is the matter, and the one thing to do about it.
 *
 * @param isLow the picture stands beside the words, as above them there is no room.
 */
@Composable
internal fun NoticePage(notice: LiveNotice, onAction: () -> Unit, modifier: Modifier = Modifier, isLow: Boolean = false) {
    val hasMark = !LocalDensity.current.hasLargeFont
    if (isLow && hasMark) {
        Row(modifier, Arrangement.spacedBy(32.dp), Alignment.CenterVertically) {
            NoticeMark(notice)
            NoticeWords(notice, onAction, Modifier.weight(1f, fill = false).widthIn(max = WIDEST_BESIDE), isBeside = true)
        }
    } else {
        Column(modifier, Arrangement.spacedBy(16.dp), Alignment.CenterHorizontally) {
            if (hasMark) NoticeMark(notice)
            NoticeWords(notice, onAction)
        }
    }
}

@Composable
private fun NoticeWords(notice: LiveNotice, onAction: () -> Unit, modifier: Modifier = Modifier, isBeside: Boolean = false) {
    val textAlign = if (isBeside) TextAlign.Start else TextAlign.Center
    Column(
        modifier.widthIn(max = 480.dp).semantics { liveRegion = LiveRegionMode.Polite },
        verticalArrangement = Arrangement.spacedBy(16.dp),
        horizontalAlignment = if (isBeside) Alignment.Start else Alignment.CenterHorizontally,
    ) {
        notice.title?.let { Text(stringResource(it), style = MaterialTheme.typography.headlineMedium, textAlign = textAlign) }
        Text(
            notice.sentence(),
            style = MaterialTheme.typography.bodyLarge,
            color = MaterialTheme.colorScheme.onSurfaceVariant,
            textAlign = textAlign,
        )
        notice.action?.let { MainButton(stringResource(it), onAction, Modifier.padding(top = 8.dp)) }
        notice.detail?.let { TechnicalDetails { Text(it, style = MaterialTheme.typography.bodySmall, textAlign = textAlign) } }
    }
}

/** What it is about: an error where something is broken. */
@Composable
private fun NoticeMark(notice: LiveNotice) {
    val scheme = MaterialTheme.colorScheme
    val isBroken = notice is LiveNotice.AssetFailed || notice == LiveNotice.NotStored
    val icon = when {
        isBroken -> R.drawable.ic_warning
        notice == LiveNotice.PermissionRationale -> R.drawable.ic_microphone
        else -> R.drawable.ic_microphone_off
    }
    NothingHere(icon, container = if (isBroken) scheme.errorContainer else scheme.primaryContainer)
}

/** A remark beside everything else. */
@Composable
internal fun NoticeLine(notice: LiveNotice, modifier: Modifier = Modifier) {
    Text(
        notice.sentence(),
        modifier.semantics { liveRegion = LiveRegionMode.Polite },
        style = MaterialTheme.typography.bodyMedium,
        textAlign = TextAlign.Center,
    )
}

/** Whether the notice stands alone or beside the last result. */
internal val LiveNotice.fillsScreen: Boolean get() = this != LiveNotice.NoSpeech

private val LiveNotice.title: Int?
    get() = when (this) {
        LiveNotice.PermissionRationale -> R.string.permission_rationale_title
        is LiveNotice.PermissionDenied -> R.string.permission_denied_title
        is LiveNotice.AssetFailed -> R.string.asset_failed_title
        LiveNotice.MicrophoneBusy -> R.string.microphone_busy_title
        LiveNotice.MicrophoneOff -> R.string.microphone_off_title
        LiveNotice.MicrophoneNotAllowed -> R.string.microphone_not_allowed_title
        LiveNotice.MicrophoneStopped -> R.string.microphone_stopped_title
        LiveNotice.NotStored -> R.string.not_stored_title
        LiveNotice.StartRefused -> R.string.start_refused_title
        LiveNotice.NoSpeech -> null
    }

/** What the engine or the system says, for whoever reports the problem; not translated. */
private val LiveNotice.detail: String?
    get() = when (val problem = (this as? LiveNotice.AssetFailed)?.problem) {
        is AssetProblem.Damaged -> "${problem.file}: ${problem.reason}"
        is AssetProblem.Stopped -> problem.reason
        AssetProblem.NoRuntime, null -> null
    }

/** null where nothing that the app can do helps. */
private val LiveNotice.action: Int?
    get() = when (this) {
        LiveNotice.PermissionRationale -> R.string.allow_microphone
        is LiveNotice.PermissionDenied -> if (canAskAgain) R.string.allow_microphone else R.string.open_settings
        is LiveNotice.AssetFailed -> R.string.try_again.takeIf { problem != AssetProblem.NoRuntime }
        LiveNotice.MicrophoneBusy, LiveNotice.MicrophoneOff, LiveNotice.MicrophoneNotAllowed,
        LiveNotice.MicrophoneStopped, LiveNotice.StartRefused,
        -> R.string.try_again
        LiveNotice.NotStored -> R.string.free_space
        LiveNotice.NoSpeech -> null
    }

@Composable
internal fun LiveNotice.sentence(): String = when (this) {
    LiveNotice.PermissionRationale -> stringResource(R.string.permission_rationale)
    is LiveNotice.PermissionDenied ->
        stringResource(if (canAskAgain) R.string.permission_denied else R.string.permission_denied_for_good)
    is LiveNotice.AssetFailed -> problem.sentence()
    LiveNotice.MicrophoneBusy -> stringResource(R.string.microphone_busy)
    LiveNotice.MicrophoneOff -> stringResource(R.string.microphone_off)
    LiveNotice.MicrophoneNotAllowed -> stringResource(R.string.microphone_not_allowed)
    LiveNotice.MicrophoneStopped -> stringResource(R.string.microphone_stopped)
    LiveNotice.NotStored -> stringResource(R.string.not_stored)
    LiveNotice.StartRefused -> stringResource(R.string.start_refused)
    LiveNotice.NoSpeech -> stringResource(R.string.no_speech)
}

/** About as wide as its longest lines, so that picture and words together stand in the middle. */
private val WIDEST_BESIDE = 360.dp
