package app.undertone.recording

import android.database.SQLException
import app.undertone.asset.AssetProblem
import app.undertone.history.SessionStore
import app.undertone.live.Capture
import app.undertone.live.Listening
import app.undertone.live.LiveEvent
import app.undertone.settings.SettingsStore
import kotlinx.coroutines.CompletableJob
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.channels.BufferOverflow
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableSharedFlow
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.emptyFlow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.transformWhile
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import java.io.File
import java.io.IOException

/**
 * Owns the recording of this app: screens, notification and tile come and go, it goes on in [scope] until it is stopped.
 *
 * A recording is one session in [store], with a take for each stretch between pauses.
 *
 * @param audioFolder where audio is kept, if the settings say so; asked for on a background thread.
 * @param onStart a recording begins: what keeps the process alive meanwhile is started here. Returns whether the system let it start; without it
 *   nothing is recorded.
 * @param nowMs milliseconds since the epoch.
 */
class SessionRecorder(
    private val capture: Capture,
    private val store: SessionStore,
    private val settings: SettingsStore,
    private val audioFolder: () -> File,
    private val scope: CoroutineScope,
    private val onStart: () -> Boolean,
    private val nowMs: () -> Long = System::currentTimeMillis,
) : Listening {
    private val lock = Any()
    private var current: OpenRecording? = null
    private val mutableState = MutableStateFlow<RecorderState>(RecorderState.Idle)

    override val state: StateFlow<RecorderState> = mutableState.asStateFlow()

    override suspend fun prepare(): AssetProblem? = capture.prepare()

    override fun join(): Flow<LiveEvent> {
        val joined = synchronized(lock) { current } ?: return emptyFlow()
        return joined.events.transformWhile { event ->
            if (event != null) emit(event)
            event != null
        }
    }

    override fun pause() = wish(Wish.Pause, RecordingPhase.Paused)

    override fun resume() = wish(Wish.Record, RecordingPhase.Listening)

    override fun stop() = wish(Wish.Stop, RecordingPhase.Finishing)

    override fun start(): Boolean = synchronized(lock) {
        val previous = current
        if (previous != null && previous.wish.value != Wish.Stop) return true
        if (!onStart()) return false
        val recording = OpenRecording(RecorderState.Recording(startedAtMs = nowMs()))
        current = recording
        mutableState.value = recording.shown
        recording.job = scope.launch {
            // The last words of the one before are stored first; it is a matter of moments.
            previous?.job?.join()
            record(recording)
        }
        true
    }

    private fun wish(wish: Wish, phase: RecordingPhase): Unit = synchronized(lock) {
        val recording = current ?: return
        if (recording.wish.value == Wish.Stop || recording.wish.value == wish) return
        recording.wish.value = wish
        if (wish != Wish.Record) recording.take?.complete()
        show(recording, recording.shown.copy(phase = phase))
    }

    private suspend fun record(recording: OpenRecording) {
        val chosen = settings.settings.first()
        val kept = if (chosen.keepsAudio) keepIn("${recording.shown.startedAtMs}.wav") else null
        val session = RecordedSession(store, kept?.file?.name, nowMs)
        orNotStored(recording, session) {
            coroutineScope {
                val deletion = launch {
                    session.awaitDeletion()
                    synchronized(lock) { if (current === recording) stop() }
                }
                do {
                    session.beginTake()
                    val isOver = hear(recording, session, MicrophoneChoice(chosen.source, chosen.device), kept)
                } while (!isOver && recording.wish.first { it != Wish.Pause } == Wish.Record)
                deletion.cancel()
            }
        }
        orNotStored(recording, session) {
            withContext(Dispatchers.IO) {
                kept?.close()
                if (!session.isStored) kept?.file?.delete()
            }
            session.finish()
        }
        end(recording)
    }

    /** One take. Returns whether a problem ended it. */
    private suspend fun hear(
        recording: OpenRecording,
        session: RecordedSession,
        choice: MicrophoneChoice,
        kept: KeptAudioWriter?,
    ): Boolean {
        var isOver = false
        capture.take(choice, kept, until = nextTake(recording)).collect {
            val event = session.hear(it)
            isOver = isOver || event.isProblem
            tell(recording, event, session.lengthMs)
        }
        return isOver
    }

    private fun nextTake(recording: OpenRecording): Job = synchronized(lock) {
        Job().also {
            recording.take = it
            if (recording.wish.value != Wish.Record) it.complete()
        }
    }

    private suspend fun keepIn(name: String) = withContext(Dispatchers.IO) { KeptAudioWriter(File(audioFolder(), name)) }

    /** What is deleted while it is recorded was not meant to be stored. */
    private suspend fun orNotStored(recording: OpenRecording, session: RecordedSession, work: suspend () -> Unit) {
        val failure = try {
            return work()
        } catch (e: SQLException) {
            if (session.isDeleted()) return
            e
        } catch (e: IOException) {
            e
        }
        tell(recording, LiveEvent.NotStored(failure.message ?: failure.javaClass.simpleName), session.lengthMs)
    }

    private fun tell(recording: OpenRecording, event: LiveEvent, elapsedMs: Long): Unit = synchronized(lock) {
        val before = recording.shown
        if (event.isProblem) recording.wish.value = Wish.Stop
        val phase = when {
            event.isProblem -> RecordingPhase.Finishing
            before.phase == RecordingPhase.Listening && event is LiveEvent.Lost && event.isSilenced -> RecordingPhase.Interrupted
            before.phase == RecordingPhase.Interrupted && event is LiveEvent.Level -> RecordingPhase.Listening
            else -> before.phase
        }
        // The state first: who hears of a problem must not take the recording for one that goes on.
        show(recording, before.copy(elapsedMs = elapsedMs, phase = phase, heard = event as? LiveEvent.Segment ?: before.heard))
        recording.events.tryEmit(event)
    }

    private fun show(recording: OpenRecording, state: RecorderState.Recording) {
        recording.shown = state
        if (current === recording) mutableState.value = state
    }

    private fun end(recording: OpenRecording) = synchronized(lock) {
        recording.events.tryEmit(null)
        if (current === recording) {
            current = null
            mutableState.value = RecorderState.Idle
        }
    }
}

private enum class Wish { Record, Pause, Stop }

/** Guarded by the recorder's lock. */
private class OpenRecording(var shown: RecorderState.Recording) {
    val wish = MutableStateFlow(Wish.Record)
    var take: CompletableJob? = null
    var job: Job? = null

    /** The last 15 s for who comes late: a level and a frame of the gate each 32 ms. After the last event comes null. */
    val events = MutableSharedFlow<LiveEvent?>(replay = 1_000, onBufferOverflow = BufferOverflow.DROP_OLDEST)
}

private val LiveEvent.isProblem: Boolean
    get() = this is LiveEvent.Failed || this is LiveEvent.NotStored || this == LiveEvent.MicrophoneBusy
