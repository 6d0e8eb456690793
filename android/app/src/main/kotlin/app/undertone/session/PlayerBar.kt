package app.undertone.session

import androidx.annotation.DrawableRes
import androidx.annotation.StringRes
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.BoxWithConstraints
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.WindowInsets
import androidx.compose.foundation.layout.WindowInsetsSides
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.only
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.safeDrawing
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.layout.windowInsetsPadding
import androidx.compose.material3.FilledIconButton
import androidx.compose.material3.Icon
import androidx.compose.material3.IconButton
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Slider
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.material3.TextButton
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalConfiguration
import androidx.compose.ui.platform.LocalLayoutDirection
import androidx.compose.ui.res.painterResource
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.semantics.stateDescription
import androidx.compose.ui.unit.LayoutDirection
import androidx.compose.ui.unit.dp
import app.undertone.R
import app.undertone.history.words
import app.undertone.model.SpokenSegment
import app.undertone.model.summary.nextMomentMs
import app.undertone.model.summary.previousMomentMs
import app.undertone.ui.position
import java.text.NumberFormat
import java.time.format.DecimalStyle

/**
 * Plays the kept audio.
 *
 * @param segments in order of time: the moments that one steps through.
 */
@Composable
internal fun PlayerBar(playback: PlaybackState, segments: List<SpokenSegment>, callbacks: SessionDetailCallbacks, modifier: Modifier = Modifier) {
    Surface(modifier, color = MaterialTheme.colorScheme.surfaceContainer) {
        Box(
            Modifier
                .fillMaxWidth()
                .windowInsetsPadding(WindowInsets.safeDrawing.only(WindowInsetsSides.Horizontal + WindowInsetsSides.Bottom))
                .padding(horizontal = 16.dp, vertical = 8.dp),
            contentAlignment = Alignment.Center,
        ) {
            // Players run from left to right in every language.
            CompositionLocalProvider(LocalLayoutDirection provides LayoutDirection.Ltr) { Player(playback, segments, callbacks) }
        }
    }
}

/** One row where there is room for it, which leaves more of a low screen to the page. */
@Composable
private fun Player(playback: PlaybackState, segments: List<SpokenSegment>, callbacks: SessionDetailCallbacks) {
    val seekWithin = { positionMs: Long -> callbacks.onSeek(positionMs.coerceIn(0, playback.lengthMs)) }
    BoxWithConstraints(contentAlignment = Alignment.Center) {
        if (maxWidth >= ONE_ROW_WIDTH) {
            Row(Modifier.widthIn(max = 960.dp), Arrangement.spacedBy(16.dp), Alignment.CenterVertically) {
                Buttons(playback, segments, callbacks.onTogglePlayback, seekWithin)
                Position(playback, callbacks)
            }
        } else {
            Column(Modifier.widthIn(max = 640.dp), horizontalAlignment = Alignment.CenterHorizontally) {
                Position(playback, callbacks)
                Buttons(playback, segments, callbacks.onTogglePlayback, seekWithin)
            }
        }
    }
}

@Composable
private fun Position(playback: PlaybackState, callbacks: SessionDetailCallbacks) {
    val label = stringResource(R.string.session_position)
    val progress = stringResource(R.string.session_position_of, position(playback.positionMs), position(playback.lengthMs))
    Row(verticalAlignment = Alignment.CenterVertically, horizontalArrangement = Arrangement.spacedBy(12.dp)) {
        Text(position(playback.positionMs), style = MaterialTheme.typography.bodyMedium)
        Slider(
            value = playback.positionMs.toFloat().coerceAtMost(playback.lengthMs.toFloat()),
            onValueChange = { callbacks.onSeek(it.toLong()) },
            modifier = Modifier.weight(1f).semantics {
                contentDescription = label
                stateDescription = progress
            },
            valueRange = 0f..playback.lengthMs.toFloat().coerceAtLeast(1f),
        )
        Text(position(playback.lengthMs), style = MaterialTheme.typography.bodyMedium)
        SpeedButton(playback.speed, callbacks.onSpeed)
    }
}

/** The next of three speeds at each tap. */
@Composable
private fun SpeedButton(speed: Float, onSpeed: (Float) -> Unit) {
    val number = NumberFormat.getInstance(LocalConfiguration.current.locales[0]).format(speed)
    val value = stringResource(R.string.session_speed_value, number)
    val description = stringResource(R.string.session_speed, value)
    TextButton(
        { onSpeed(SPEEDS[(SPEEDS.indexOf(speed) + 1) % SPEEDS.size]) },
        Modifier.semantics { contentDescription = description },
        contentPadding = PaddingValues(horizontal = 4.dp),
    ) { Text(value, maxLines = 1) }
}

@Composable
private fun Buttons(playback: PlaybackState, segments: List<SpokenSegment>, onToggle: () -> Unit, seekWithin: (Long) -> Unit) {
    val isPlaying = playback.status == PlaybackStatus.Playing
    // Some places that write Arabic use the digits of Europe.
    val isArabic = DecimalStyle.of(LocalConfiguration.current.locales[0]).zeroDigit == '\u0660'
    val back = if (isArabic) R.drawable.ic_back_10_arabic else R.drawable.ic_back_10
    val forward = if (isArabic) R.drawable.ic_forward_10_arabic else R.drawable.ic_forward_10
    Row(verticalAlignment = Alignment.CenterVertically, horizontalArrangement = Arrangement.spacedBy(4.dp)) {
        Step(R.drawable.ic_previous, R.string.session_previous_moment, segments.previousMomentMs(playback.positionMs), seekWithin)
        Step(back, R.string.session_back_10, playback.positionMs - STEP_MS, seekWithin)
        FilledIconButton(onToggle, Modifier.padding(horizontal = 4.dp).size(56.dp)) {
            Icon(
                painterResource(if (isPlaying) R.drawable.ic_pause else R.drawable.ic_play),
                stringResource(if (isPlaying) R.string.session_pause else R.string.session_play),
            )
        }
        Step(forward, R.string.session_forward_10, playback.positionMs + STEP_MS, seekWithin)
        Step(R.drawable.ic_next, R.string.session_next_moment, segments.nextMomentMs(playback.positionMs), seekWithin)
    }
}

/** @param toMs where it leads; null: nowhere. */
@Composable
private fun Step(@DrawableRes icon: Int, @StringRes words: Int, toMs: Long?, onSeek: (Long) -> Unit) {
    IconButton({ toMs?.let(onSeek) }, enabled = toMs != null) { Icon(painterResource(icon), stringResource(words)) }
}

private val ONE_ROW_WIDTH = 560.dp
private const val STEP_MS = 10_000L
private val SPEEDS = listOf(1f, 1.5f, 2f)
