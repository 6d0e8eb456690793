package app.undertone.live

import androidx.compose.foundation.Canvas
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.material3.Icon
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
import androidx.compose.ui.unit.dp
import app.undertone.R
import app.undertone.recording.Listening
import app.undertone.ui.position

/** Whether it hears the voice, and for how long it has recorded: a dot that is filled while it does, the time, and a word. */
@Composable
internal fun StatusChip(status: LiveStatus, elapsedMs: Long?, modifier: Modifier = Modifier) {
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
    Surface(modifier, shape = RoundedCornerShape(20.dp), color = container, contentColor = content) {
        // The word goes below the time where a large font leaves no room beside it.
        FlowRow(
            Modifier.padding(horizontal = 12.dp, vertical = 8.dp),
            horizontalArrangement = Arrangement.spacedBy(8.dp),
            itemVerticalAlignment = Alignment.CenterVertically,
        ) {
            if (status == LiveStatus.Paused) {
                Icon(painterResource(R.drawable.ic_pause), null, Modifier.size(16.dp))
            } else {
                Canvas(Modifier.size(8.dp)) {
                    drawCircle(content, radius = 3.25.dp.toPx(), style = if (status.isListening) Fill else Stroke(1.5.dp.toPx()))
                }
            }
            if (elapsedMs != null) Text(position(elapsedMs), style = MaterialTheme.typography.titleMedium)
            Text(stringResource(status.word), style = MaterialTheme.typography.labelLarge)
        }
    }
}
