package app.undertone.engine.android

import android.app.Application
import android.media.audiofx.AudioEffect
import androidx.test.core.app.ApplicationProvider
import app.undertone.engine.VoiceProcessing
import org.junit.After
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config
import org.robolectric.annotation.Implementation
import org.robolectric.annotation.Implements
import java.util.UUID
import kotlin.test.assertEquals
import kotlin.test.assertTrue

/**
 * A platform whose effects are on from the start. Of an SDK of its own: Robolectric goes on with the constructor that another test's
 * effects were made by.
 */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [34], shadows = [PlatformEffectsTest.Effect::class])
class PlatformEffectsTest {
    private val microphone = AudioRecordMicrophone(ApplicationProvider.getApplicationContext<Application>())

    @After
    fun behave() {
        offered = emptySet()
        isFixed = false
        made.clear()
    }

    @Test
    fun `what the platform does to the voice is off as long as the recording goes on`() {
        offered = setOf(AudioEffect.EFFECT_TYPE_AGC, AudioEffect.EFFECT_TYPE_NS, AudioEffect.EFFECT_TYPE_AEC)
        val recording = microphone.start()
        assertEquals(offered, made.map { it.type }.toSet())
        assertTrue(made.none { it.isOn || it.isReleased })
        assertEquals(emptySet(), recording.voiceProcessing)
        recording.close()
        assertTrue(made.all { it.isReleased })
    }

    @Test
    fun `what cannot be switched off is named`() {
        offered = setOf(AudioEffect.EFFECT_TYPE_AGC, AudioEffect.EFFECT_TYPE_NS)
        isFixed = true
        ReopeningMicrophone(microphone).start().use {
            assertEquals(setOf(VoiceProcessing.AutomaticGain, VoiceProcessing.NoiseSuppression), it.voiceProcessing)
        }
    }

    @Test
    fun `a phone without effects has nothing to name`() {
        isFixed = true
        microphone.start().use { assertEquals(emptySet(), it.voiceProcessing) }
    }

    @Implements(AudioEffect::class)
    class Effect {
        lateinit var type: UUID
        var isOn = true
        var isReleased = false

        @Implementation(methodName = "__constructor__")
        @Suppress("UNUSED_PARAMETER")
        fun make(type: UUID, uuid: UUID, priority: Int, session: Int) {
            require(type in offered) // as a phone without it answers
            this.type = type
            made += this
        }

        @Implementation
        fun setEnabled(enabled: Boolean): Int {
            if (!isFixed) isOn = enabled
            return AudioEffect.SUCCESS
        }

        @Implementation
        fun getEnabled(): Boolean = isOn

        @Implementation
        fun release() {
            isReleased = true
        }
    }

    private companion object {
        var offered = emptySet<UUID>()
        var isFixed = false
        val made = mutableListOf<Effect>()
    }
}
