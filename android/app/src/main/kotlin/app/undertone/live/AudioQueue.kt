package app.undertone.live

import java.util.concurrent.ArrayBlockingQueue

/**
 * Hands audio from the capture thread to the engine's, in order and complete.
 *
 * A full queue makes [put] wait: the system's own buffer then takes up what comes in, and no chunk is dropped here.
 */
internal class AudioQueue(capacityChunks: Int) {
    private val chunks = ArrayBlockingQueue<ShortArray>(capacityChunks)
    private var isEnded = false

    fun put(pcm: ShortArray) {
        if (pcm.isNotEmpty()) chunks.put(pcm)
    }

    /** No more audio will come. */
    fun finish() = chunks.put(END)

    /** Waits for the next chunk; null after the last one, however often it is asked. For one thread. */
    fun take(): ShortArray? {
        if (isEnded) return null
        return chunks.take().also { isEnded = it === END }.takeUnless { isEnded }
    }

    private companion object {
        val END = ShortArray(0)
    }
}
