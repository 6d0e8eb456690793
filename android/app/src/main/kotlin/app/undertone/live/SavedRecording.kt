package app.undertone.live

import androidx.compose.runtime.Immutable
import app.undertone.model.Session
import app.undertone.model.SessionSource
import app.undertone.model.SessionStore
import app.undertone.model.SpokenSegment
import app.undertone.model.UndoableDeletion
import app.undertone.model.summary.Story
import app.undertone.model.summary.story
import kotlinx.coroutines.flow.first

/**
 * A recording that just ended, as its sheet tells it.
 *
 * @param isDiscarded it can still be brought back.
 * @param isNotStored what was just changed found no room on the disk.
 */
@Immutable
data class SavedRecording(
    val session: Session,
    val segments: List<SpokenSegment>,
    val isDiscarded: Boolean = false,
    val isNotStored: Boolean = false,
) {
    val story: Story = segments.story(session.lengthMs)
}

/** Where recordings are found, named and discarded once they ended. Every function may be called on the main thread. */
class SavedRecordings(private val store: SessionStore, private val deletion: UndoableDeletion) {
    /** The newest recording that began at [startedAtMs] or later; null where nothing was stored since, or it is gone. */
    suspend fun since(startedAtMs: Long): SavedRecording? {
        val session = store.newest(1) { it.session.source == SessionSource.Microphone }.first().singleOrNull()?.session ?: return null
        if (session.startedAtMs < startedAtMs) return null
        return SavedRecording(session, store.segments(session.id).first())
    }

    /** A blank title takes the name away. */
    suspend fun rename(session: Session, title: String) = store.rename(session.id, title.trim().ifEmpty { null })

    suspend fun discard(session: Session) = deletion.delete(session)

    suspend fun bringBack() = deletion.undo()
}
