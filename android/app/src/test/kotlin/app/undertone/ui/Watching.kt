package app.undertone.ui

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.launch

/** Collects the state of a view model as its screen does, until the job is cancelled. */
internal fun StateFlow<*>.watch(): Job = CoroutineScope(Dispatchers.Unconfined).launch { collect {} }
