package app.undertone.live

import app.undertone.engine.MicrophoneException
import app.undertone.engine.MicrophoneProblem
import app.undertone.engine.Recording
import app.undertone.engine.VoiceProcessing
import app.undertone.engine.android.MicrophoneChoice
import app.undertone.recording.Microphones
import java.util.concurrent.CountDownLatch

/**
 * Plays [pcm], calls [onEnd], then waits for the stop, or breaks where [breaks].
 *
 * @param lostBefore samples that are lost before the one at a position of [pcm].
 * @param silenced positions in [pcm] at which another app has the microphone.
 */
class FakeMicrophone(
    private val pcm: ShortArray,
    override val rateHz: Int = 16_000,
    private val breaks: Boolean = false,
    private val lostBefore: Map<Int, Long> = emptyMap(),
    private val silenced: IntRange = IntRange.EMPTY,
    override val voiceProcessing: Set<VoiceProcessing> = emptySet(),
    private val onEnd: () -> Unit = {},
) : Microphones,
    Recording {
    private val stopped = CountDownLatch(1)
    private var position = 0

    @Volatile
    var isClosed = false
        private set

    override var lostSamples = 0L
        private set

    override var silencedBy: MicrophoneProblem? = null
        private set

    override fun start(choice: MicrophoneChoice): Recording = this

    override fun read(pcm: ShortArray): Int {
        val count = minOf(pcm.size, this.pcm.size - position)
        if (stopped.count == 0L) return 0
        if (count == 0) {
            onEnd()
            if (breaks) throw MicrophoneException("taken away")
            stopped.await()
            return 0
        }
        lostSamples = lostBefore[position] ?: 0
        silencedBy = MicrophoneProblem.InUse.takeIf { position in silenced }
        this.pcm.copyInto(pcm, 0, position, position + count)
        position += count
        return count
    }

    override fun stop() = stopped.countDown()

    override fun close() {
        isClosed = true
    }
}
