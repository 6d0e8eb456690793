package app.undertone.settings

import androidx.compose.runtime.Immutable
import app.undertone.engine.VoiceProcessing
import app.undertone.engine.android.MicrophoneDevice
import app.undertone.model.SILENCE_DBFS

/**
 * Everything the Settings screen shows.
 *
 * @param settings null until they are read.
 * @param devices the microphones that are connected.
 * @param failure of the last thing that was asked for.
 */
@Immutable
data class SettingsUiState(
    val settings: Settings? = null,
    val devices: List<MicrophoneDevice> = emptyList(),
    val trial: MicrophoneTrial = MicrophoneTrial(),
    val failure: SettingsFailure? = null,
)

/** What was asked for and could not be done. */
enum class SettingsFailure {
    /** The last change found no room on the disk. */
    NotStored,

    /** The phone has no page for this app's language. */
    NoLanguagePage,
}

/**
 * The microphone heard through the gate, to see what a setting does; nothing is kept.
 *
 * @param waitingMs of sound that came in since the gate last decided: it does so 31 times a second, once it has the engine.
 * @param processing what the phone does to the voice and does not let the app switch off.
 * @param isRefused the last attempt found the microphone in use, or not to be had.
 * @param isDenied the permission was asked for and not given.
 */
@Immutable
data class MicrophoneTrial(
    val isOn: Boolean = false,
    val levelDbfs: Float = SILENCE_DBFS,
    val isGateOpen: Boolean = false,
    val waitingMs: Int = 0,
    val processing: Set<VoiceProcessing> = emptySet(),
    val isRefused: Boolean = false,
    val isDenied: Boolean = false,
) {
    /** Whether a file keeps the engine; loading it takes less. */
    val isWaiting: Boolean get() = waitingMs > LONGEST_LOAD_MS

    private companion object {
        const val LONGEST_LOAD_MS = 1_500
    }
}
