package app.undertone.settings

import android.media.AudioDeviceInfo
import androidx.compose.runtime.Immutable

/**
 * A microphone as the user knows it. Its name alone is not enough: the phone's own microphone, its telephony line and its radio are
 * all called after the phone.
 *
 * @param name `AudioDeviceInfo.productName`.
 * @param type `AudioDeviceInfo.type`; null where it was chosen in a version that stored the name only.
 */
@Immutable
data class MicrophoneDevice(val name: String, val type: Int? = null) {
    /** Whether [other] is what was chosen as this one. */
    fun means(other: MicrophoneDevice) = name == other.name && (type == null || type == other.type)
}

/** null for an input that nobody speaks into: the phone line, the radio or other apps' sound. */
fun AudioDeviceInfo.toMicrophone(): MicrophoneDevice? =
    if (type in MICROPHONES) MicrophoneDevice(productName?.toString().orEmpty(), type) else null

private val MICROPHONES = setOf(
    AudioDeviceInfo.TYPE_BUILTIN_MIC,
    AudioDeviceInfo.TYPE_WIRED_HEADSET,
    AudioDeviceInfo.TYPE_USB_HEADSET,
    AudioDeviceInfo.TYPE_USB_DEVICE,
    AudioDeviceInfo.TYPE_BLUETOOTH_SCO,
    AudioDeviceInfo.TYPE_BLE_HEADSET,
)
