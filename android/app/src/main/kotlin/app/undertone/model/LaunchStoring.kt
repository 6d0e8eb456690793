package app.undertone.model

import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.launch

/**
 * Runs [work], which reads or writes. Whatever the disk, the database or another app's provider throws leads to [onFailure]: each throws
 * what it likes, and none of it is a reason for the whole app to end. The end of a coroutine is no failure.
 */
internal inline fun <T> storing(onFailure: (Exception) -> T, work: () -> T): T = try {
    work()
} catch (e: CancellationException) {
    throw e
} catch (e: Exception) {
    onFailure(e)
}

/** Launches [work], which reads or writes; where the disk is full or broken, [onFailure] says so instead of the whole app ending. */
internal fun CoroutineScope.launchStoring(onFailure: () -> Unit, work: suspend () -> Unit): Job = launch { storing({ onFailure() }) { work() } }
