package app.undertone.navigation

import androidx.compose.foundation.background
import androidx.compose.material3.MaterialTheme
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.getValue
import androidx.compose.ui.Modifier
import androidx.lifecycle.viewmodel.compose.viewModel
import androidx.navigation.NavDestination
import androidx.navigation.NavDestination.Companion.hasRoute
import androidx.navigation.NavHostController
import androidx.navigation.compose.NavHost
import androidx.navigation.compose.composable
import androidx.navigation.compose.currentBackStackEntryAsState
import androidx.navigation.compose.rememberNavController
import androidx.navigation.toRoute
import app.undertone.UndertoneApplication
import app.undertone.about.LicencesRoute
import app.undertone.about.LicencesViewModel
import app.undertone.about.ModelRoute
import app.undertone.about.ModelViewModel
import app.undertone.about.PrivacyScreen
import app.undertone.files.FileRoute
import app.undertone.history.HistoryRoute
import app.undertone.live.LiveRoute
import app.undertone.live.LiveViewModel
import app.undertone.selfcheck.SelfCheckRoute
import app.undertone.session.SessionDetailRoute
import app.undertone.session.SessionDetailViewModel
import app.undertone.settings.SettingsLinks
import app.undertone.settings.SettingsRoute
import app.undertone.settings.StorageRoute
import app.undertone.ui.Destination
import app.undertone.ui.NavigationFrame
import app.undertone.welcome.WelcomeScreen

/**
 * All screens and the ways between them.
 *
 * @param live lives as long as the activity: the recording goes on while other screens are looked at.
 * @param asked where a notification or another app leads; null for nowhere.
 * @param start where the app opens.
 */
@Composable
fun UndertoneNavigation(
    application: UndertoneApplication,
    live: LiveViewModel,
    asked: AskedRoute?,
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
    fun open(sessionId: Long) = controller.navigate(Route.HistoryDetail(sessionId)) { launchSingleTop = true }
    val links = SettingsLinks(::back, go(Route.AboutModel), go(Route.Privacy), go(Route.Licences), go(Route.SelfCheck), go(Route.Storage))

    val current by controller.currentBackStackEntryAsState()
    NavigationFrame(
        current?.destination?.above(),
        onGo = { destination ->
            controller.navigate(destination.route) {
                popUpTo<Route.Live>()
                launchSingleTop = true
            }
        },
    ) {
        NavHost(controller, start, Modifier.background(MaterialTheme.colorScheme.background)) {
            composable<Route.Welcome> { WelcomeScreen(onBegin = ::begin) }
            composable<Route.Live> {
                LiveRoute(
                    live,
                    onHistory = go(Route.History),
                    onSettings = go(Route.Settings),
                    onFile = go(Route.Files),
                    onStorage = go(Route.Storage),
                    onOpen = ::open,
                )
            }
            composable<Route.Settings> { SettingsRoute(viewModel(factory = application.settingsFactory), links) }
            composable<Route.Storage> { StorageRoute(viewModel(factory = application.storageFactory), ::open, ::back) }
            composable<Route.History> {
                HistoryRoute(
                    viewModel(factory = application.historyFactory),
                    ::open,
                    onListen = ::back,
                    onFile = go(Route.Files),
                    onBack = ::back,
                ) { session ->
                    val page: SessionDetailViewModel = viewModel(factory = application.sessionFactory(session))
                    SessionDetailRoute(page, application.keptAudioFiles, onBack = {}, isPane = true)
                }
            }
            composable<Route.HistoryDetail> { entry ->
                val session = entry.toRoute<Route.HistoryDetail>().sessionId
                SessionDetailRoute(viewModel(factory = application.sessionFactory(session)), application.keptAudioFiles, ::back)
            }
            composable<Route.Files> {
                FileRoute(
                    viewModel(factory = application.filesFactory),
                    onDone = { controller.navigate(Route.HistoryDetail(it)) { popUpTo<Route.Files> { inclusive = true } } },
                    onOpen = ::open,
                    onBack = ::back,
                )
            }
            composable<Route.AboutModel> { ModelRoute(viewModel(factory = ModelViewModel.factory(application.modelFacts)), ::back) }
            composable<Route.Privacy> { PrivacyScreen(::back) }
            composable<Route.Licences> { LicencesRoute(viewModel(factory = LicencesViewModel.factory(application.licences)), ::back) }
            composable<Route.SelfCheck> { SelfCheckRoute(viewModel(factory = application.selfCheckFactory), ::back) }
        }
    }
    LaunchedEffect(asked) {
        if (asked != null) controller.navigate(asked.route) { launchSingleTop = true }
    }
}

private val Destination.route: Route
    get() = when (this) {
        Destination.Live -> Route.Live
        Destination.History -> Route.History
        Destination.Settings -> Route.Settings
    }

/** Where a place belongs; null for the first run, which comes before all. */
private fun NavDestination.above(): Destination? = when {
    hasRoute<Route.Welcome>() -> null
    hasRoute<Route.Live>() -> Destination.Live
    hasRoute<Route.History>() || hasRoute<Route.HistoryDetail>() || hasRoute<Route.Files>() -> Destination.History
    else -> Destination.Settings
}
