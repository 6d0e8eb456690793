package app.undertone.recording

import app.undertone.history.Session
import app.undertone.history.SessionSource
import app.undertone.history.SessionStore
import app.undertone.history.SpokenSegment
import app.undertone.live.LiveEvent
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.flow.first

/**
 * Stores one recording while it goes on: each segment at once, its length every second, so that a process that dies loses no more.
 *
 * Nothing is stored before the first sample: a microphone that does not start leaves no empty session. Not thread-safe.
 *
 * @param audioFile name of the WAV that is kept; null where none is.
 */
internal class RecordedSession(
    private val store: SessionStore,
    private val audioFile: String?,
    private val nowMs: () -> Long,
) {
    private val storedId = CompletableDeferred<Long>()

    /** In [store]; 0 before the first sample. */
    private var id = 0L

    /** Of the audio that came in. */
    var lengthMs = 0L
        private set

    private var startedAtMs = 0L
    private var storedLengthMs = 0L
    private var takeStartMs = 0L
    private var isNewTake = true
    private var pausedMs = 0L

    val isStored: Boolean get() = id != 0L

    /** What comes is of another take, after a pause. */
    fun beginTake() {
        takeStartMs = lengthMs
        isNewTake = true
    }

    /** Stores what is to be stored. Returns [event] with its place in the session instead of that in its take. */
    suspend fun hear(event: LiveEvent): LiveEvent {
        when (event) {
            is LiveEvent.Level -> goOn(event.durationMs)
            is LiveEvent.Lost -> goOn(event.durationMs)
            is LiveEvent.Segment -> return event.copy(startMs = takeStartMs + event.startMs).also { if (!it.isSoFar) append(it) }
            is LiveEvent.Gate, is LiveEvent.Failed, is LiveEvent.NotStored, LiveEvent.MicrophoneBusy -> Unit
        }
        return event
    }

    suspend fun finish() {
        if (isStored) store.finish(id, lengthMs)
    }

    /** Waits until somebody deletes the session. */
    suspend fun awaitDeletion() {
        store.session(storedId.await()).first { it == null }
    }

    suspend fun isDeleted(): Boolean = isStored && store.session(id).first() == null

    private suspend fun goOn(durationMs: Int) {
        if (isNewTake) {
            isNewTake = false
            val takeStartedAtMs = nowMs() - durationMs
            if (!isStored) {
                startedAtMs = takeStartedAtMs
                id = store.begin(Session(0, SessionSource.Microphone, startedAtMs, lengthMs = 0, audioFile = audioFile))
                storedId.complete(id)
            }
            // The clock may be set back meanwhile.
            pausedMs = maxOf(pausedMs, takeStartedAtMs - startedAtMs - takeStartMs)
        }
        lengthMs += durationMs
        if (lengthMs - storedLengthMs >= STORE_EVERY_MS) {
            store.extend(id, lengthMs)
            storedLengthMs = lengthMs
        }
    }

    private suspend fun append(heard: LiveEvent.Segment) {
        val segment = SpokenSegment(
            id = 0,
            startMs = heard.startMs,
            endMs = heard.startMs + heard.durationMs,
            emotion = heard.emotion,
            probabilities = heard.probabilities,
            isUncertain = heard.isUncertain,
            pausedMs = pausedMs,
        )
        store.append(id, segment, lengthMs)
        storedLengthMs = lengthMs
    }

    private companion object {
        const val STORE_EVERY_MS = 1_000
    }
}
