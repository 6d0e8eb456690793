package app.undertone.settings

import androidx.compose.runtime.Immutable
import app.undertone.engine.android.MicrophoneDevice
import app.undertone.live.SILENCE_DBFS

/**
 * Everything the Settings screen shows.
 *
 * @param settings null until they are read.
 * @param devices the microphones that are connected.
 */
@Immutable
data class SettingsUiState(
    val settings: Settings? = null,
    val devices: List<MicrophoneDevice> = emptyList(),
    val trial: MicrophoneTrial = MicrophoneTrial(),
)

/**
 * The microphone heard through the gate, to see what a setting does; nothing is kept.
 *
 * @param isRefused the last attempt found the microphone in use, or not to be had.
 */
@Immutable
data class MicrophoneTrial(
    val isOn: Boolean = false,
    val levelDbfs: Float = SILENCE_DBFS,
    val isGateOpen: Boolean = false,
    val isRefused: Boolean = false,
)
