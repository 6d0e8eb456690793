package app.undertone.engine.android

import android.content.BroadcastReceiver
import android.content.Context
import android.content.Intent
import android.content.IntentFilter
import android.media.AudioDeviceInfo
import android.media.AudioManager
import android.os.Build
import androidx.annotation.RequiresApi
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit

/**
 * The link for speech to a Bluetooth headset: without it a headset's microphone gives silence. It takes a second or two to
 * come up. A headset that leaves at the wrong moment makes the system throw; the recording then has the phone's own microphone.
 */
internal class BluetoothLink(private val context: Context, private val audio: AudioManager) {
    private var isOpen = false

    /** Asks for the link to [headset]. Returns at once. */
    @Suppress("DEPRECATION") // the only way before Android 12
    fun open(headset: AudioDeviceInfo) {
        // An IllegalArgumentException for a device that has left is documented.
        isOpen = orIfAudioFails(false) {
            if (Build.VERSION.SDK_INT < Build.VERSION_CODES.S) {
                audio.startBluetoothSco()
                true
            } else {
                openCommunicationDevice(headset)
            }
        }
    }

    /** Waits until the link that was asked for is up, [TIMEOUT_MS] at most. Not for the main thread. Returns whether it is. */
    fun await(): Boolean = when {
        !isOpen -> false
        Build.VERSION.SDK_INT < Build.VERSION_CODES.S -> awaitSco()
        else -> awaitCommunicationDevice()
    }

    @Suppress("DEPRECATION")
    fun close() {
        if (!isOpen) return
        isOpen = false
        evenIfAudioFails {
            if (Build.VERSION.SDK_INT < Build.VERSION_CODES.S) audio.stopBluetoothSco() else closeCommunicationDevice()
        }
    }

    /** The headset's speaker stands for both of its ends. */
    @RequiresApi(Build.VERSION_CODES.S)
    private fun openCommunicationDevice(headset: AudioDeviceInfo): Boolean {
        val speaker = audio.availableCommunicationDevices.firstOrNull { it.productName?.toString() == headset.productName?.toString() }
        return speaker != null && audio.setCommunicationDevice(speaker)
    }

    @RequiresApi(Build.VERSION_CODES.S)
    private fun closeCommunicationDevice() = audio.clearCommunicationDevice()

    @Suppress("DEPRECATION")
    private fun awaitSco(): Boolean {
        val isUp = CountDownLatch(1)
        val receiver = object : BroadcastReceiver() {
            override fun onReceive(context: Context, intent: Intent) {
                val state = intent.getIntExtra(AudioManager.EXTRA_SCO_AUDIO_STATE, AudioManager.SCO_AUDIO_STATE_ERROR)
                if (state == AudioManager.SCO_AUDIO_STATE_CONNECTED) isUp.countDown()
            }
        }
        // Sticky: a link that is up already tells so at once.
        val filter = IntentFilter(AudioManager.ACTION_SCO_AUDIO_STATE_UPDATED)
        context.registerReceiver(receiver, filter)?.let { receiver.onReceive(context, it) }
        return try {
            isUp.await(TIMEOUT_MS, TimeUnit.MILLISECONDS)
        } finally {
            context.unregisterReceiver(receiver)
        }
    }

    @RequiresApi(Build.VERSION_CODES.S)
    private fun awaitCommunicationDevice(): Boolean {
        val isUp = CountDownLatch(1)
        val listener = AudioManager.OnCommunicationDeviceChangedListener { if (it?.isBluetooth == true) isUp.countDown() }
        audio.addOnCommunicationDeviceChangedListener(Runnable::run, listener)
        return try {
            audio.communicationDevice?.isBluetooth == true || isUp.await(TIMEOUT_MS, TimeUnit.MILLISECONDS)
        } finally {
            audio.removeOnCommunicationDeviceChangedListener(listener)
        }
    }

    private companion object {
        /** Headsets that come at all come within two seconds. */
        const val TIMEOUT_MS = 3_000L
    }
}

internal val AudioDeviceInfo.isBluetooth: Boolean
    get() = type == AudioDeviceInfo.TYPE_BLUETOOTH_SCO ||
        (Build.VERSION.SDK_INT >= Build.VERSION_CODES.S && type == AudioDeviceInfo.TYPE_BLE_HEADSET)
