package app.undertone.recording

import app.undertone.settings.MicrophoneDevice
import app.undertone.settings.MicrophoneSource
import java.io.IOException

/** Where live audio comes from. */
fun interface Microphone {
    /**
     * Starts recording.
     *
     * @throws MicrophoneException when another app holds the microphone, or this one may not use it.
     */
    fun start(choice: MicrophoneChoice): Recording
}

/**
 * Which microphone, and what the phone does to its sound.
 *
 * @param device the one to prefer; null leaves it to the system.
 */
data class MicrophoneChoice(
    val source: MicrophoneSource = MicrophoneSource.VoiceRecognition,
    val device: MicrophoneDevice? = null,
)

/**
 * A running recording: mono PCM16 at [rateHz].
 *
 * [close] and all that is read belong to the thread that records; [stop] may come from any thread, at any time.
 */
interface Recording : AutoCloseable {
    val rateHz: Int

    /** Samples that the system dropped directly before those of the last [read]. */
    val lostSamples: Long

    /** Why the system gives silence instead of sound, until this app has the microphone back; null while it gives sound. */
    val silencedBy: MicrophoneProblem?

    /**
     * Waits for audio and writes it to the start of [pcm].
     *
     * @return samples written; 0 once the recording was stopped.
     * @throws MicrophoneException when the microphone was taken away.
     */
    fun read(pcm: ShortArray): Int

    /** Makes the current and every later [read] return what is left, then 0. */
    fun stop()

    /** Frees the microphone. */
    override fun close()
}

/** What keeps this app from the microphone. */
enum class MicrophoneProblem {
    /** Another app, a call for example, has it. */
    InUse,

    /** The switch that turns the microphone off for all apps, in the quick settings or on the device. */
    SwitchedOff,

    /** The permission is missing, or holds only while the app is on screen. */
    NotAllowed,

    /** The system's audio server ended. */
    ServerDied,
}

/** The microphone cannot be used now, because of [problem]. */
class MicrophoneException(
    message: String,
    val problem: MicrophoneProblem = MicrophoneProblem.InUse,
    cause: Throwable? = null,
) : IOException(message, cause)
