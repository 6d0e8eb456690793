package app.undertone.live

import androidx.compose.foundation.Canvas
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.material3.Icon
import androidx.compose.material3.LocalContentColor
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.drawscope.Fill
import androidx.compose.ui.graphics.drawscope.Stroke
import androidx.compose.ui.res.painterResource
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import app.undertone.R
import app.undertone.recording.Listening
import app.undertone.ui.position

/**
 * Whether it hears the voice, and for how long it has recorded: a dot that is filled while it does, the time, and a word.
 *
 * @param hasWord false where the word stands elsewhere, or has no room: it is read out only.
 */
@Composable
internal fun StatusChip(status: LiveStatus, elapsedMs: Long, hasWord: Boolean, modifier: Modifier = Modifier) {
    val colors = MaterialTheme.colorScheme
    val (container, content) = when (status) {
        LiveStatus.Loading, LiveStatus.Ready, LiveStatus.Starting, LiveStatus.CatchingUp, LiveStatus.Paused,
        -> colors.surfaceContainerHigh to colors.onSurface
        LiveStatus.Listening, LiveStatus.TooQuiet -> colors.secondaryContainer to colors.onSecondaryContainer
        LiveStatus.HearingYou -> colors.primaryContainer to colors.onPrimaryContainer
        LiveStatus.Clipping, LiveStatus.Interrupted, LiveStatus.MicrophoneBusy, LiveStatus.MicrophoneDenied,
        LiveStatus.MicrophoneOff, LiveStatus.MicrophoneNotAllowed, LiveStatus.Unavailable,
        -> colors.errorContainer to colors.onErrorContainer
    }
    val time = position(elapsedMs)
    val word = stringResource(status.word)
    val timeAndWord = stringResource(R.string.bar_description, time, word)
    Surface(modifier, shape = RoundedCornerShape(20.dp), color = container, contentColor = content) {
        // The word goes below the time where a narrow window leaves no room beside it.
        FlowRow(
            Modifier.padding(horizontal = 12.dp, vertical = 8.dp),
            Arrangement.spacedBy(8.dp),
            itemVerticalAlignment = Alignment.CenterVertically,
        ) {
            Mark(status)
            Text(
                time,
                if (hasWord) Modifier else Modifier.semantics { contentDescription = timeAndWord },
                style = MaterialTheme.typography.titleMedium,
            )
            if (hasWord) Text(word, style = MaterialTheme.typography.labelLarge)
        }
    }
}

@Composable
private fun Mark(status: LiveStatus) {
    if (status == LiveStatus.Paused) {
        Icon(painterResource(R.drawable.ic_pause), null, Modifier.size(16.dp))
    } else {
        val color = LocalContentColor.current
        Canvas(Modifier.size(8.dp)) {
            drawCircle(color, radius = 3.25.dp.toPx(), style = if (status.isListening) Fill else Stroke(1.5.dp.toPx()))
        }
    }
}
