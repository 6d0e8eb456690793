package app.undertone.engine

import java.io.IOException

/** Where live audio comes from. */
public fun interface Microphone {
    /**
     * Starts recording. May wait for the hardware: not for a main thread.
     *
     * @throws MicrophoneException when another app holds the microphone, or this one may not use it.
     */
    public fun start(): Recording
}

/**
 * A running recording: mono PCM16 at [rateHz].
 *
 * [close] and all that is read belong to the thread that records; [stop] may come from any thread, at any time.
 */
public interface Recording : AutoCloseable {
    /** Samples a second, from 1,000 to 192,000; the same as long as the recording goes on. */
    public val rateHz: Int

    /** Samples that the system dropped directly before those of the last [read]; 0 where the source cannot tell. */
    public val lostSamples: Long get() = 0

    /** Why the system gives silence instead of sound, until this app has the microphone back; null while it gives sound. */
    public val silencedBy: MicrophoneProblem? get() = null

    /** What the platform does to the voice and does not let this app switch off, as far as it tells; empty where it tells nothing. */
    public val voiceProcessing: Set<VoiceProcessing> get() = emptySet()

    /**
     * Waits for audio and writes it to the start of [pcm].
     *
     * @return samples written; 0 once the recording was stopped, or where the source has an end.
     * @throws MicrophoneException when the microphone was taken away.
     */
    public fun read(pcm: ShortArray): Int

    /** Makes the current and every later [read] return what is left, then 0. Returns at once. */
    public fun stop()

    /** Frees the microphone. */
    override fun close()
}

/** What a platform may do to a voice before an app gets it; each changes level or timbre, and so what the model finds in it. */
public enum class VoiceProcessing { AutomaticGain, NoiseSuppression, EchoCancellation }

/** What keeps an app from the microphone. */
public enum class MicrophoneProblem(internal val advice: String) {
    /** Another app, a call for example, has it. */
    InUse("try again when the other app is through"),

    /** The switch that turns the microphone off for all apps, in the quick settings or on the device. */
    SwitchedOff("switch the microphone on in the quick settings or on the device"),

    /** The permission is missing, or holds only while the app is on screen. */
    NotAllowed("ask for the permission RECORD_AUDIO while the app is on screen"),

    /** The system's audio server ended. */
    ServerDied("try again in a second or two"),
}

/**
 * The microphone cannot be used now.
 *
 * @param message what was wrong, without advice.
 * @property problem what keeps the app from it.
 */
public class MicrophoneException(
    message: String,
    public val problem: MicrophoneProblem = MicrophoneProblem.InUse,
    cause: Throwable? = null,
) : IOException(message, cause) {
    /** What to do. */
    public val advice: String get() = problem.advice
}
