package app.undertone.model

import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import kotlinx.coroutines.withContext

/**
 * The session that was deleted last and can still be brought back. One for the whole app: what is deleted on its own page is restored
 * from the list. An earlier one is gone for good when the next is deleted.
 */
class UndoableDeletion(private val store: SessionStore) {
    private val turn = Mutex()
    private val mutableDeleted = MutableStateFlow<Session?>(null)
    val deleted: StateFlow<Session?> = mutableDeleted.asStateFlow()

    suspend fun delete(session: Session) = inTurn {
        store.purge()
        store.delete(session.id)
        mutableDeleted.value = session
    }

    suspend fun undo() = inTurn {
        mutableDeleted.value?.let { store.restore(it.id) }
        mutableDeleted.value = null
    }

    /** The offer to bring [session] back has passed. */
    suspend fun settle(session: Session) = inTurn {
        if (mutableDeleted.value?.id == session.id) {
            store.purge()
            mutableDeleted.value = null
        }
    }

    suspend fun deleteEverything() = inTurn {
        store.deleteEverything()
        mutableDeleted.value = null
    }

    /** A page that closes because its session vanished cancels its work: the second half of a deletion must not be lost with it. */
    private suspend fun inTurn(block: suspend () -> Unit) = withContext(NonCancellable) { turn.withLock { block() } }
}
