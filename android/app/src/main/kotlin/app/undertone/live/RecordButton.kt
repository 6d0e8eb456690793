package app.undertone.live

import androidx.compose.animation.core.animateDpAsState
import androidx.compose.animation.core.tween
import androidx.compose.foundation.BorderStroke
import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Spacer
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.shape.CircleShape
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Surface
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.res.painterResource
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.role
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import app.undertone.R
import app.undertone.ui.MORPH_MS

/** A dot in a ring starts a recording, a rounded square in it stops it; the one turns into the other. Named after what it does next. */
@Composable
internal fun RecordButton(isRecording: Boolean, isEnabled: Boolean, onClick: () -> Unit, modifier: Modifier = Modifier) {
    val colors = MaterialTheme.colorScheme
    val description = stringResource(if (isRecording) R.string.record_stop else R.string.record_start)
    val side by animateDpAsState(if (isRecording) 30.dp else 58.dp, tween(MORPH_MS), label = "record side")
    val corner by animateDpAsState(if (isRecording) 8.dp else 29.dp, tween(MORPH_MS), label = "record corner")
    val color = if (isEnabled) colors.primary else colors.outlineVariant
    Surface(
        onClick = onClick,
        modifier = modifier
            .size(72.dp)
            .semantics {
                role = Role.Button
                contentDescription = description
            },
        enabled = isEnabled,
        shape = CircleShape,
        color = colors.surface,
        contentColor = colors.onPrimary,
        border = BorderStroke(3.dp, color),
    ) {
        Box(contentAlignment = Alignment.Center) {
            Spacer(Modifier.size(side).clip(RoundedCornerShape(corner)).background(color))
            if (!isRecording) Icon(painterResource(R.drawable.ic_microphone), null, Modifier.size(28.dp))
        }
    }
}
