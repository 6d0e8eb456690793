package app.undertone.recording

import android.database.SQLException
import app.undertone.asset.AssetProblem
import app.undertone.engine.android.MicrophoneChoice
import app.undertone.model.LiveEvent
import app.undertone.model.Mark
import app.undertone.model.SessionStore
import app.undertone.model.storing
import app.undertone.recording.audio.KeptAudioWriter
import app.undertone.settings.Settings
import app.undertone.settings.SettingsStore
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.emptyFlow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import java.io.File

/**
 * Owns the recording of this app: screens, notification and tile come and go, it goes on in [scope] until it is stopped.
 *
 * A recording is one session in [store], with a take for each stretch between pauses.
 *
 * @param audioFolder where audio is kept, if the settings say so; asked for on a background thread.
 * @param onStart a recording begins: what keeps the process alive meanwhile is started here. Returns whether the system let it start; without it
 *   nothing is recorded.
 * @param stayAwake keeps the processor awake until the result is closed: results are computed when the microphone is free already.
 * @param freeBytes what the disk has left; asked on a background thread.
 * @param nowMs milliseconds since the epoch.
 */
class SessionRecorder(
    private val capture: Capture,
    private val store: SessionStore,
    private val settings: SettingsStore,
    private val audioFolder: () -> File,
    private val scope: CoroutineScope,
    private val onStart: () -> Boolean,
    private val stayAwake: () -> AutoCloseable = { AutoCloseable {} },
    private val freeBytes: () -> Long = { Long.MAX_VALUE },
    private val nowMs: () -> Long = System::currentTimeMillis,
) : Listening {
    private val lock = Any()
    private var current: OpenRecording? = null

    /** The last recording where a problem ended it: who joins right after the start learns why nothing goes on. */
    private var failed: OpenRecording? = null
    private val mutableState = MutableStateFlow<RecorderState>(RecorderState.Idle)

    override val state: StateFlow<RecorderState> = mutableState.asStateFlow()

    override suspend fun prepare(): AssetProblem? = capture.prepare()

    override fun join(): Flow<LiveEvent> {
        val joined = synchronized(lock) { current ?: failed } ?: return emptyFlow()
        return joined.joined()
    }

    override fun pause() = wish(Wish.Pause, RecordingPhase.Paused)

    override fun resume() = wish(Wish.Record, RecordingPhase.Listening)

    override fun stop() = wish(Wish.Stop, RecordingPhase.Finishing)

    override fun mark(): Unit = synchronized(lock) {
        val recording = current?.takeIf { it.wish.value == Wish.Record && it.shown.elapsedMs > 0 } ?: return
        recording.mark(Mark(id = 0, recording.shown.elapsedMs, markedAtMs = nowMs()))
    }

    override fun start(): Boolean = synchronized(lock) {
        val previous = current
        if (previous != null && previous.wish.value != Wish.Stop) return true
        if (!onStart()) return false
        val recording = OpenRecording(RecorderState.Recording(startedAtMs = nowMs()))
        current = recording
        failed = null
        mutableState.value = recording.shown
        // The last words of the one before may still wait for the engine: this one's audio queues up behind them meanwhile.
        scope.launch { record(recording) }
        true
    }

    private fun wish(wish: Wish, phase: RecordingPhase): Unit = synchronized(lock) { current?.let { wish(it, wish, phase) } }

    private fun wish(recording: OpenRecording, wish: Wish, phase: RecordingPhase) {
        if (recording.wish.value == Wish.Stop || recording.wish.value == wish) return
        recording.wish.value = wish
        if (wish != Wish.Record) {
            // The system keeps the processor awake for whoever reads the microphone: from here on this app has to.
            if (recording.awake == null) recording.awake = stayAwake()
            recording.take?.complete()
        }
        show(recording, recording.shown.copy(phase = phase))
    }

    private suspend fun record(recording: OpenRecording) {
        // Settings that cannot be read are no reason not to record.
        val chosen = storing({ Settings() }) { settings.settings.first() }
        val kept = storing({
            notStored(recording, it, lengthMs = 0)
            return end(recording)
        }) { if (chosen.keepsAudio) keepIn(chosen.keptAudioFormat.recordedName(recording.shown.startedAtMs)) else null }
        val session = RecordedSession(store, kept?.file?.name, nowMs)
        val space = FreeSpace(freeBytes)
        orNotStored(recording, session) {
            space.check()
            coroutineScope {
                val deletion = launch {
                    storing({ awaitCancellation() }) { session.awaitDeletion() }
                    synchronized(lock) { wish(recording, Wish.Stop, RecordingPhase.Finishing) }
                }
                do {
                    session.beginTake()
                    val isOver = hear(recording, session, chosen, kept, space)
                    rest(recording)
                } while (!isOver && recording.wish.first { it != Wish.Pause } == Wish.Record)
                deletion.cancel()
            }
        }
        orNotStored(recording, session) {
            withContext(Dispatchers.IO) {
                kept?.close()
                if (!session.isStored) kept?.file?.delete()
            }
        }
        // Whatever became of the audio; and what found no room before may find it now.
        session.add(takeMarks(recording))
        orNotStored(recording, session) { session.finish() }
        end(recording)
    }

    /** One take. Returns whether a problem ended it. */
    private suspend fun hear(
        recording: OpenRecording,
        session: RecordedSession,
        chosen: Settings,
        kept: KeptAudioWriter?,
        space: FreeSpace,
    ): Boolean {
        var isOver = false
        val choice = MicrophoneChoice(chosen.source, chosen.device)
        val longestSilenceMs = chosen.stopsAfterSilenceMin?.let { it * 60_000L } ?: Long.MAX_VALUE
        capture.take(choice, kept, until = nextTake(recording), recording::isWatched).collect {
            val placed = session.place(it)
            session.add(takeMarks(recording))
            val shown = session.store(placed, recording.isWatched)
            isOver = isOver || placed.isProblem
            follow(recording, placed, session.lengthMs, session.id)
            shown.forEach { event -> tell(recording, event) }
            val isSilent = session.silentMs >= longestSilenceMs
            val isFull = space.isDue(session.lengthMs) && !space.isEnough()
            if (isSilent || isFull) {
                synchronized(lock) {
                    // Whoever stops it first has ended it.
                    if (isSilent && recording.wish.value != Wish.Stop) session.stoppedAfterSilenceMin = chosen.stopsAfterSilenceMin
                    wish(recording, Wish.Stop, RecordingPhase.Finishing)
                }
            }
        }
        session.add(takeMarks(recording))
        session.flush().forEach { tell(recording, it) }
        if (!isOver) space.check()
        return isOver
    }

    private fun nextTake(recording: OpenRecording): Job = synchronized(lock) {
        Job().also {
            recording.take = it
            if (recording.wish.value != Wish.Record) it.complete()
        }
    }

    private fun takeMarks(recording: OpenRecording): List<Mark> = synchronized(lock) { recording.takeMarks() }

    private suspend fun keepIn(name: String) = withContext(Dispatchers.IO) { KeptAudioWriter(File(audioFolder(), name)) }

    /** What is deleted while it is recorded was not meant to be stored. */
    private suspend fun orNotStored(recording: OpenRecording, session: RecordedSession, work: suspend () -> Unit) {
        val failure = storing({ it }) { return work() }
        if (failure is SQLException && storing({ false }) { session.isDeleted() }) return
        notStored(recording, failure, session.lengthMs)
    }

    private fun notStored(recording: OpenRecording, failure: Exception, lengthMs: Long) {
        val event = LiveEvent.NotStored(failure.message ?: failure.javaClass.simpleName)
        follow(recording, event, lengthMs, recording.shown.sessionId)
        tell(recording, event)
    }

    /** The state that follows from [event]. Comes first: who learns of a problem must not take the recording for one that goes on. */
    private fun follow(recording: OpenRecording, event: LiveEvent, elapsedMs: Long, sessionId: Long): Unit = synchronized(lock) {
        val before = recording.shown
        if (event.isProblem) {
            failed = recording
            recording.wish.value = Wish.Stop
            if (recording.awake == null) recording.awake = stayAwake()
        }
        val silencedBy = (event as? LiveEvent.Lost)?.silencedBy
        val phase = when {
            event.isProblem -> RecordingPhase.Finishing
            before.phase == RecordingPhase.Listening && silencedBy != null -> RecordingPhase.Interrupted
            before.phase == RecordingPhase.Interrupted && event is LiveEvent.Level -> RecordingPhase.Listening
            else -> before.phase
        }
        val recognised = event as? LiveEvent.Segment ?: before.recognised
        val cause = if (phase == RecordingPhase.Interrupted) silencedBy ?: before.silencedBy else null
        val shown = RecorderState.Recording(before.startedAtMs, sessionId, elapsedMs, phase, recognised, cause)
        show(recording, shown)
    }

    private fun tell(recording: OpenRecording, event: LiveEvent): Unit = synchronized(lock) { recording.emit(event) }

    /** Between takes nothing is computed. */
    private fun rest(recording: OpenRecording): Unit = synchronized(lock) {
        if (recording.wish.value == Wish.Stop) return
        recording.awake?.close()
        recording.awake = null
    }

    private fun show(recording: OpenRecording, state: RecorderState.Recording) {
        recording.shown = state
        if (current === recording && state.isNewsAfter(mutableState.value)) mutableState.value = state
    }

    private fun end(recording: OpenRecording) = synchronized(lock) {
        recording.end()
        recording.awake?.close()
        if (current === recording) {
            current = null
            mutableState.value = RecorderState.Idle
        }
    }
}

private val LiveEvent.isProblem: Boolean
    get() = this is LiveEvent.Failed || this is LiveEvent.NotStored || this is LiveEvent.MicrophoneFailed

/** A second of audio is no news: what shows the time counts by itself. */
private fun RecorderState.Recording.isNewsAfter(published: RecorderState): Boolean = published !is RecorderState.Recording ||
    published.copy(elapsedMs = elapsedMs) != this || published.elapsedMs / MS_PER_S != elapsedMs / MS_PER_S

private const val MS_PER_S = 1_000
