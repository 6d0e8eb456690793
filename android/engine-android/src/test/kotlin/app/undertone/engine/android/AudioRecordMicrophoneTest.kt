package app.undertone.engine.android

import android.Manifest.permission.RECORD_AUDIO
import android.app.AppOpsManager
import android.app.Application
import android.content.Intent
import android.media.AudioDeviceInfo
import android.media.AudioFormat
import android.media.AudioManager
import android.media.AudioRecord
import android.media.AudioRecordingConfiguration
import android.media.MediaRecorder
import android.os.Looper
import androidx.test.core.app.ApplicationProvider
import app.undertone.engine.MicrophoneException
import app.undertone.engine.MicrophoneProblem
import app.undertone.engine.Recording
import org.junit.After
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import org.robolectric.annotation.Implementation
import org.robolectric.annotation.Implements
import org.robolectric.shadows.AudioDeviceInfoBuilder
import org.robolectric.shadows.ShadowAudioManager
import org.robolectric.shadows.ShadowAudioRecord
import org.robolectric.shadows.ShadowAudioRecord.AudioRecordSource
import org.robolectric.util.ReflectionHelpers
import java.util.concurrent.CountDownLatch
import java.util.concurrent.atomic.AtomicBoolean
import kotlin.concurrent.thread
import kotlin.test.assertContentEquals
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertNull
import kotlin.test.assertTrue

@RunWith(RobolectricTestRunner::class)
class AudioRecordMicrophoneTest {
    private val context = ApplicationProvider.getApplicationContext<Application>()
    private val audio = context.getSystemService(AudioManager::class.java)
    private val microphone = AudioRecordMicrophone(context)

    private fun microphone(device: MicrophoneDevice) = AudioRecordMicrophone(context, MicrophoneChoice(device = device))

    @After
    fun playNothing() = ShadowAudioRecord.clearSource()

    @Test
    fun `records what the device hears, at the model's rate`() {
        play { pcm, offset, length ->
            for (i in 0 until length) pcm[offset + i] = (i - 3).toShort()
            length
        }
        microphone.start().use { recording ->
            assertEquals(16_000, recording.rateHz)
            val pcm = ShortArray(8)
            assertEquals(8, recording.read(pcm))
            assertContentEquals(shortArrayOf(-3, -2, -1, 0, 1, 2, 3, 4), pcm)
        }
    }

    @Test
    fun `a stopped recording gives nothing more`() {
        microphone.start().use { recording ->
            recording.stop()
            assertEquals(0, recording.read(ShortArray(8)))
        }
    }

    @Test
    fun `stopping after the end is harmless`() {
        val recording = microphone.start()
        recording.close()
        recording.stop()
        recording.close()
        assertEquals(0, recording.read(ShortArray(8)))
    }

    @Test
    fun `a microphone that is taken away is an error, not silence`() {
        play { _, _, _ -> AudioRecord.ERROR_DEAD_OBJECT }
        microphone.start().use { recording ->
            val error = assertFailsWith<MicrophoneException> { recording.read(ShortArray(8)) }
            assertEquals("the microphone was taken away (error -6)", error.message)
            assertEquals(MicrophoneProblem.ServerDied, error.problem)
        }
    }

    @Test
    @Config(shadows = [OnlyNativeRate::class])
    fun `a device that does not record at the model's rate records at its own`() {
        microphone.start().use { assertEquals(48_000, it.rateHz) }
    }

    @Test
    @Config(shadows = [NoRate::class])
    fun `a device that records at no rate is an error`() {
        assertFailsWith<MicrophoneException> { microphone.start() }
    }

    @Test
    @Config(shadows = [HeldByAnotherApp::class])
    fun `a microphone that another app holds is an error`() {
        assertFailsWith<MicrophoneException> { microphone.start() }
    }

    @Test
    fun `a microphone that is preferred by name is used while it is there, and again when it is back`() {
        val headset = device(AudioDeviceInfo.TYPE_WIRED_HEADSET, "Headset")
        shadowOf(audio).setInputDevices(listOf(device(AudioDeviceInfo.TYPE_BUILTIN_MIC, "Phone"), headset))
        val record = recordOf { microphone(MicrophoneDevice("Headset", AudioDeviceInfo.TYPE_WIRED_HEADSET)).start() }
        assertEquals(headset, record.preferredDevice)
        shadowOf(audio).removeInputDevice(headset, true)
        idle()
        assertNull(record.preferredDevice)
        shadowOf(audio).addInputDevice(headset, true)
        idle()
        assertEquals(headset, record.preferredDevice)
    }

    @Test
    fun `a microphone that shares the phone's name with its telephony line is the one that is used, also by a name of older settings`() {
        val own = device(AudioDeviceInfo.TYPE_WIRED_HEADSET, "Phone") // the builder of test devices knows no built-in microphone
        val usb = device(AudioDeviceInfo.TYPE_USB_DEVICE, "Phone")
        shadowOf(audio).setInputDevices(listOf(device(AudioDeviceInfo.TYPE_TELEPHONY, "Phone"), own, usb))
        val devices = mapOf(
            MicrophoneDevice("Phone", AudioDeviceInfo.TYPE_WIRED_HEADSET) to own,
            MicrophoneDevice("Phone", AudioDeviceInfo.TYPE_USB_DEVICE) to usb,
            MicrophoneDevice("Phone", type = null) to own,
            MicrophoneDevice("Phone", AudioDeviceInfo.TYPE_USB_HEADSET) to null,
        )
        for ((chosen, used) in devices) {
            assertEquals(used, recordOf { microphone(chosen).start() }.preferredDevice, "$chosen")
        }
    }

    @Test
    fun `a preferred microphone that is not there leaves the choice to the system`() {
        val record = recordOf { microphone(MicrophoneDevice("Headset", AudioDeviceInfo.TYPE_WIRED_HEADSET)).start() }
        assertNull(record.preferredDevice)
    }

    @Test
    fun `the link to a Bluetooth microphone is open as long as the recording, and closed when the headset goes`() {
        val headset = device(AudioDeviceInfo.TYPE_BLUETOOTH_SCO, "Buds")
        shadowOf(audio).setInputDevices(listOf(headset))
        shadowOf(audio).setAvailableCommunicationDevices(listOf(headset))
        val choice = MicrophoneChoice(device = MicrophoneDevice("Buds", AudioDeviceInfo.TYPE_BLUETOOTH_SCO))
        AudioRecordMicrophone(context, choice).start().use { assertEquals(headset, audio.communicationDevice) }
        assertNull(audio.communicationDevice)

        AudioRecordMicrophone(context, choice).start().use {
            shadowOf(audio).removeInputDevice(headset, true)
            idle()
            assertNull(audio.communicationDevice)
        }
    }

    @Test
    fun `while a call has the microphone the recording knows, and when it is over too`() {
        shadowOf(context).grantPermissions(RECORD_AUDIO)
        lateinit var recording: Recording
        val record = recordOf { microphone.start().also { recording = it } }
        assertNull(recording.silencedBy)
        for (isSilenced in listOf(true, false)) {
            shadowOf(audio).setActiveRecordingConfigurations(listOf(configuration(record.audioSessionId, isSilenced)), true)
            idle()
            assertEquals(MicrophoneProblem.InUse.takeIf { isSilenced }, recording.silencedBy)
        }
        shadowOf(audio).setActiveRecordingConfigurations(listOf(configuration(record.audioSessionId + 1, isSilenced = true)), true)
        idle()
        assertNull(recording.silencedBy, "it was another recording that was silenced")
    }

    @Test
    fun `what silences a recording is told apart - another app, the switch for all apps, and a grant that ended with the screen`() {
        shadowOf(context).grantPermissions(RECORD_AUDIO)
        lateinit var recording: Recording
        val record = recordOf { microphone.start().also { recording = it } }
        val ops = shadowOf(context.getSystemService(AppOpsManager::class.java))
        val causes = mapOf(
            AppOpsManager.MODE_ALLOWED to MicrophoneProblem.InUse,
            AppOpsManager.MODE_IGNORED to MicrophoneProblem.SwitchedOff,
        )
        for ((mode, cause) in causes) {
            ops.setMode(AppOpsManager.OPSTR_RECORD_AUDIO, context.applicationInfo.uid, context.packageName, mode)
            shadowOf(audio).setActiveRecordingConfigurations(listOf(configuration(record.audioSessionId, isSilenced = true)), true)
            idle()
            assertEquals(cause, recording.silencedBy)
        }
        shadowOf(context).denyPermissions(RECORD_AUDIO)
        shadowOf(audio).setActiveRecordingConfigurations(listOf(configuration(record.audioSessionId, isSilenced = true)), true)
        idle()
        assertEquals(MicrophoneProblem.NotAllowed, recording.silencedBy)
    }

    @Test
    @Config(shadows = [SlowToStop::class])
    fun `a device that takes long to stop holds up nobody who stops it`() {
        val recording = microphone.start()
        val stopping = thread { recording.stop() }
        stopping.join(5_000)
        assertFalse(stopping.isAlive)
        SlowToStop.mayStop.countDown()
        recording.close()
    }

    @Test
    @Config(shadows = [HeadsetThatLeaves::class])
    fun `a headset that leaves while its link is opened leaves the phone's own microphone`() {
        val headset = device(AudioDeviceInfo.TYPE_BLUETOOTH_SCO, "Buds")
        shadowOf(audio).setInputDevices(listOf(headset))
        shadowOf(audio).setAvailableCommunicationDevices(listOf(headset))
        microphone(MicrophoneDevice("Buds", AudioDeviceInfo.TYPE_BLUETOOTH_SCO)).start().close()
    }

    @Test
    @Config(sdk = [29])
    fun `before Android 12 the link of a headset is waited for until it is up`() {
        val headset = device(AudioDeviceInfo.TYPE_BLUETOOTH_SCO, "Buds")
        val link = BluetoothLink(context, audio)
        link.open(headset)
        val isUp = AtomicBoolean()
        val waiting = thread { isUp.set(link.await()) }
        waiting.join(200)
        assertTrue(waiting.isAlive, "it is not up yet")
        val state = Intent(AudioManager.ACTION_SCO_AUDIO_STATE_UPDATED)
        context.sendBroadcast(state.putExtra(AudioManager.EXTRA_SCO_AUDIO_STATE, AudioManager.SCO_AUDIO_STATE_CONNECTED))
        idle()
        waiting.join(2_000)
        assertTrue(isUp.get())
    }

    @Test
    fun `a device without unprocessed sound gives what is meant for recognition`() {
        val record = recordOf { AudioRecordMicrophone(context, MicrophoneChoice(MicrophoneSource.Unprocessed)).start() }
        assertEquals(MediaRecorder.AudioSource.VOICE_RECOGNITION, record.audioSource)
    }

    @Test
    @Config(shadows = [OffersUnprocessed::class])
    fun `unprocessed sound is recorded where it was chosen`() {
        val record = recordOf { AudioRecordMicrophone(context, MicrophoneChoice(MicrophoneSource.Unprocessed)).start() }
        assertEquals(MediaRecorder.AudioSource.UNPROCESSED, record.audioSource)
        assertEquals(MediaRecorder.AudioSource.VOICE_RECOGNITION, recordOf { microphone.start() }.audioSource)
    }

    /** The system's side of the recording that [start] starts. */
    private fun recordOf(start: () -> Recording): AudioRecord {
        lateinit var record: AudioRecord
        ShadowAudioRecord.setSourceProvider {
            record = it
            PlayedAudio(ShortArray(8))
        }
        start().read(ShortArray(8))
        return record
    }

    private fun idle() = shadowOf(Looper.getMainLooper()).idle()

    private fun device(type: Int, name: String): AudioDeviceInfo = AudioDeviceInfoBuilder.newBuilder().setType(type).build().also {
        val port = ReflectionHelpers.getField<Any>(it, "mPort")
        val sourceRole = 1 // AudioPort.ROLE_SOURCE
        for ((field, value) in listOf("mName" to name, "mRole" to sourceRole)) {
            ReflectionHelpers.setField(Class.forName("android.media.AudioPort"), port, field, value)
        }
    }

    private fun configuration(sessionId: Int, isSilenced: Boolean): AudioRecordingConfiguration {
        val source = MediaRecorder.AudioSource.VOICE_RECOGNITION
        return shadowOf(audio).createActiveRecordingConfiguration(sessionId, source, "app.undertone").also {
            ReflectionHelpers.setField(it, "mClientSilenced", isSilenced)
        }
    }

    private fun play(read: (ShortArray, Int, Int) -> Int) = ShadowAudioRecord.setSourceProvider {
        object : AudioRecordSource {
            override fun readInShortArray(pcm: ShortArray, offset: Int, length: Int, isBlocking: Boolean) = read(pcm, offset, length)
        }
    }

    @Implements(AudioManager::class)
    class OffersUnprocessed : ShadowAudioManager() {
        @Implementation
        fun getProperty(key: String): String? = "true".takeIf { key == AudioManager.PROPERTY_SUPPORT_AUDIO_SOURCE_UNPROCESSED }
    }

    @Implements(AudioRecord::class)
    class OnlyNativeRate {
        companion object {
            @JvmStatic
            @Implementation
            fun native_get_min_buff_size(rateHz: Int, channels: Int, format: Int): Int =
                if (rateHz == 48_000 && format == AudioFormat.ENCODING_PCM_16BIT) 4_096 else AudioRecord.ERROR_BAD_VALUE
        }
    }

    @Implements(AudioRecord::class)
    class NoRate {
        companion object {
            @JvmStatic
            @Implementation
            fun native_get_min_buff_size(rateHz: Int, channels: Int, format: Int): Int = AudioRecord.ERROR_BAD_VALUE
        }
    }

    @Implements(AudioManager::class)
    class HeadsetThatLeaves : ShadowAudioManager() {
        @Implementation
        override fun setCommunicationDevice(device: AudioDeviceInfo): Boolean = throw IllegalArgumentException("invalid device")
    }

    @Implements(AudioRecord::class)
    class SlowToStop {
        @Implementation
        fun native_stop() {
            mayStop.await()
        }

        companion object {
            val mayStop = CountDownLatch(1)

            @JvmStatic
            @Implementation
            fun native_get_min_buff_size(rateHz: Int, channels: Int, format: Int): Int = 4_096
        }
    }

    @Implements(AudioRecord::class)
    class HeldByAnotherApp {
        @Implementation
        fun native_start(syncEvent: Int, sessionId: Int): Int = AudioRecord.ERROR_INVALID_OPERATION

        companion object {
            @JvmStatic
            @Implementation
            fun native_get_min_buff_size(rateHz: Int, channels: Int, format: Int): Int = 4_096
        }
    }
}
