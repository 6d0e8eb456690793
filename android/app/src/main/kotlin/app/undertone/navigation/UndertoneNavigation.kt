package app.undertone.navigation

import androidx.compose.foundation.background
import androidx.compose.material3.MaterialTheme
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.lifecycle.viewmodel.compose.viewModel
import androidx.navigation.NavHostController
import androidx.navigation.compose.NavHost
import androidx.navigation.compose.composable
import androidx.navigation.compose.rememberNavController
import app.undertone.UndertoneApplication
import app.undertone.live.LiveRoute
import app.undertone.live.LiveViewModel
import app.undertone.settings.SettingsLinks
import app.undertone.settings.SettingsRoute
import app.undertone.settings.SettingsViewModel
import app.undertone.welcome.WelcomeScreen

/**
 * All screens and the ways between them.
 *
 * @param live lives as long as the activity: the recording goes on while other screens are looked at.
 * @param start where the app opens.
 */
@Composable
fun UndertoneNavigation(
    application: UndertoneApplication,
    live: LiveViewModel,
    start: Route,
    onWelcomeSeen: () -> Unit,
    controller: NavHostController = rememberNavController(),
) {
    fun go(route: Route): () -> Unit = { controller.navigate(route) { launchSingleTop = true } }
    fun back() {
        // A second tap while the screen fades out would close what is below it.
        if (controller.previousBackStackEntry != null) controller.popBackStack()
    }
    fun begin() {
        onWelcomeSeen()
        controller.navigate(Route.Live) { popUpTo(controller.graph.id) { inclusive = true } }
    }
    val links = SettingsLinks(::back, go(Route.AboutModel), go(Route.Privacy), go(Route.Licences), go(Route.SelfCheck))

    NavHost(controller, start, Modifier.background(MaterialTheme.colorScheme.background)) {
        composable<Route.Welcome> { WelcomeScreen(onBegin = ::begin) }
        composable<Route.Live> { LiveRoute(live, onHistory = go(Route.History), onSettings = go(Route.Settings)) }
        composable<Route.Settings> { SettingsRoute(viewModel(factory = application.settingsFactory), links) }
    }
}
