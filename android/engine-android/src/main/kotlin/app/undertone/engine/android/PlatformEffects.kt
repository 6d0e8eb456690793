package app.undertone.engine.android

import android.media.audiofx.AcousticEchoCanceler
import android.media.audiofx.AudioEffect
import android.media.audiofx.AutomaticGainControl
import android.media.audiofx.NoiseSuppressor
import app.undertone.engine.VoiceProcessing

/**
 * The platform's own processing of one recording, switched off as far as it lets an app do that. What a driver does to every recording
 * has no switch and is not known here.
 *
 * @param sessionId of the recording that has not started yet, so that its first word is as the others are.
 */
internal class PlatformEffects(sessionId: Int) : AutoCloseable {
    // Held until the recording ends: who lets go of an effect gives it back to the system's default.
    private val effects: Map<VoiceProcessing, AudioEffect> = buildMap {
        putIfMade(VoiceProcessing.AutomaticGain) { AutomaticGainControl.create(sessionId) }
        putIfMade(VoiceProcessing.NoiseSuppression) { NoiseSuppressor.create(sessionId) }
        putIfMade(VoiceProcessing.EchoCancellation) { AcousticEchoCanceler.create(sessionId) }
    }

    /** What stays on all the same. */
    val remaining: Set<VoiceProcessing> = effects.filterValues { effect ->
        evenIfAudioFails { effect.enabled = false }
        orIfAudioFails(false) { effect.enabled }
    }.keys

    override fun close() = effects.values.forEach { evenIfAudioFails { it.release() } }

    /** [make] gives null where the device has no such effect. */
    private inline fun MutableMap<VoiceProcessing, AudioEffect>.putIfMade(processing: VoiceProcessing, make: () -> AudioEffect?) {
        orIfAudioFails(null, make)?.let { put(processing, it) }
    }
}
