package app.undertone.live

import app.undertone.recording.Microphone
import app.undertone.recording.MicrophoneException
import app.undertone.recording.Recording
import java.util.concurrent.CountDownLatch

/** Plays [pcm], calls [onEnd], then waits for the stop, or breaks where [breaks]. */
class FakeMicrophone(
    private val pcm: ShortArray,
    override val rateHz: Int = 16_000,
    private val breaks: Boolean = false,
    private val onEnd: () -> Unit = {},
) : Microphone,
    Recording {
    private val stopped = CountDownLatch(1)
    private var position = 0

    @Volatile
    var isClosed = false
        private set

    override fun start(): Recording = this

    override fun read(pcm: ShortArray): Int {
        val count = minOf(pcm.size, this.pcm.size - position)
        if (stopped.count == 0L) return 0
        if (count == 0) {
            onEnd()
            if (breaks) throw MicrophoneException("taken away")
            stopped.await()
            return 0
        }
        this.pcm.copyInto(pcm, 0, position, position + count)
        position += count
        return count
    }

    override fun stop() = stopped.countDown()

    override fun close() {
        isClosed = true
    }
}
