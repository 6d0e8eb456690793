package app.undertone.live

import androidx.compose.foundation.Canvas
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.shape.CircleShape
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.drawscope.Fill
import androidx.compose.ui.graphics.drawscope.Stroke
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.unit.dp

/** Does it hear me: one word, with a dot that is filled while it listens. */
@Composable
internal fun StatusChip(status: LiveStatus, modifier: Modifier = Modifier) {
    val colors = MaterialTheme.colorScheme
    val (container, content) = when (status) {
        LiveStatus.Loading, LiveStatus.Ready, LiveStatus.Starting, LiveStatus.CatchingUp, LiveStatus.Paused,
        -> colors.surfaceContainerHigh to colors.onSurface
        LiveStatus.Listening -> colors.secondaryContainer to colors.onSecondaryContainer
        LiveStatus.HearingYou -> colors.primaryContainer to colors.onPrimaryContainer
        LiveStatus.TooQuiet, LiveStatus.Clipping, LiveStatus.Interrupted, LiveStatus.MicrophoneBusy, LiveStatus.MicrophoneDenied,
        LiveStatus.MicrophoneOff, LiveStatus.MicrophoneNotAllowed, LiveStatus.Unavailable,
        -> colors.errorContainer to colors.onErrorContainer
    }
    Surface(modifier, shape = CircleShape, color = container, contentColor = content) {
        Row(
            Modifier.padding(horizontal = 16.dp, vertical = 8.dp),
            horizontalArrangement = Arrangement.spacedBy(8.dp),
            verticalAlignment = Alignment.CenterVertically,
        ) {
            Canvas(Modifier.size(8.dp)) {
                val ring = Stroke(1.5.dp.toPx())
                drawCircle(content, radius = 3.25.dp.toPx(), style = if (status.isListening) Fill else ring)
            }
            Text(stringResource(status.word), style = MaterialTheme.typography.labelLarge)
        }
    }
}
