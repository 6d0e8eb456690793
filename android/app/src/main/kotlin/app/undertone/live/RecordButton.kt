package app.undertone.live

import androidx.compose.foundation.border
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.shape.CircleShape
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Surface
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.res.painterResource
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.role
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import app.undertone.R

/** Starts and stops listening, and is named after what it does next. */
@Composable
internal fun RecordButton(isListening: Boolean, isEnabled: Boolean, onClick: () -> Unit, modifier: Modifier = Modifier) {
    val colors = MaterialTheme.colorScheme
    val description = stringResource(if (isListening) R.string.stop_listening else R.string.start_listening)
    val container = when {
        !isEnabled -> colors.surfaceContainerHighest
        isListening -> colors.primaryContainer
        else -> colors.primary
    }
    val content = when {
        !isEnabled -> colors.outline
        isListening -> colors.onPrimaryContainer
        else -> colors.onPrimary
    }
    Surface(
        onClick = onClick,
        modifier = modifier
            .size(72.dp)
            .border(width = 3.dp, color = if (isListening) colors.primary else container, shape = CircleShape)
            .semantics {
                role = Role.Button
                contentDescription = description
            },
        enabled = isEnabled,
        shape = CircleShape,
        color = container,
        contentColor = content,
    ) {
        Box(contentAlignment = Alignment.Center) {
            Icon(painterResource(if (isListening) R.drawable.ic_stop else R.drawable.ic_microphone), null, Modifier.size(32.dp))
        }
    }
}
