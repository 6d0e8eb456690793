package app.undertone.recording

import java.io.IOException

/** Where live audio comes from. */
fun interface Microphone {
    /**
     * Starts recording.
     *
     * @throws MicrophoneException when another app holds the microphone, or this one may not use it.
     */
    fun start(): Recording
}

/**
 * A running recording: mono PCM16 at [rateHz].
 *
 * [read] and [close] belong to the thread that records; [stop] may come from any thread, at any time.
 */
interface Recording : AutoCloseable {
    val rateHz: Int

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

/** The microphone cannot be used now. */
class MicrophoneException(message: String, cause: Throwable? = null) : IOException(message, cause)
