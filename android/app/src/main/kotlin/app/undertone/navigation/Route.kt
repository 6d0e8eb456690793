package app.undertone.navigation

import kotlinx.serialization.Serializable

/** Leads to [route] from outside of the screens; each does so once. */
class AskedRoute(val route: Route)

/** The places of the app, each with what it has to know. */
sealed interface Route {
    @Serializable
    data object Welcome : Route

    @Serializable
    data object Live : Route

    @Serializable
    data object Settings : Route

    @Serializable
    data object History : Route

    @Serializable
    data class HistoryDetail(val sessionId: Long) : Route

    @Serializable
    data object Files : Route

    @Serializable
    data object AboutModel : Route

    @Serializable
    data object Storage : Route

    @Serializable
    data object Privacy : Route

    @Serializable
    data object Licences : Route

    @Serializable
    data object SelfCheck : Route
}
