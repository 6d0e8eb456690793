package app.undertone.settings

import android.media.AudioDeviceCallback
import android.media.AudioDeviceInfo
import android.media.AudioManager
import kotlinx.coroutines.channels.awaitClose
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.callbackFlow
import kotlinx.coroutines.flow.conflate
import kotlinx.coroutines.flow.distinctUntilChanged

/** `AudioDeviceInfo.productName` of each microphone that is connected, now and whenever that changes. To be collected on the main thread. */
fun AudioManager.microphoneNames(): Flow<List<String>> = callbackFlow {
    fun send() = trySend(
        getDevices(AudioManager.GET_DEVICES_INPUTS).filter { it.type in MICROPHONES }.map { it.productName.toString() }.distinct(),
    )
    val callback = object : AudioDeviceCallback() {
        override fun onAudioDevicesAdded(added: Array<out AudioDeviceInfo>) {
            send()
        }

        override fun onAudioDevicesRemoved(removed: Array<out AudioDeviceInfo>) {
            send()
        }
    }
    send()
    registerAudioDeviceCallback(callback, null)
    awaitClose { unregisterAudioDeviceCallback(callback) }
}.conflate().distinctUntilChanged()

/** What a person speaks into; not the phone line, the radio or other apps' sound, which are inputs as well. */
private val MICROPHONES = setOf(
    AudioDeviceInfo.TYPE_BUILTIN_MIC,
    AudioDeviceInfo.TYPE_WIRED_HEADSET,
    AudioDeviceInfo.TYPE_USB_HEADSET,
    AudioDeviceInfo.TYPE_USB_DEVICE,
    AudioDeviceInfo.TYPE_BLUETOOTH_SCO,
    AudioDeviceInfo.TYPE_BLE_HEADSET,
)
