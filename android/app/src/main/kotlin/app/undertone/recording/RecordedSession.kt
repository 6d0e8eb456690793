package app.undertone.recording

import app.undertone.model.LiveEvent
import app.undertone.model.Mark
import app.undertone.model.Session
import app.undertone.model.SessionSource
import app.undertone.model.SessionStore
import app.undertone.model.SpokenSegment
import app.undertone.model.zoneOffsetAt
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.flow.first

/**
 * Stores one recording while it goes on. Segments are stored at once while somebody looks, so that they can be corrected; else together,
 * with the length, every [STORE_EVERY_MS]: a process that dies loses no more, and a phone in a pocket writes a few times a minute.
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
    var id = 0L
        private set

    /** Of the audio that came in. */
    var lengthMs = 0L
        private set

    /** How long nobody has spoken: of audio that came in, since the last speech or the start of the take. */
    val silentMs: Long get() = lengthMs - speechEndMs

    /** See [Session.stoppedAfterSilenceMin]; stored with the end. */
    var stoppedAfterSilenceMin: Int? = null

    private var speechEndMs = 0L
    private var startedAtMs = 0L
    private var storedLengthMs = 0L
    private var takeStartMs = 0L
    private var isNewTake = true
    private var pausedMs = 0L

    /** Final segments that are not stored yet, in order. */
    private val waiting = mutableListOf<Waiting>()

    /** Those that are not stored yet. */
    private val marks = mutableListOf<Mark>()

    val isStored: Boolean get() = id != 0L

    /** What comes is of another take, after a pause. */
    fun beginTake() {
        takeStartMs = lengthMs
        speechEndMs = lengthMs
        isNewTake = true
    }

    /** [marks] of the user, to be stored with what comes next. */
    fun add(marks: List<Mark>) {
        this.marks += marks
    }

    /** [event], which comes next, with its place in the session instead of that in its take. */
    fun place(event: LiveEvent): LiveEvent = when (event) {
        is LiveEvent.Level -> event.copy(startMs = lengthMs)
        is LiveEvent.Gate -> event.copy(endMs = event.endMs?.plus(takeStartMs))
        is LiveEvent.Segment -> event.copy(startMs = takeStartMs + event.startMs)
        is LiveEvent.Altered, is LiveEvent.Lost, is LiveEvent.Marked, is LiveEvent.Failed, is LiveEvent.NotStored,
        is LiveEvent.MicrophoneFailed,
        -> event
    }

    /**
     * Stores what is to be stored of [placed].
     *
     * @param isWatched somebody looks: final segments are stored at once.
     * @return what can be shown now: the segments that were stored just now, with their ids, then [placed]; without those that wait.
     */
    suspend fun store(placed: LiveEvent, isWatched: Boolean): List<LiveEvent> {
        when (placed) {
            is LiveEvent.Level -> goOn(placed.durationMs)
            is LiveEvent.Lost -> {
                goOn(placed.durationMs)
                speechEndMs += placed.durationMs // nobody knows whether it was silence
            }
            is LiveEvent.Gate -> if (placed.isOpen) speechEndMs = lengthMs
            is LiveEvent.Segment -> if (!placed.isSoFar) waiting += Waiting(placed, pausedMs)
            is LiveEvent.Altered, is LiveEvent.Marked, is LiveEvent.Failed, is LiveEvent.NotStored, is LiveEvent.MicrophoneFailed -> Unit
        }
        val isDue = (isStored && lengthMs - storedLengthMs >= STORE_EVERY_MS) || (isWatched && waiting.isNotEmpty()) || marks.isNotEmpty()
        val stored = if (isDue) flush() else emptyList()
        return if (placed is LiveEvent.Segment && !placed.isSoFar) stored else stored + placed
    }

    /** Stores all that came in until now. Returns the segments that waited, with their ids. */
    suspend fun flush(): List<LiveEvent> {
        if (!isStored || (waiting.isEmpty() && marks.isEmpty() && storedLengthMs == lengthMs)) return emptyList()
        val ids = if (waiting.isEmpty()) {
            store.extend(id, lengthMs)
            emptyList()
        } else {
            store.append(id, waiting.map { it.toSegment() }, lengthMs)
        }
        val stored = waiting.zip(ids) { segment, id -> segment.recognised.copy(segmentId = id) }
        waiting.clear()
        storedLengthMs = lengthMs
        if (marks.isNotEmpty()) store.mark(id, marks.toList())
        marks.clear()
        return stored
    }

    /** Stores what still waits, and that it is over: the one even where the other fails. */
    suspend fun finish() {
        if (!isStored) return
        try {
            flush()
        } finally {
            store.finish(id, lengthMs, stoppedAfterSilenceMin = stoppedAfterSilenceMin)
        }
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
                val zoneOffset = zoneOffsetAt(startedAtMs)
                id = store.begin(Session(0, SessionSource.Microphone, startedAtMs, lengthMs = 0, audioFile = audioFile, zoneOffset = zoneOffset))
                storedId.complete(id)
            }
            // The clock may be set back meanwhile.
            pausedMs = maxOf(pausedMs, takeStartedAtMs - startedAtMs - takeStartMs)
        }
        lengthMs += durationMs
    }

    /** @param pausedMs before it. */
    private class Waiting(val recognised: LiveEvent.Segment, private val pausedMs: Long) {
        fun toSegment() = SpokenSegment(
            id = 0,
            startMs = recognised.startMs,
            endMs = recognised.startMs + recognised.durationMs,
            emotion = recognised.emotion,
            probabilities = recognised.probabilities,
            isUncertain = recognised.isUncertain,
            pausedMs = pausedMs,
        )
    }

    private companion object {
        const val STORE_EVERY_MS = 15_000
    }
}
