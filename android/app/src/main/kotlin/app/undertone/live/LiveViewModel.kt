package app.undertone.live

import androidx.lifecycle.ViewModel
import androidx.lifecycle.ViewModelProvider
import androidx.lifecycle.viewModelScope
import androidx.lifecycle.viewmodel.initializer
import androidx.lifecycle.viewmodel.viewModelFactory
import app.undertone.model.Emotion
import app.undertone.model.LiveEvent
import app.undertone.model.SpokenSegment
import app.undertone.model.launchStoring
import app.undertone.model.storing
import app.undertone.recording.Listening
import app.undertone.recording.RecorderState
import app.undertone.recording.RecordingPhase
import app.undertone.settings.SettingsStore
import app.undertone.ui.whileWatched
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.collectLatest
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

/**
 * Holds the Live screen's state; turns taps and what is heard into it.
 *
 * @param recordings where a recording is found once it ended.
 * @param correct stores what the user heard in a segment instead; null takes that back.
 */
class LiveViewModel(
    private val listening: Listening,
    private val settings: SettingsStore,
    private val recordings: SavedRecordings,
    private val correct: suspend (segment: SpokenSegment, to: Emotion?) -> Unit,
) : ViewModel() {
    private val mutableState = MutableStateFlow(LiveUiState())
    val state: StateFlow<LiveUiState> = mutableState.asStateFlow()

    /** The recording on screen, also after its end. */
    private val joined = MutableStateFlow<JoinedRecording?>(null)

    /** What the user heard instead in segments of it, by id: the recording's own events do not know it. */
    private val corrections = mutableMapOf<Long, Emotion?>()

    /** When the recording that goes on began; null between recordings. */
    private var openSinceMs: Long? = null

    init {
        prepare()
        viewModelScope.launch {
            mutableState.whileWatched {
                launch {
                    settings.settings.collect { chosen ->
                        mutableState.update { it.copy(keepsAudio = chosen.keepsAudio, keepsScreenOn = chosen.keepsScreenOn) }
                    }
                }
                launch { listening.state.collect(::follow) }
                joined.collectLatest { it?.let { recording -> show(recording) } }
            }
        }
    }

    /** Loads the model; again after a failure. */
    fun prepare() {
        mutableState.update { it.copy(status = LiveStatus.Loading, notice = null) }
        viewModelScope.launch {
            val problem = listening.prepare()
            mutableState.update {
                when {
                    problem != null -> it.failed(problem)
                    it.isRecording -> it
                    else -> it.copy(status = LiveStatus.Ready)
                }
            }
        }
    }

    /**
     * The record button.
     *
     * @param isGranted the microphone permission.
     * @param shouldExplain the system's advice to say why before it is asked for again.
     * @param mayNotify the permission for notifications, where one is needed.
     */
    fun onRecordTap(isGranted: Boolean, shouldExplain: Boolean, mayNotify: Boolean = true) {
        when {
            state.value.isRecording -> stop()
            state.value.status == LiveStatus.Loading || state.value.status == LiveStatus.Unavailable -> Unit
            isGranted && mayNotify -> start()
            isGranted -> askForNotificationsOnce()
            shouldExplain -> mutableState.update { it.copy(notice = LiveNotice.PermissionRationale) }
            else -> askForPermission()
        }
    }

    fun askForPermission() = mutableState.update { it.copy(notice = null, asksForPermission = true) }

    /** The notice was read, and what it leads to is done elsewhere. */
    fun onNoticeClose() = mutableState.update { it.copy(notice = null) }

    /** The system's question is on screen. */
    fun onPermissionAsked() = mutableState.update { it.copy(asksForPermission = false) }

    /**
     * The answer to the question for the microphone. Where the system advises no explanation behind a refusal, either the question was only
     * dismissed, or it will never be shown again: the latter follows on an answer that refused it, and that is remembered.
     *
     * @param didExplain the system's advice before the question.
     * @param shouldExplain its advice now.
     */
    fun onPermissionAnswer(isGranted: Boolean, didExplain: Boolean, shouldExplain: Boolean) {
        viewModelScope.launch {
            val wasDenied = didExplain || storing({ true }) { settings.settings.first().hasDeniedMicrophone }
            storing({}) {
                settings.update { it.copy(hasDeniedMicrophone = !isGranted && (wasDenied || shouldExplain), hasAskedForNotifications = true) }
            }
            if (isGranted) {
                start()
            } else {
                val notice = LiveNotice.PermissionDenied(canAskAgain = shouldExplain || !wasDenied)
                mutableState.update { it.copy(status = LiveStatus.MicrophoneDenied, notice = notice) }
            }
        }
    }

    /** The microphone may have been granted elsewhere, where nobody asked for the notification that a recording shows. */
    private fun askForNotificationsOnce() {
        viewModelScope.launch {
            if (storing({ true }) { settings.settings.first().hasAskedForNotifications }) {
                start()
            } else {
                storing({}) { settings.update { it.copy(hasAskedForNotifications = true) } }
                mutableState.update { it.copy(asksForNotifications = true) }
            }
        }
    }

    /** Recording works without the notification. */
    fun onNotificationAnswer() {
        mutableState.update { it.copy(asksForNotifications = false) }
        start()
    }

    /** The screen is back, perhaps from the system's settings. */
    fun onResume(isGranted: Boolean) = mutableState.update {
        if (isGranted && it.status == LiveStatus.MicrophoneDenied) it.copy(status = LiveStatus.Ready, notice = null) else it
    }

    /** Ends the recording. What was said before is still recognised. */
    private fun stop() {
        listening.stop()
        mutableState.update { it.idle() }
    }

    /** Frees the microphone while the recording stays open; the second time, listens again. */
    fun onPauseTap() {
        if (state.value.isListening) listening.pause() else if (state.value.status == LiveStatus.Paused) listening.resume()
    }

    fun onMarkTap() = listening.mark()

    /** A segment of the ribbon was chosen; null closes its details. */
    fun onSegmentOpen(place: Int?) = mutableState.update { it.copy(openSegment = place) }

    /** What the user heard in the segment whose details are open; null takes that back. */
    fun onCorrect(to: Emotion?) {
        val place = state.value.openSegment ?: return
        val segment = state.value.ribbon[place]
        showCorrection(segment, to)
        // What found no room on the disk does not look as if it were stored.
        viewModelScope.launchStoring(onFailure = { showCorrection(segment, segment.correctedTo) }) { correct(segment, to) }
    }

    private fun showCorrection(segment: SpokenSegment, to: Emotion?) {
        if (segment.id != 0L) corrections[segment.id] = to // an early result has no id
        mutableState.update { shown ->
            shown.copy(ribbon = shown.ribbon.map { if (it.id == segment.id && it.startMs == segment.startMs) it.copy(correctedTo = to) else it })
        }
    }

    /** A recording may begin, pause and end without this screen: from the tile, the notification, or before the screen was there. */
    private fun follow(recorder: RecorderState) {
        val open = recorder as? RecorderState.Recording
        val recording = open?.takeIf { it.phase != RecordingPhase.Finishing }
        if (recording != null && recording.startedAtMs != joined.value?.startedAtMs) {
            mutableState.update { it.withoutRecording(LiveStatus.Starting) }
            corrections.clear()
            joined.value = JoinedRecording(recording.startedAtMs, listening.join())
        }
        mutableState.update { it.inPhaseOf(recording) }
        val beganAtMs = openSinceMs
        openSinceMs = open?.startedAtMs
        if (open == null && beganAtMs != null) viewModelScope.launchStoring({}) { tellSaved(beganAtMs) }
    }

    /** What was recorded, as a story, unless something else has to be said or the next recording goes on already. */
    private suspend fun tellSaved(startedAtMs: Long) {
        val saved = recordings.since(startedAtMs) ?: return
        mutableState.update { if (it.isRecording || it.notice != null) it else it.copy(saved = saved) }
    }

    /** The story was read: nothing of the recording stays on screen. */
    fun onSavedClose() = mutableState.update { it.withoutRecording(it.status) }

    fun onSavedRename(title: String) = changeSaved { saved ->
        recordings.rename(saved.session, title)
        saved.copy(session = saved.session.copy(title = title.trim().ifEmpty { null }))
    }

    fun onSavedDiscard() = changeSaved { saved ->
        recordings.discard(saved.session)
        saved.copy(isDiscarded = true)
    }

    fun onSavedBringBack() = changeSaved { saved ->
        recordings.bringBack()
        saved.copy(isDiscarded = false)
    }

    private fun changeSaved(change: suspend (SavedRecording) -> SavedRecording) {
        val saved = state.value.saved ?: return
        fun show(changed: SavedRecording) =
            mutableState.update { if (it.saved?.session?.id == saved.session.id) it.copy(saved = changed) else it }
        viewModelScope.launchStoring({ show(saved.copy(isNotStored = true)) }) { show(change(saved.copy(isNotStored = false))) }
    }

    private fun start() {
        if (listening.start()) {
            follow(listening.state.value) // where the recorder's new state has not led here yet
        } else {
            mutableState.update { it.idle().copy(notice = LiveNotice.StartRefused) }
        }
    }

    /** All of [recording], from its start: also what happened while nobody looked. */
    private suspend fun show(recording: JoinedRecording) {
        if (recording.isOver) return
        val monitor = InputMonitor()
        mutableState.update {
            it.withoutRecording(LiveStatus.Starting).copy(openSegment = it.openSegment).inPhaseOf(listening.openRecording())
        }
        recording.events.collect { event -> mutableState.update { it.after(event, monitor, corrections) } }
        recording.isOver = true
        mutableState.update { if (it.isRecording) it.idle() else it }
    }

    companion object {
        fun factory(
            listening: Listening,
            settings: SettingsStore,
            recordings: SavedRecordings,
            correct: suspend (segment: SpokenSegment, to: Emotion?) -> Unit,
        ): ViewModelProvider.Factory = viewModelFactory { initializer { LiveViewModel(listening, settings, recordings, correct) } }
    }
}

/** @param startedAtMs by which one recording is told from another: milliseconds since the epoch. */
private class JoinedRecording(val startedAtMs: Long, val events: Flow<LiveEvent>) {
    /** Its last event is on screen. */
    var isOver = false
}
