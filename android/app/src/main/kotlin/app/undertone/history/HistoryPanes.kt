package app.undertone.history

import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.WindowInsets
import androidx.compose.foundation.layout.WindowInsetsSides
import androidx.compose.foundation.layout.consumeWindowInsets
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.only
import androidx.compose.foundation.layout.safeDrawing
import androidx.compose.foundation.layout.width
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Surface
import androidx.compose.material3.VerticalDivider
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.DisposableEffect
import androidx.compose.runtime.key
import androidx.compose.runtime.remember
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.Dp
import androidx.compose.ui.unit.dp
import androidx.lifecycle.ViewModelStore
import androidx.lifecycle.ViewModelStoreOwner
import androidx.lifecycle.viewmodel.compose.LocalViewModelStoreOwner

/** The list of recordings and the page of one of them, side by side. */
@Composable
internal fun HistoryPanes(list: @Composable () -> Unit, page: @Composable () -> Unit, modifier: Modifier = Modifier) {
    Surface(modifier.fillMaxSize(), color = MaterialTheme.colorScheme.background) {
        Row {
            Pane(WindowInsetsSides.End, Modifier.width(LIST_WIDTH), list)
            VerticalDivider(color = MaterialTheme.colorScheme.surfaceContainerHighest)
            Pane(WindowInsetsSides.Start, Modifier.weight(1f), page)
        }
    }
}

/** @param inner where the other pane is: no system bar covers that side. */
@Composable
private fun Pane(inner: WindowInsetsSides, modifier: Modifier, content: @Composable () -> Unit) {
    Box(modifier.consumeWindowInsets(WindowInsets.safeDrawing.only(inner))) { content() }
}

/** [page] with view models of its own, which end when another session is shown or none. */
@Composable
internal fun SessionPane(sessionId: Long, page: @Composable () -> Unit) = key(sessionId) {
    val owner = remember {
        object : ViewModelStoreOwner {
            override val viewModelStore = ViewModelStore()
        }
    }
    DisposableEffect(owner) { onDispose { owner.viewModelStore.clear() } }
    CompositionLocalProvider(LocalViewModelStoreOwner provides owner, content = page)
}

/** Material's expanded window class, without its rail. */
internal val PANES_FROM: Dp = 760.dp
private val LIST_WIDTH = 380.dp
