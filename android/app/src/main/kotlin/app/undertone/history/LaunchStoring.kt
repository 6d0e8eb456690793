package app.undertone.history

import android.database.SQLException
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.launch
import java.io.IOException

/** Launches [work], which writes; where the disk is full or broken, [onNotStored] says so instead of the whole app ending. */
internal fun CoroutineScope.launchStoring(onNotStored: () -> Unit, work: suspend () -> Unit): Job = launch {
    try {
        work()
    } catch (_: SQLException) {
        onNotStored()
    } catch (_: IOException) {
        onNotStored()
    }
}
