package app.undertone.engine.android

import app.undertone.engine.Microphone
import app.undertone.engine.MicrophoneException
import app.undertone.engine.MicrophoneProblem
import app.undertone.engine.Recording
import org.junit.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertTrue

/** At 16 kHz: a read of 512 samples is 32 ms of audio. */
class ReopeningMicrophoneTest {
    private var nowNs = 0L
    private val dead = MicrophoneException("dead", MicrophoneProblem.ServerDied)

    /** What each start gives: recordings, or the failure to start. */
    private fun microphone(vararg starts: Any): Pair<Recording, List<Played>> {
        val left = ArrayDeque(starts.asList())
        val inner = Microphone {
            when (val next = left.removeFirst()) {
                is Played -> next
                else -> throw next as MicrophoneException
            }
        }
        return ReopeningMicrophone(inner, nanoTime = { nowNs }).start() to starts.filterIsInstance<Played>()
    }

    /** Gives [reads] full reads, then fails with [end]. */
    private inner class Played(private var reads: Int, override val rateHz: Int = 16_000, private val end: MicrophoneException = dead) : Recording {
        override val lostSamples = 0L
        override val silencedBy: MicrophoneProblem? = null
        var isClosed = false
        var isStopped = false

        override fun read(pcm: ShortArray): Int {
            if (isStopped) return 0
            if (reads-- == 0) throw end
            nowNs += 32_000_000
            return pcm.size
        }

        override fun stop() {
            isStopped = true
        }

        override fun close() {
            isClosed = true
        }
    }

    private fun Recording.read() = read(ShortArray(512))

    @Test
    fun `an audio server that dies is waited for, and what passed meanwhile is lost in its place`() {
        val refused = MicrophoneException("not yet", MicrophoneProblem.InUse)
        val (recording, played) = microphone(Played(2), refused, Played(3))
        assertEquals(listOf(512, 512), List(2) { recording.read() })
        nowNs += 1_500_000_000
        assertEquals(512, recording.read())
        assertEquals(24_000, recording.lostSamples)
        assertEquals(512, recording.read())
        assertEquals(0, recording.lostSamples, "accounted once")
        assertTrue(played.first().isClosed)
        recording.stop()
        assertEquals(0, recording.read())
    }

    @Test
    fun `a server that dies again before it gave anything ends the recording`() {
        val (recording) = microphone(Played(1), Played(0), Played(5))
        recording.read()
        assertEquals(MicrophoneProblem.ServerDied, assertFailsWith<MicrophoneException> { recording.read() }.problem)
    }

    @Test
    fun `a microphone that is taken away is not opened again`() {
        val (recording) = microphone(Played(1, end = MicrophoneException("taken")), Played(5))
        recording.read()
        assertEquals(MicrophoneProblem.InUse, assertFailsWith<MicrophoneException> { recording.read() }.problem)
    }

    @Test
    fun `a server that comes back with another rate ends the recording`() {
        val (recording, played) = microphone(Played(1), Played(5, rateHz = 48_000))
        recording.read()
        assertEquals(MicrophoneProblem.ServerDied, assertFailsWith<MicrophoneException> { recording.read() }.problem)
        assertTrue(played.last().isClosed)
    }
}
