package app.undertone.recording

import app.undertone.model.LiveEvent
import app.undertone.model.Mark
import kotlinx.coroutines.CompletableJob
import kotlinx.coroutines.channels.BufferOverflow
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableSharedFlow
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.takeWhile

/** What the user wants of a recording. */
internal enum class Wish { Record, Pause, Stop }

/** A recording that is not over, with what happened in it. Everything but [joined] is guarded by the recorder's lock. */
internal class OpenRecording(var shown: RecorderState.Recording) {
    val wish = MutableStateFlow(Wish.Record)
    var take: CompletableJob? = null

    /** Keeps the processor awake while results are computed without a microphone. */
    var awake: AutoCloseable? = null

    /** The last 15 s for who comes late: a level and a frame of the gate each 32 ms. After the last event comes null. */
    private val events = MutableSharedFlow<Numbered?>(replay = 1_000, onBufferOverflow = BufferOverflow.DROP_OLDEST)
    private val finals = mutableListOf<Numbered>()

    /** Those that the store does not have yet. */
    private val marks = mutableListOf<Mark>()
    private var count = 0L

    val isWatched: Boolean get() = events.subscriptionCount.value > 0

    fun emit(event: LiveEvent) {
        val numbered = Numbered(++count, event)
        val isFinal = (event is LiveEvent.Segment && !event.isSoFar) || event is LiveEvent.Marked
        if (isFinal) synchronized(finals) { finals += numbered }
        events.tryEmit(numbered)
    }

    fun mark(mark: Mark) {
        marks += mark
        emit(LiveEvent.Marked(mark.positionMs))
    }

    /** The marks since the last call. */
    fun takeMarks(): List<Mark> = marks.toList().also { marks.clear() }

    fun end() {
        events.tryEmit(null)
    }

    /** All final segments and marks, then all events of the last 15 s, then those that come, until it is over. */
    fun joined(): Flow<LiveEvent> = flow {
        var isFirst = true
        events.takeWhile { it != null }.collect { numbered ->
            checkNotNull(numbered)
            if (isFirst) earlierThan(numbered).forEach { emit(it.event) }
            isFirst = false
            emit(numbered.event)
        }
    }

    private fun earlierThan(first: Numbered) = synchronized(finals) { finals.takeWhile { it.number < first.number } }

    private class Numbered(val number: Long, val event: LiveEvent)
}
