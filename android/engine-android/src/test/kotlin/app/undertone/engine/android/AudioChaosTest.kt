package app.undertone.engine.android

import android.app.Application
import android.media.AudioDeviceCallback
import android.media.AudioDeviceInfo
import android.media.AudioManager
import android.media.AudioRecord
import android.media.AudioRecordingConfiguration
import android.media.AudioTimestamp
import android.os.Handler
import androidx.test.core.app.ApplicationProvider
import app.undertone.engine.MicrophoneException
import org.junit.After
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import org.robolectric.annotation.Implementation
import org.robolectric.annotation.Implements
import org.robolectric.annotation.RealObject
import org.robolectric.shadow.api.Shadow
import org.robolectric.shadows.AudioDeviceInfoBuilder
import org.robolectric.shadows.ShadowAudioManager
import org.robolectric.util.ReflectionHelpers
import java.util.concurrent.Executor
import kotlin.test.assertEquals
import kotlin.test.assertIs
import kotlin.test.assertTrue

/** An audio service, a driver and a headset, each part of which fails in turn in each way. */
@RunWith(RobolectricTestRunner::class)
@Config(shadows = [AudioChaosTest.Record::class, AudioChaosTest.Builder::class, AudioChaosTest.Manager::class])
class AudioChaosTest {
    private val context = ApplicationProvider.getApplicationContext<Application>()
    private val audio = context.getSystemService(AudioManager::class.java)

    @After
    fun behave() {
        failing = null
        reads = 0
    }

    /** Starts, reads twice, stops and frees the microphone of a headset. Returns how many reads gave sound. */
    private fun record(): Int {
        val headset = headset()
        shadowOf(audio).setInputDevices(listOf(headset))
        shadowOf(audio).setAvailableCommunicationDevices(listOf(headset))
        shadowOf(audio).setActiveRecordingConfigurations(emptyList(), false)
        val choice = MicrophoneChoice(MicrophoneSource.Unprocessed, MicrophoneDevice("Buds", AudioDeviceInfo.TYPE_BLUETOOTH_SCO))
        val pcm = ShortArray(8)
        val recording = AudioRecordMicrophone(context, choice).start()
        var received = 0
        try {
            repeat(2) { if (recording.read(pcm) > 0) received++ }
        } finally {
            recording.stop()
            recording.close()
        }
        return received
    }

    @Test
    fun `without failures all of it is heard`() = assertEquals(2, record())

    @Test
    fun `what the microphone needs and does not get is a MicrophoneException, whatever was thrown`() {
        for (part in ESSENTIAL) {
            for (failure in FAILURES) {
                failing = part to failure
                val thrown = runCatching { record() }.exceptionOrNull()
                assertIs<MicrophoneException>(thrown, "$part throws $failure")
                assertTrue(thrown.advice.isNotEmpty())
                assertTrue(wasReached, "$part was never used")
                behave()
            }
        }
    }

    @Test
    fun `what a recording can do without leaves it as it is, whatever was thrown`() {
        for (part in DISPENSABLE) {
            for (failure in FAILURES) {
                failing = part to failure
                assertEquals(2, runCatching { record() }.getOrElse { throw AssertionError("$part throws $failure", it) })
                assertTrue(wasReached, "$part was never used")
                behave()
            }
        }
    }

    private fun headset(): AudioDeviceInfo = AudioDeviceInfoBuilder.newBuilder().setType(AudioDeviceInfo.TYPE_BLUETOOTH_SCO).build().also {
        val port = ReflectionHelpers.getField<Any>(it, "mPort")
        val sourceRole = 1 // AudioPort.ROLE_SOURCE
        for ((field, value) in listOf("mName" to "Buds", "mRole" to sourceRole)) {
            ReflectionHelpers.setField(Class.forName("android.media.AudioPort"), port, field, value)
        }
    }

    @Implements(AudioRecord.Builder::class)
    class Builder {
        @RealObject
        private lateinit var real: AudioRecord.Builder

        @Implementation
        fun build(): AudioRecord = at("build") {
            Shadow.directlyOn<AudioRecord, AudioRecord.Builder>(real, AudioRecord.Builder::class.java, "build")
        }
    }

    @Implements(AudioRecord::class)
    class Record {
        @Implementation
        fun native_start(syncEvent: Int, sessionId: Int): Int = at("startRecording") { AudioRecord.SUCCESS }

        @Implementation
        fun native_read_in_short_array(pcm: ShortArray, offset: Int, length: Int, isBlocking: Boolean): Int = at("read") {
            if (reads++ == 1) at("second read") {}
            length
        }

        @Implementation
        fun native_get_timestamp(timestamp: AudioTimestamp, timeBase: Int): Int = at("getTimestamp") { AudioRecord.ERROR }

        @Implementation
        fun native_setInputDevice(id: Int): Boolean = at("setPreferredDevice") { true }

        @Implementation
        fun native_release() = at("release") {}

        companion object {
            @JvmStatic
            @Implementation
            fun native_get_min_buff_size(rateHz: Int, channels: Int, format: Int): Int = at("getMinBufferSize") { 4_096 }
        }
    }

    @Implements(AudioManager::class)
    class Manager : ShadowAudioManager() {
        @Implementation
        fun getProperty(key: String): String? = at("getProperty") { null }

        @Implementation
        override fun getDevices(flags: Int): Array<AudioDeviceInfo> = at("getDevices") { super.getDevices(flags) }

        @Implementation
        override fun registerAudioDeviceCallback(callback: AudioDeviceCallback, handler: Handler?) =
            at("registerAudioDeviceCallback") { super.registerAudioDeviceCallback(callback, handler) }

        @Implementation
        override fun unregisterAudioDeviceCallback(callback: AudioDeviceCallback) =
            at("unregisterAudioDeviceCallback") { super.unregisterAudioDeviceCallback(callback) }

        @Implementation
        override fun getActiveRecordingConfigurations(): List<AudioRecordingConfiguration> =
            at("getActiveRecordingConfigurations") { super.getActiveRecordingConfigurations() }

        @Implementation
        override fun registerAudioRecordingCallback(callback: AudioManager.AudioRecordingCallback, handler: Handler?) =
            at("registerAudioRecordingCallback") { super.registerAudioRecordingCallback(callback, handler) }

        @Implementation
        override fun unregisterAudioRecordingCallback(callback: AudioManager.AudioRecordingCallback) =
            at("unregisterAudioRecordingCallback") { super.unregisterAudioRecordingCallback(callback) }

        @Implementation
        override fun getAvailableCommunicationDevices(): List<AudioDeviceInfo> =
            at("getAvailableCommunicationDevices") { super.getAvailableCommunicationDevices() }

        @Implementation
        override fun setCommunicationDevice(device: AudioDeviceInfo): Boolean =
            at("setCommunicationDevice") { super.setCommunicationDevice(device) }

        @Implementation
        override fun getCommunicationDevice(): AudioDeviceInfo? = at("getCommunicationDevice") { super.getCommunicationDevice() }

        @Implementation
        override fun clearCommunicationDevice() = at("clearCommunicationDevice") { super.clearCommunicationDevice() }

        @Implementation
        override fun addOnCommunicationDeviceChangedListener(
            executor: Executor,
            listener: AudioManager.OnCommunicationDeviceChangedListener,
        ) = at("addOnCommunicationDeviceChangedListener") { super.addOnCommunicationDeviceChangedListener(executor, listener) }

        @Implementation
        override fun removeOnCommunicationDeviceChangedListener(listener: AudioManager.OnCommunicationDeviceChangedListener) =
            at("removeOnCommunicationDeviceChangedListener") { super.removeOnCommunicationDeviceChangedListener(listener) }
    }

    private companion object {
        val ESSENTIAL = listOf("getMinBufferSize", "build", "startRecording", "read", "second read")
        val DISPENSABLE = listOf(
            "getTimestamp",
            "setPreferredDevice",
            "release",
            "getProperty",
            "getDevices",
            "registerAudioDeviceCallback",
            "unregisterAudioDeviceCallback",
            "getActiveRecordingConfigurations",
            "registerAudioRecordingCallback",
            "unregisterAudioRecordingCallback",
            "getAvailableCommunicationDevices",
            "setCommunicationDevice",
            "getCommunicationDevice",
            "clearCommunicationDevice",
            "addOnCommunicationDeviceChangedListener",
            "removeOnCommunicationDeviceChangedListener",
        )
        val FAILURES = listOf(
            IllegalArgumentException("no"),
            IllegalStateException("no"),
            UnsupportedOperationException("no"),
            NullPointerException("no"),
            SecurityException("no"),
            RuntimeException("android.os.DeadSystemException"),
        )

        /** Which part fails, and how. */
        @Volatile
        var failing: Pair<String, RuntimeException>? = null
            set(value) {
                field = value
                wasReached = false
            }

        @Volatile
        var wasReached = false
        var reads = 0

        inline fun <T> at(part: String, behave: () -> T): T {
            val (failingPart, failure) = failing ?: return behave()
            if (part != failingPart) return behave()
            wasReached = true
            throw failure
        }
    }
}
