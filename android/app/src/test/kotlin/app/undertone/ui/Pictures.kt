package app.undertone.ui

import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.platform.LocalLayoutDirection
import androidx.compose.ui.test.junit4.ComposeContentTestRule
import androidx.compose.ui.test.onRoot
import androidx.compose.ui.unit.Density
import androidx.compose.ui.unit.LayoutDirection
import app.undertone.theme.UndertoneTheme
import com.github.takahirom.roborazzi.ExperimentalRoborazziApi
import com.github.takahirom.roborazzi.RoborazziOptions
import com.github.takahirom.roborazzi.RoborazziOptions.CompareOptions
import com.github.takahirom.roborazzi.captureRoboImage
import com.github.takahirom.roborazzi.captureScreenRoboImage

internal val SAME_PICTURE = RoborazziOptions(compareOptions = CompareOptions(changeThreshold = 0.001f))

/** Shows [screen] as the app does; without [direction], that of the language. */
internal fun ComposeContentTestRule.show(
    isDark: Boolean = false,
    fontScale: Float = 1f,
    direction: LayoutDirection? = null,
    usesDynamicColor: Boolean = false,
    screen: @Composable () -> Unit,
) = setContent {
    CompositionLocalProvider(
        LocalDensity provides Density(LocalDensity.current.density, fontScale),
        LocalLayoutDirection provides (direction ?: LocalLayoutDirection.current),
    ) {
        UndertoneTheme(isDark, usesDynamicColor, screen)
    }
}

/** What is shown as the picture [name] in `src/test/screenshots`; recorded with -Pundertone.recordScreenshots. */
internal fun ComposeContentTestRule.capture(name: String) {
    onRoot().captureRoboImage("src/test/screenshots/$name.png", SAME_PICTURE)
}

/** The same with the windows of dialogs and menus above it. */
@OptIn(ExperimentalRoborazziApi::class)
internal fun captureScreen(name: String) = captureScreenRoboImage("src/test/screenshots/$name.png", SAME_PICTURE)

internal const val LANDSCAPE = "w720dp-h360dp-land-hdpi"
internal const val TABLET = "w1280dp-h800dp-land-mdpi"
internal const val GERMAN = "de-w360dp-h720dp-hdpi"
internal const val ARABIC = "ar-w360dp-h720dp-hdpi"
