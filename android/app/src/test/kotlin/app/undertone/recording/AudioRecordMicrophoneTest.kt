package app.undertone.recording

import android.media.AudioFormat
import android.media.AudioRecord
import org.junit.After
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config
import org.robolectric.annotation.Implementation
import org.robolectric.annotation.Implements
import org.robolectric.shadows.ShadowAudioRecord
import org.robolectric.shadows.ShadowAudioRecord.AudioRecordSource
import kotlin.test.assertContentEquals
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith

@RunWith(RobolectricTestRunner::class)
class AudioRecordMicrophoneTest {
    private val microphone = AudioRecordMicrophone(nativeRateHz = 48_000)

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

    private fun play(read: (ShortArray, Int, Int) -> Int) = ShadowAudioRecord.setSourceProvider {
        object : AudioRecordSource {
            override fun readInShortArray(pcm: ShortArray, offset: Int, length: Int, isBlocking: Boolean) = read(pcm, offset, length)
        }
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
