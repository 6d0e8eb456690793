package app.undertone.session

import android.net.Uri
import androidx.lifecycle.ViewModel
import androidx.lifecycle.ViewModelProvider
import androidx.lifecycle.viewModelScope
import androidx.lifecycle.viewmodel.initializer
import androidx.lifecycle.viewmodel.viewModelFactory
import app.undertone.history.HistoryNotice
import app.undertone.history.export.ExportFormat
import app.undertone.history.export.SessionExport
import app.undertone.model.AudioEnvelope
import app.undertone.model.Emotion
import app.undertone.model.Mark
import app.undertone.model.PhoneClock
import app.undertone.model.Session
import app.undertone.model.SessionStore
import app.undertone.model.SpokenSegment
import app.undertone.model.UndoableDeletion
import app.undertone.model.days
import app.undertone.model.launchStoring
import app.undertone.model.storing
import app.undertone.model.summary.emotionTimes
import app.undertone.model.summary.steadiness
import app.undertone.model.today
import app.undertone.ui.whileWatched
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.flowOf
import kotlinx.coroutines.flow.mapNotNull
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch
import java.time.Clock

/**
 * Holds the state of one session's page, and closes [playback] with it.
 *
 * @param recording whether a recording goes on: it would hear what is played, so nothing is.
 * @param readEnvelope the level over time of a kept file by its name; null where it cannot be read.
 */
class SessionDetailViewModel(
    private val sessionId: Long,
    private val store: SessionStore,
    private val deletion: UndoableDeletion,
    private val export: SessionExport,
    private val playback: AudioPlayback,
    clock: Clock = PhoneClock,
    private val recording: Flow<Boolean> = flowOf(false),
    private val readEnvelope: suspend (audioFile: String) -> AudioEnvelope? = { null },
) : ViewModel() {
    private val mutableState = clock.today.let { MutableStateFlow(SessionDetailUiState(it.date, it.zone)) }
    val state: StateFlow<SessionDetailUiState> = mutableState.asStateFlow()

    init {
        viewModelScope.launch {
            mutableState.whileWatched {
                launch { clock.days().collect { day -> mutableState.update { it.copy(today = day.date, zone = day.zone) } } }
                launch { playback.state.collect { playback -> mutableState.update { it.copy(playback = playback) } } }
                storing({ mutableState.update { it.copy(notice = HistoryNotice.NotRead) } }) {
                    combine(store.session(sessionId), store.segments(sessionId), store.marks(sessionId), ::Triple)
                        .collect { (session, segments, marks) -> show(session, segments, marks) }
                }
            }
        }
        viewModelScope.launch { recording.collect { if (it) playback.pause() } }
        // What goes on is still written.
        viewModelScope.launchStoring({}) {
            val audioFile = store.session(sessionId).mapNotNull { session -> session?.audioFile?.takeIf { session.isFinished } }.first()
            playback.open(audioFile)
            val envelope = readEnvelope(audioFile)
            mutableState.update { it.copy(envelope = envelope) }
        }
    }

    fun ask(dialog: SessionDialog) = mutableState.update { it.copy(dialog = dialog) }

    fun dismissDialog() = mutableState.update { it.copy(dialog = null) }

    /** A blank name takes the name away. */
    fun rename(title: String) {
        dismissDialog()
        viewModelScope.launchStoring(::sayNotStored) { store.rename(sessionId, title.trim().ifEmpty { null }) }
    }

    /** @param tags separated by commas. */
    fun tag(tags: String) {
        dismissDialog()
        val cleaned = tags.split(',', '،').map { it.trim() }.filter { it.isNotEmpty() }.distinct()
        viewModelScope.launchStoring(::sayNotStored) { store.tag(sessionId, cleaned) }
    }

    /** null takes the correction back. */
    fun correct(segment: SpokenSegment, emotion: Emotion?) {
        viewModelScope.launchStoring(::sayNotStored) { store.correct(segment.id, emotion) }
    }

    fun deleteMark(mark: Mark) {
        viewModelScope.launchStoring(::sayNotStored) {
            store.deleteMark(mark.id)
            mutableState.update { it.copy(notice = HistoryNotice.MarkDeleted(mark)) }
        }
    }

    /** Brings the mark back that was deleted last. */
    fun undo() {
        val deleted = state.value.notice as? HistoryNotice.MarkDeleted ?: return
        onNoticeShown()
        viewModelScope.launchStoring(::sayNotStored) { store.mark(sessionId, listOf(deleted.mark)) }
    }

    fun delete() {
        val session = state.value.session ?: return
        viewModelScope.launchStoring(::sayNotStored) { deletion.delete(session) }
    }

    /** The phone has no app that offers places for documents. */
    fun onNoPicker() = mutableState.update { it.copy(notice = HistoryNotice.NoPicker) }

    fun export(document: Uri, format: ExportFormat) {
        viewModelScope.launch {
            val isWritten = export.write(sessionId, format, document)
            mutableState.update { it.copy(notice = if (isWritten) HistoryNotice.Exported else HistoryNotice.ExportFailed) }
        }
    }

    /** Kept audio was asked for, and is not there. */
    fun onNoAudio() = mutableState.update { it.copy(notice = HistoryNotice.NoAudio) }

    fun onAudioSaved(isWritten: Boolean) =
        mutableState.update { it.copy(notice = if (isWritten) HistoryNotice.Exported else HistoryNotice.ExportFailed) }

    fun onNoticeShown() = mutableState.update { it.copy(notice = null) }

    fun togglePlayback() = if (state.value.playback.status == PlaybackStatus.Playing) playback.pause() else play()

    fun pause() = playback.pause()

    fun seekTo(positionMs: Long) = playback.seekTo(positionMs)

    fun setSpeed(speed: Float) = playback.setSpeed(speed)

    fun playFrom(positionMs: Long) {
        playback.seekTo(positionMs)
        play()
    }

    private fun play() {
        viewModelScope.launch {
            if (recording.first()) mutableState.update { it.copy(notice = HistoryNotice.RecordingGoesOn) } else playback.play()
        }
    }

    override fun onCleared() = playback.close()

    private fun show(session: Session?, segments: List<SpokenSegment>, marks: List<Mark>) = mutableState.update {
        it.copy(
            session = session,
            isGone = session == null,
            segments = segments,
            marks = marks,
            emotionTimes = segments.emotionTimes(),
            steadiness = segments.steadiness(),
        )
    }

    private fun sayNotStored() = mutableState.update { it.copy(notice = HistoryNotice.NotStored) }

    companion object {
        fun factory(
            sessionId: Long,
            store: SessionStore,
            deletion: UndoableDeletion,
            export: SessionExport,
            recording: Flow<Boolean>,
            readEnvelope: suspend (audioFile: String) -> AudioEnvelope?,
            playback: () -> AudioPlayback,
        ): ViewModelProvider.Factory = viewModelFactory {
            initializer {
                SessionDetailViewModel(sessionId, store, deletion, export, playback(), recording = recording, readEnvelope = readEnvelope)
            }
        }
    }
}
