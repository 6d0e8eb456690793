package app.undertone.ui

import androidx.annotation.DrawableRes
import androidx.annotation.StringRes
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.BoxWithConstraints
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.Spacer
import androidx.compose.foundation.layout.WindowInsets
import androidx.compose.foundation.layout.WindowInsetsSides
import androidx.compose.foundation.layout.consumeWindowInsets
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.only
import androidx.compose.foundation.layout.safeDrawing
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.NavigationRail
import androidx.compose.material3.NavigationRailItem
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.staticCompositionLocalOf
import androidx.compose.ui.Modifier
import androidx.compose.ui.res.painterResource
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.dp
import app.undertone.R

/** What a navigation rail leads to. */
enum class Destination(@param:StringRes internal val words: Int, @param:DrawableRes internal val icon: Int) {
    Live(R.string.rail_live, R.drawable.ic_microphone),
    History(R.string.open_history, R.drawable.ic_history),
    Settings(R.string.open_app_settings, R.drawable.ic_settings),
}

/** Whether a rail leads to the destinations: their own pages need neither a way back nor icons to each other. */
val LocalHasRail = staticCompositionLocalOf { false }

/**
 * [content] beside a navigation rail where the window is that large: tablets, not phones on their side.
 *
 * @param current null on a page that no destination is above: there is no rail.
 */
@Composable
fun NavigationFrame(current: Destination?, onGo: (Destination) -> Unit, modifier: Modifier = Modifier, content: @Composable () -> Unit) {
    BoxWithConstraints(modifier.fillMaxSize()) {
        val hasRail = current != null && maxWidth >= RAIL_FROM_WIDTH && maxHeight >= RAIL_FROM_HEIGHT
        Row {
            if (hasRail) Rail(current, onGo)
            val covered = WindowInsets.safeDrawing.only(WindowInsetsSides.Start)
            Box(Modifier.weight(1f).then(if (hasRail) Modifier.consumeWindowInsets(covered) else Modifier)) {
                CompositionLocalProvider(LocalHasRail provides hasRail, content = content)
            }
        }
    }
}

@Composable
private fun Rail(current: Destination?, onGo: (Destination) -> Unit) {
    NavigationRail(
        containerColor = MaterialTheme.colorScheme.surfaceContainer,
        windowInsets = WindowInsets.safeDrawing.only(WindowInsetsSides.Vertical + WindowInsetsSides.Start),
    ) {
        Spacer(Modifier.weight(1f))
        for (destination in Destination.entries) {
            NavigationRailItem(
                selected = destination == current,
                onClick = { if (destination != current) onGo(destination) },
                icon = { Icon(painterResource(destination.icon), null) },
                label = { Text(stringResource(destination.words), textAlign = TextAlign.Center) },
            )
        }
        Spacer(Modifier.weight(1f))
    }
}

/** Material's medium window class, in both directions. */
private val RAIL_FROM_WIDTH = 600.dp
private val RAIL_FROM_HEIGHT = 480.dp
