package app.undertone.engine.android

/**
 * Which microphone, and what the phone does to its sound.
 *
 * @property source what the phone does to the sound.
 * @property device the one to prefer; null leaves it to the system.
 */
public data class MicrophoneChoice(
    public val source: MicrophoneSource = MicrophoneSource.VoiceRecognition,
    public val device: MicrophoneDevice? = null,
)

/** `MediaRecorder.AudioSource`: what the phone does to the sound before the app gets it. */
public enum class MicrophoneSource {
    /** Tuned for recognition: no automatic gain, no noise suppression. */
    VoiceRecognition,

    /** As the hardware has it; [VoiceRecognition] where the phone has no such source. */
    Unprocessed,
}
