package app.undertone.engine.android

import app.undertone.engine.Microphone
import app.undertone.engine.MicrophoneException
import app.undertone.engine.MicrophoneProblem
import app.undertone.engine.Recording
import app.undertone.engine.VoiceProcessing

/**
 * Opens [microphone] again when the system's audio server dies under a recording, as the server restarts within a second or two. What
 * was not recorded meanwhile counts as lost, so that the recording goes on in its place. A server that dies again before it gave
 * anything ends the recording.
 */
public class ReopeningMicrophone internal constructor(private val microphone: Microphone, private val nanoTime: () -> Long) : Microphone {
    public constructor(microphone: Microphone) : this(microphone, System::nanoTime)

    /** Opens the microphone; what it records goes on after a death of the audio server. */
    override fun start(): Recording = Reopening(microphone.start())

    private inner class Reopening(private var current: Recording) : Recording {
        private val lock = Any()
        private var isStopped = false
        private var lastReadNs = nanoTime()
        private var hasRead = false
        private var isReopened = false

        override val rateHz: Int = current.rateHz
        override var lostSamples = 0L
            private set
        override val silencedBy: MicrophoneProblem? get() = current.silencedBy
        override val voiceProcessing: Set<VoiceProcessing> get() = current.voiceProcessing

        override fun read(pcm: ShortArray): Int {
            while (true) {
                val count = try {
                    current.read(pcm)
                } catch (e: MicrophoneException) {
                    if (e.problem != MicrophoneProblem.ServerDied || !hasRead) throw e
                    if (reopen(e)) continue else return 0
                }
                account(count)
                return count
            }
        }

        private fun account(count: Int) {
            val nowNs = nanoTime()
            lostSamples = current.lostSamples
            if (isReopened && count > 0) {
                lostSamples += maxOf(0, Math.round((nowNs - lastReadNs).toDouble() * rateHz / NS_PER_S) - count)
                isReopened = false
            }
            hasRead = hasRead || count > 0
            lastReadNs = nowNs
        }

        /** Returns false where it was stopped meanwhile. */
        private fun reopen(failure: MicrophoneException): Boolean {
            current.close()
            hasRead = false
            isReopened = true
            repeat(ATTEMPTS) {
                if (synchronized(lock) { isStopped }) return false
                val fresh = try {
                    microphone.start()
                } catch (_: MicrophoneException) {
                    Thread.sleep(BETWEEN_ATTEMPTS_MS)
                    return@repeat
                }
                if (fresh.rateHz != rateHz) {
                    fresh.close()
                    throw failure // the queue behind it holds samples at the old rate
                }
                synchronized(lock) {
                    current = fresh
                    if (isStopped) fresh.stop()
                }
                return true
            }
            throw failure
        }

        override fun stop() = synchronized(lock) {
            isStopped = true
            current.stop()
        }

        override fun close() = current.close()
    }

    private companion object {
        const val ATTEMPTS = 20
        const val BETWEEN_ATTEMPTS_MS = 250L
        const val NS_PER_S = 1_000_000_000L
    }
}
