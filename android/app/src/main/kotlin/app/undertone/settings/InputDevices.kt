package app.undertone.settings

import android.media.AudioDeviceCallback
import android.media.AudioDeviceInfo
import android.media.AudioManager
import app.undertone.engine.android.MicrophoneDevice
import app.undertone.engine.android.toMicrophone
import kotlinx.coroutines.channels.awaitClose
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.callbackFlow
import kotlinx.coroutines.flow.conflate
import kotlinx.coroutines.flow.distinctUntilChanged

/** The microphones that are connected, now and whenever that changes. To be collected on the main thread. */
fun AudioManager.microphones(): Flow<List<MicrophoneDevice>> = callbackFlow {
    fun send() = trySend(getDevices(AudioManager.GET_DEVICES_INPUTS).mapNotNull { it.toMicrophone() }.distinct())
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
