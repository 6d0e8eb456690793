package app.undertone.engine.android

import android.media.AudioDeviceCallback
import android.media.AudioDeviceInfo
import android.media.AudioManager
import android.media.AudioRecord
import android.os.Handler
import android.os.Looper

/**
 * Keeps [record] on the microphone that was [chosen] whenever it is connected; the system's own choice takes over while it is not.
 *
 * The [link] of a Bluetooth microphone is opened with it, and closed with the recording.
 */
internal class PreferredDevice(
    private val audio: AudioManager,
    private val record: AudioRecord,
    private val link: BluetoothLink,
    private val chosen: MicrophoneDevice,
) : AudioDeviceCallback(),
    AutoCloseable {

    // Between the thread that opens and closes it, and the main thread, on which devices come and go.
    private val lock = Any()
    private var device: AudioDeviceInfo? = null
    private var isClosed = false

    init {
        prefer(find())
        evenIfAudioFails { audio.registerAudioDeviceCallback(this, Handler(Looper.getMainLooper())) }
    }

    /** Waits for the link of a Bluetooth microphone. Not for the main thread. */
    fun await() {
        if (device?.isBluetooth == true) evenIfAudioFails { link.await() }
    }

    override fun onAudioDevicesAdded(added: Array<AudioDeviceInfo>) = follow()

    override fun onAudioDevicesRemoved(removed: Array<AudioDeviceInfo>) = follow()

    override fun close() = synchronized(lock) {
        isClosed = true
        evenIfAudioFails { audio.unregisterAudioDeviceCallback(this) }
        link.close()
    }

    private fun follow(): Unit = synchronized(lock) {
        if (isClosed) return
        // Plugged in again, it is another device with the same name.
        val found = find()
        if (found?.id != device?.id) prefer(found)
    }

    private fun find(): AudioDeviceInfo? = orIfAudioFails(null) {
        audio.getDevices(AudioManager.GET_DEVICES_INPUTS).firstOrNull { input -> input.toMicrophone()?.let(chosen::means) == true }
    }

    private fun prefer(found: AudioDeviceInfo?) {
        link.close()
        device = found
        if (found?.isBluetooth == true) link.open(found)
        evenIfAudioFails { record.setPreferredDevice(found) }
    }
}
