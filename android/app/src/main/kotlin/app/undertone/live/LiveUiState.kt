package app.undertone.live

import androidx.compose.runtime.Immutable
import app.undertone.asset.AssetProblem
import app.undertone.model.RecognisedSegment
import app.undertone.model.SILENCE_DBFS
import app.undertone.model.SpokenSegment
import app.undertone.recording.Listening

/**
 * Everything the Live screen shows.
 *
 * @param ribbon what was heard since the recording began, in order of time; the last one goes on where [recognised] is so far.
 * @param marksMs the moments that the user marked, in order of time.
 * @param openSegment the place in [ribbon] of the segment whose details are open.
 * @param elapsedMs of the recording that is open; pauses do not count.
 * @param keepsAudio the recording stays on the phone.
 * @param saved the recording that just ended.
 * @param keepsScreenOn while it listens.
 * @param asksForNotifications the system's question for notifications alone is to be shown.
 */
@Immutable
data class LiveUiState(
    val status: LiveStatus = LiveStatus.Loading,
    val levelDbfs: Float = SILENCE_DBFS,
    val isGateOpen: Boolean = false,
    val recognised: RecognisedSegment? = null,
    val notice: LiveNotice? = null,
    val asksForPermission: Boolean = false,
    val waveform: Waveform = Waveform.Empty,
    val ribbon: List<SpokenSegment> = emptyList(),
    val marksMs: List<Long> = emptyList(),
    val openSegment: Int? = null,
    val elapsedMs: Long = 0,
    val keepsAudio: Boolean = false,
    val saved: SavedRecording? = null,
    val keepsScreenOn: Boolean = true,
    val asksForNotifications: Boolean = false,
) {
    /** Nothing of a recording. */
    fun withoutRecording(status: LiveStatus): LiveUiState = LiveUiState(status, keepsAudio = keepsAudio, keepsScreenOn = keepsScreenOn)

    /** What the page is composed from: the same for each level, and for all of a second. */
    fun withoutSound(): LiveUiState = copy(
        levelDbfs = SILENCE_DBFS,
        isGateOpen = false,
        waveform = Waveform.Empty,
        elapsedMs = elapsedMs / 1_000 * 1_000,
    )

    val isListening: Boolean get() = status.isListening

    /** Between record and stop, pauses included. */
    val isRecording: Boolean get() = isListening || status == LiveStatus.Paused

    /** How many of the [ribbon] are final: these have details. */
    val settledSegments: Int get() = if (recognised?.isSoFar == true) ribbon.size - 1 else ribbon.size
}

/** The status chip. */
enum class LiveStatus(val isListening: Boolean) {
    Loading(isListening = false),
    Ready(isListening = false),

    /** The microphone was asked for, and gave nothing yet. */
    Starting(isListening = true),
    Listening(isListening = true),
    HearingYou(isListening = true),
    TooQuiet(isListening = true),
    Clipping(isListening = true),

    /** What comes in waits for the recognition, which is busy with what came before. */
    CatchingUp(isListening = true),

    /** Another app has the microphone; listening goes on when it is free. */
    Interrupted(isListening = true),

    /** The microphone is switched off for all apps; listening goes on when it is switched on. */
    MicrophoneOff(isListening = true),

    /** This app may not use the microphone now; listening goes on when it may. */
    MicrophoneNotAllowed(isListening = true),
    Paused(isListening = false),
    MicrophoneBusy(isListening = false),
    MicrophoneDenied(isListening = false),
    Unavailable(isListening = false),
}

/** Something the user should know, with an action. */
sealed interface LiveNotice {
    data object PermissionRationale : LiveNotice

    data class PermissionDenied(val canAskAgain: Boolean) : LiveNotice

    data class AssetFailed(val problem: AssetProblem) : LiveNotice

    data object MicrophoneBusy : LiveNotice

    /** The microphone is switched off for all apps. */
    data object MicrophoneOff : LiveNotice

    /** The system did not let this app use the microphone, though it has the permission. */
    data object MicrophoneNotAllowed : LiveNotice

    /** The system's audio server ended and did not come back. */
    data object MicrophoneStopped : LiveNotice

    /** What was heard could not be stored; the recording is over. */
    data object NotStored : LiveNotice

    /** The system lets no recording begin now. */
    data object StartRefused : LiveNotice

    /** Nobody spoke for 30 s; the recording goes on. */
    data object NoSpeech : LiveNotice
}
