package app.undertone.live

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.Icon
import androidx.compose.material3.IconButton
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.layout.layout
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.res.painterResource
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.dp
import app.undertone.R
import app.undertone.recording.Listening
import app.undertone.theme.hasLargeFont
import app.undertone.ui.LocalHasRail

/** The title and, without a rail, the way to history and settings. */
@Composable
internal fun LiveTopBar(state: LiveUiState?, actions: LiveActions) {
    Column {
        Row(Modifier.fillMaxWidth().heightIn(min = TOP_BAR_HEIGHT), Arrangement.SpaceBetween, Alignment.CenterVertically) {
            LiveTitle(state, Modifier.weight(1f))
            // The icons, not the space around them, line up with the edge of what is below them.
            TopIcons(
                actions,
                Modifier.layout { measurable, constraints ->
                    val icons = measurable.measure(constraints)
                    layout((icons.width - TOP_ICON_INSET.roundToPx()).coerceAtLeast(0), icons.height) { icons.placeRelative(0, 0) }
                },
            )
        }
        if (state != null) StatusLine(state)
    }
}

/** The app's name or, while a recording goes on, its time and state: in words where there is room and the headline says something else. */
@Composable
internal fun LiveTitle(state: LiveUiState?, modifier: Modifier = Modifier) {
    Box(modifier.padding(vertical = 4.dp), Alignment.CenterStart) {
        if (state != null && state.isRecording) {
            StatusChip(state.status, state.elapsedMs, hasWord = !state.headlineSaysStatus && !LocalDensity.current.hasLargeFont)
        } else {
            Text(stringResource(R.string.app_name), Modifier.semantics { heading() }, style = MaterialTheme.typography.titleLarge)
        }
    }
}

/** With a large font the chip has no room for words: what to know or do stands below the bar. */
@Composable
internal fun StatusLine(state: LiveUiState) {
    if (LocalDensity.current.hasLargeFont && state.needsStatusLine) {
        Text(stringResource(state.status.word), Modifier.fillMaxWidth(), style = MaterialTheme.typography.bodyLarge, textAlign = TextAlign.Center)
    }
}

@Composable
internal fun TopIcons(actions: LiveActions, modifier: Modifier = Modifier) {
    if (LocalHasRail.current) return
    Row(modifier, verticalAlignment = Alignment.CenterVertically) {
        IconButton(actions.onHistory) { Icon(painterResource(R.drawable.ic_history), stringResource(R.string.open_history)) }
        IconButton(actions.onSettings) { Icon(painterResource(R.drawable.ic_settings), stringResource(R.string.open_app_settings)) }
    }
}

private val LiveUiState.headlineSaysStatus: Boolean
    get() = when (status) {
        LiveStatus.Paused -> true
        LiveStatus.Listening, LiveStatus.TooQuiet -> recognised == null && notice == null
        else -> false
    }

/** Whether there is something to know or to do beside the time. */
internal val LiveUiState.needsStatusLine: Boolean
    get() = isRecording && !headlineSaysStatus && status !in setOf(LiveStatus.Starting, LiveStatus.Listening, LiveStatus.HearingYou)

internal val TOP_BAR_HEIGHT = 56.dp

/** Between the edge of an icon's button and the icon. */
internal val TOP_ICON_INSET = 12.dp
