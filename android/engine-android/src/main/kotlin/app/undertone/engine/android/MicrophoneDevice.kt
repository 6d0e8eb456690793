package app.undertone.engine.android

import android.media.AudioDeviceInfo

/**
 * A microphone as the user knows it. Its name alone is not enough: the phone's own microphone, its telephony line and its radio are
 * all called after the phone.
 *
 * @property name `AudioDeviceInfo.productName`.
 * @property type `AudioDeviceInfo.type`; null where it was chosen in a version that stored the name only.
 */
public data class MicrophoneDevice(public val name: String, public val type: Int? = null) {
    /** Whether [other] is what was chosen as this one. */
    public fun means(other: MicrophoneDevice): Boolean = name == other.name && (type == null || type == other.type)
}

/** null for an input that nobody speaks into: the phone line, the radio or other apps' sound. */
public fun AudioDeviceInfo.toMicrophone(): MicrophoneDevice? =
    if (type in MICROPHONES) MicrophoneDevice(productName?.toString().orEmpty(), type) else null

private val MICROPHONES = setOf(
    AudioDeviceInfo.TYPE_BUILTIN_MIC,
    AudioDeviceInfo.TYPE_WIRED_HEADSET,
    AudioDeviceInfo.TYPE_USB_HEADSET,
    AudioDeviceInfo.TYPE_USB_DEVICE,
    AudioDeviceInfo.TYPE_BLUETOOTH_SCO,
    AudioDeviceInfo.TYPE_BLE_HEADSET,
)
