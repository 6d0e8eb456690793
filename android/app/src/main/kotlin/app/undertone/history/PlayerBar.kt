package app.undertone.history

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.WindowInsets
import androidx.compose.foundation.layout.WindowInsetsSides
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.only
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.safeDrawing
import androidx.compose.foundation.layout.windowInsetsPadding
import androidx.compose.material3.FilledIconButton
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Slider
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalLayoutDirection
import androidx.compose.ui.res.painterResource
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.semantics.stateDescription
import androidx.compose.ui.unit.LayoutDirection
import androidx.compose.ui.unit.dp
import app.undertone.R

/** Plays the kept audio, or says that it cannot be played. */
@Composable
internal fun PlayerBar(playback: PlaybackState, onToggle: () -> Unit, onSeek: (Long) -> Unit, modifier: Modifier = Modifier) {
    Surface(modifier, color = MaterialTheme.colorScheme.surfaceContainer) {
        Box(
            Modifier
                .fillMaxWidth()
                .windowInsetsPadding(WindowInsets.safeDrawing.only(WindowInsetsSides.Horizontal + WindowInsetsSides.Bottom))
                .padding(horizontal = 16.dp, vertical = 8.dp),
            contentAlignment = Alignment.Center,
        ) {
            if (playback.status == PlaybackStatus.Failed) {
                Text(
                    stringResource(R.string.session_playback_failed),
                    Modifier.semantics { liveRegion = LiveRegionMode.Polite },
                    style = MaterialTheme.typography.bodyMedium,
                )
            } else {
                // Players run from left to right in every language.
                CompositionLocalProvider(LocalLayoutDirection provides LayoutDirection.Ltr) { Player(playback, onToggle, onSeek) }
            }
        }
    }
}

@Composable
private fun Player(playback: PlaybackState, onToggle: () -> Unit, onSeek: (Long) -> Unit) {
    val isPlaying = playback.status == PlaybackStatus.Playing
    val label = stringResource(R.string.session_position)
    val progress = stringResource(R.string.session_position_of, position(playback.positionMs), position(playback.lengthMs))
    Row(verticalAlignment = Alignment.CenterVertically, horizontalArrangement = Arrangement.spacedBy(12.dp)) {
        FilledIconButton(onToggle) {
            Icon(
                painterResource(if (isPlaying) R.drawable.ic_pause else R.drawable.ic_play),
                stringResource(if (isPlaying) R.string.session_pause else R.string.session_play),
            )
        }
        Slider(
            value = playback.positionMs.toFloat().coerceAtMost(playback.lengthMs.toFloat()),
            onValueChange = { onSeek(it.toLong()) },
            modifier = Modifier.weight(1f).semantics {
                contentDescription = label
                stateDescription = progress
            },
            valueRange = 0f..playback.lengthMs.toFloat().coerceAtLeast(1f),
        )
        Text(position(playback.positionMs), style = MaterialTheme.typography.bodyMedium)
    }
}
