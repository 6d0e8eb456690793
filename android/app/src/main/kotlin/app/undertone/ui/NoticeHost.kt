package app.undertone.ui

import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.WindowInsets
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.navigationBars
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.material3.ButtonDefaults
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.SnackbarData
import androidx.compose.material3.SnackbarDefaults
import androidx.compose.material3.SnackbarHost
import androidx.compose.material3.SnackbarHostState
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.material3.TextButton
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.drawBehind
import androidx.compose.ui.geometry.Size
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.unit.dp

/** What just happened, at the bottom of every page that has something to say about it. */
@Composable
internal fun NoticeHost(snackbars: SnackbarHostState) = SnackbarHost(snackbars) { NoticePanel(it) }

/** On a ground that joins the player, or the lower edge of the screen: nothing of the page looks out below it. */
@Composable
private fun NoticePanel(notice: SnackbarData) {
    val ground = MaterialTheme.colorScheme.surfaceContainer
    // The bar of the system lies below the snackbar of a scaffold.
    val belowPx = WindowInsets.navigationBars.getBottom(LocalDensity.current)
    Box(
        Modifier
            .fillMaxWidth()
            .drawBehind { drawRect(ground, size = Size(size.width, size.height + belowPx)) }
            .padding(horizontal = 16.dp, vertical = 12.dp),
        contentAlignment = Alignment.Center,
    ) {
        Surface(
            Modifier.widthIn(max = READING_WIDTH).fillMaxWidth(),
            RoundedCornerShape(16.dp),
            SnackbarDefaults.color,
            SnackbarDefaults.contentColor,
        ) {
            Row(verticalAlignment = Alignment.CenterVertically) {
                Text(notice.visuals.message, Modifier.weight(1f).padding(16.dp), style = MaterialTheme.typography.bodyMedium)
                notice.visuals.actionLabel?.let { action ->
                    TextButton(
                        notice::performAction,
                        Modifier.padding(end = 8.dp),
                        colors = ButtonDefaults.textButtonColors(contentColor = SnackbarDefaults.actionColor),
                    ) { Text(action) }
                }
            }
        }
    }
}
