package app.undertone.ui

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.SharingCommand
import kotlinx.coroutines.flow.SharingStarted
import kotlinx.coroutines.flow.collectLatest
import kotlinx.coroutines.flow.distinctUntilChanged

/**
 * Runs [work] while a screen collects this state, and for 5 s longer, so that a rotation changes nothing; again from its
 * start when the screen is back. What `stateIn(WhileSubscribed(5_000))` is for one flow, for a state that several flows change.
 */
internal suspend fun MutableStateFlow<*>.whileWatched(work: suspend CoroutineScope.() -> Unit) =
    SharingStarted.WhileSubscribed(stopTimeoutMillis = 5_000).command(subscriptionCount).distinctUntilChanged().collectLatest {
        if (it == SharingCommand.START) coroutineScope(work)
    }
