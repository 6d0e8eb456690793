package app.undertone.recording

import android.media.AudioDeviceCallback
import android.media.AudioDeviceInfo
import android.media.AudioManager
import android.media.AudioRecord
import android.os.Build
import android.os.Handler
import android.os.Looper
import app.undertone.settings.MicrophoneDevice
import app.undertone.settings.toMicrophone

/**
 * Keeps [record] on the microphone that was [chosen] whenever it is connected; the system's own choice takes over while it is not.
 *
 * A Bluetooth microphone needs its link for speech: that is opened with the microphone, and closed with the recording.
 */
internal class PreferredDevice(private val audio: AudioManager, private val record: AudioRecord, private val chosen: MicrophoneDevice) :
    AudioDeviceCallback(),
    AutoCloseable {

    // Between the thread that opens and closes it, and the main thread, on which devices come and go.
    private val lock = Any()
    private var device: AudioDeviceInfo? = null
    private var isClosed = false

    init {
        prefer(find())
        audio.registerAudioDeviceCallback(this, Handler(Looper.getMainLooper()))
    }

    override fun onAudioDevicesAdded(added: Array<AudioDeviceInfo>) = follow()

    override fun onAudioDevicesRemoved(removed: Array<AudioDeviceInfo>) = follow()

    override fun close() = synchronized(lock) {
        isClosed = true
        audio.unregisterAudioDeviceCallback(this)
        if (device?.isBluetooth == true) closeLink()
    }

    private fun follow(): Unit = synchronized(lock) {
        if (isClosed) return
        // Plugged in again, it is another device with the same name.
        val found = find()
        if (found?.id != device?.id) prefer(found)
    }

    private fun find() = audio.getDevices(AudioManager.GET_DEVICES_INPUTS).firstOrNull { input -> input.toMicrophone()?.let(chosen::means) == true }

    private fun prefer(found: AudioDeviceInfo?) {
        if (device?.isBluetooth == true) closeLink()
        device = found
        if (found?.isBluetooth == true) openLink()
        record.setPreferredDevice(found)
    }

    @Suppress("DEPRECATION") // the only way before Android 12
    private fun openLink() {
        if (Build.VERSION.SDK_INT < Build.VERSION_CODES.S) {
            audio.startBluetoothSco()
        } else {
            // The headset's speaker stands for both of its ends.
            audio.availableCommunicationDevices.firstOrNull { it.productName?.toString() == chosen.name }?.let(audio::setCommunicationDevice)
        }
    }

    @Suppress("DEPRECATION")
    private fun closeLink() =
        if (Build.VERSION.SDK_INT < Build.VERSION_CODES.S) audio.stopBluetoothSco() else audio.clearCommunicationDevice()

    private val AudioDeviceInfo.isBluetooth: Boolean
        get() = type == AudioDeviceInfo.TYPE_BLUETOOTH_SCO ||
            (Build.VERSION.SDK_INT >= Build.VERSION_CODES.S && type == AudioDeviceInfo.TYPE_BLE_HEADSET)
}
