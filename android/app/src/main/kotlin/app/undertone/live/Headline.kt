package app.undertone.live

import androidx.annotation.StringRes
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.dp
import app.undertone.R
import app.undertone.recording.Listening
import app.undertone.ui.certainty
import app.undertone.ui.headline
import app.undertone.ui.word

/**
 * What the voice sounds like and how likely that is, in words; while paused, that. TalkBack reads out each final result, without
 * interrupting; those so far would chatter.
 */
@Composable
internal fun Headline(state: LiveUiState, isLarge: Boolean = false, modifier: Modifier = Modifier) {
    val recognised = state.recognised?.takeUnless { state.status == LiveStatus.Paused }
    val (title, supporting) = when {
        state.status == LiveStatus.Paused -> stringResource(R.string.headline_paused) to stringResource(R.string.supporting_paused)
        recognised != null -> stringResource(recognised.headline) to recognised.certainty()
        state.notice == LiveNotice.NoSpeech -> stringResource(R.string.headline_no_speech) to stringResource(R.string.supporting_no_speech)
        state.status == LiveStatus.TooQuiet -> stringResource(R.string.headline_too_quiet) to stringResource(R.string.supporting_too_quiet)
        state.isListening -> stringResource(R.string.headline_waiting) to stringResource(R.string.supporting_waiting)
        state.status == LiveStatus.Loading -> stringResource(R.string.headline_loading) to stringResource(R.string.supporting_loading)
        else -> stringResource(R.string.headline_ready) to stringResource(R.string.supporting_ready)
    }
    Column(
        modifier.semantics(mergeDescendants = true) {
            if (recognised?.isSoFar != true) liveRegion = LiveRegionMode.Polite
            heading()
        },
        verticalArrangement = Arrangement.spacedBy(4.dp),
        horizontalAlignment = Alignment.CenterHorizontally,
    ) {
        Text(
            title,
            style = if (isLarge) MaterialTheme.typography.displayMedium else MaterialTheme.typography.headlineLarge,
            textAlign = TextAlign.Center,
        )
        Text(
            supporting,
            style = if (isLarge) MaterialTheme.typography.titleLarge else MaterialTheme.typography.bodyLarge,
            color = MaterialTheme.colorScheme.onSurfaceVariant,
            textAlign = TextAlign.Center,
        )
    }
}

@get:StringRes
internal val LiveStatus.word: Int
    get() = when (this) {
        LiveStatus.Loading -> R.string.headline_loading
        LiveStatus.Ready -> R.string.status_ready
        LiveStatus.Listening -> R.string.status_listening
        LiveStatus.HearingYou -> R.string.status_hearing
        LiveStatus.TooQuiet -> R.string.status_too_quiet
        LiveStatus.Clipping -> R.string.status_clipping
        LiveStatus.Paused -> R.string.status_paused
        LiveStatus.MicrophoneBusy, LiveStatus.Interrupted -> R.string.status_microphone_busy
        LiveStatus.Starting -> R.string.status_starting
        LiveStatus.CatchingUp -> R.string.status_catching_up
        LiveStatus.MicrophoneOff -> R.string.status_microphone_off
        LiveStatus.MicrophoneDenied, LiveStatus.MicrophoneNotAllowed -> R.string.status_microphone_denied
        LiveStatus.Unavailable -> R.string.status_unavailable
    }
