package app.undertone.live

import app.undertone.asset.AssetProblem
import app.undertone.engine.MicrophoneProblem
import app.undertone.model.Emotion
import app.undertone.model.LiveEvent
import app.undertone.model.SILENCE_DBFS
import app.undertone.model.SpokenSegment
import app.undertone.recording.Listening
import app.undertone.recording.RecorderState
import app.undertone.recording.RecordingPhase

/* What becomes of the screen's state with each event of a recording. */

internal fun Listening.openRecording() = (state.value as? RecorderState.Recording)?.takeIf { it.phase != RecordingPhase.Finishing }

/** @param recording null where none is open. */
internal fun LiveUiState.inPhaseOf(recording: RecorderState.Recording?): LiveUiState = when {
    recording == null -> if (isRecording) idle() else this
    recording.phase == RecordingPhase.Paused -> idle().copy(status = LiveStatus.Paused, elapsedMs = recording.elapsedMs)
    recording.phase == RecordingPhase.Interrupted -> idle().copy(status = recording.silencedBy.status, elapsedMs = recording.elapsedMs)
    status == LiveStatus.Paused || status.isInterruption || !isRecording ->
        copy(status = LiveStatus.Starting, elapsedMs = recording.elapsedMs)
    else -> copy(elapsedMs = recording.elapsedMs)
}

private val MicrophoneProblem?.status: LiveStatus
    get() = when (this) {
        MicrophoneProblem.SwitchedOff -> LiveStatus.MicrophoneOff
        MicrophoneProblem.NotAllowed -> LiveStatus.MicrophoneNotAllowed
        MicrophoneProblem.InUse, MicrophoneProblem.ServerDied, null -> LiveStatus.Interrupted
    }

private val LiveStatus.isInterruption: Boolean
    get() = this == LiveStatus.Interrupted || this == LiveStatus.MicrophoneOff || this == LiveStatus.MicrophoneNotAllowed

internal fun LiveUiState.after(event: LiveEvent, monitor: InputMonitor, corrections: Map<Long, Emotion?>): LiveUiState = when (event) {
    is LiveEvent.Level -> {
        monitor.onLevel(event)
        val drawn = copy(waveform = waveform.afterLevel(event.levelDbfs, event.startMs))
        if (isListening && !status.isInterruption) drawn.copy(levelDbfs = event.levelDbfs).withStatusOf(monitor) else drawn
    }
    is LiveEvent.Gate -> {
        monitor.onGate(event.isOpen, event.endMs)
        val drawn = copy(waveform = waveform.afterGate(event.isOpen, event.endMs))
        if (isListening && !status.isInterruption) drawn.copy(isGateOpen = event.isOpen).withStatusOf(monitor) else drawn
    }
    is LiveEvent.Segment -> {
        val spoken = event.after(ribbon.drop(settledSegments)).copy(correctedTo = corrections[event.segmentId])
        copy(recognised = event.shown, ribbon = ribbon.take(settledSegments) + spoken)
    }
    is LiveEvent.Altered -> this
    is LiveEvent.Marked -> copy(marksMs = marksMs + event.positionMs)
    is LiveEvent.Lost -> this.also { monitor.onLost() }
    is LiveEvent.MicrophoneFailed -> idle().failed(event.problem)
    is LiveEvent.Failed -> idle().failed(event.problem)
    is LiveEvent.NotStored -> idle().copy(notice = LiveNotice.NotStored)
}

private fun LiveUiState.withStatusOf(monitor: InputMonitor) =
    copy(status = monitor.status, notice = LiveNotice.NoSpeech.takeIf { monitor.isWithoutSpeech })

internal fun LiveUiState.idle() =
    copy(status = LiveStatus.Ready, levelDbfs = SILENCE_DBFS, isGateOpen = false, notice = null)

private fun LiveUiState.failed(problem: MicrophoneProblem) = copy(
    status = LiveStatus.MicrophoneBusy,
    notice = when (problem) {
        MicrophoneProblem.InUse -> LiveNotice.MicrophoneBusy
        MicrophoneProblem.SwitchedOff -> LiveNotice.MicrophoneOff
        MicrophoneProblem.NotAllowed -> LiveNotice.MicrophoneNotAllowed
        MicrophoneProblem.ServerDied -> LiveNotice.MicrophoneStopped
    },
)

internal fun LiveUiState.failed(problem: AssetProblem) =
    copy(status = LiveStatus.Unavailable, notice = LiveNotice.AssetFailed(problem))

/** An early result of a long segment hears its latest part only: the segment begins where its first result did. */
private fun LiveEvent.Segment.after(soFar: List<SpokenSegment>) = SpokenSegment(
    id = segmentId,
    startMs = minOf(startMs, soFar.firstOrNull()?.startMs ?: startMs),
    endMs = startMs + durationMs,
    emotion = emotion,
    probabilities = probabilities,
    isUncertain = isUncertain,
    arousalValence = arousalValence,
)
