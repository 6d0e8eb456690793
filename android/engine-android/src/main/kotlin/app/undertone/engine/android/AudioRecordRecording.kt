package app.undertone.engine.android

import android.media.AudioRecord
import android.media.AudioTimestamp
import app.undertone.engine.MicrophoneException
import app.undertone.engine.MicrophoneProblem
import app.undertone.engine.Recording
import app.undertone.engine.VoiceProcessing
import kotlin.concurrent.thread

/**
 * A started [record]; releases it, and what watches over it, in the end.
 *
 * @param problem why the system gives nothing; asked when a read fails.
 */
internal class AudioRecordRecording(
    private val record: AudioRecord,
    private val silence: SilenceWatch?,
    private val device: PreferredDevice?,
    private val effects: PlatformEffects,
    private val problem: () -> MicrophoneProblem,
) : Recording {
    @Volatile
    private var isStopped = false
    private var isReleased = false

    private val clock = CaptureClock(record.sampleRate)
    private val timestamp = AudioTimestamp()

    override val rateHz: Int = record.sampleRate
    override var lostSamples = 0L
        private set
    override val silencedBy: MicrophoneProblem? get() = silence?.silencedBy
    override val voiceProcessing: Set<VoiceProcessing> get() = effects.remaining

    override fun read(pcm: ShortArray): Int {
        while (!isStopped) {
            val count = orIfAudioFails(AudioRecord.ERROR) { record.read(pcm, 0, pcm.size, AudioRecord.READ_BLOCKING) }
            if (count > 0) {
                val isKnown = orIfAudioFails(false) {
                    record.getTimestamp(timestamp, AudioTimestamp.TIMEBASE_MONOTONIC) == AudioRecord.SUCCESS
                }
                lostSamples = clock.onRead(count, timestamp.framePosition.takeIf { isKnown }, timestamp.nanoTime)
                return count
            }
            if (count < 0 && !isStopped) {
                val reason = if (count == AudioRecord.ERROR_DEAD_OBJECT) MicrophoneProblem.ServerDied else problem()
                throw MicrophoneException("the microphone was taken away (error $count)", reason)
            }
        }
        return 0
    }

    /**
     * Returns at once. The system's part takes as long as the device's audio driver likes, and is there to end a read that
     * waits for a driver that gives nothing: it has a thread of its own, because the main thread asks for the stop.
     */
    override fun stop() {
        if (isStopped) return
        isStopped = true
        thread(name = "undertone-stop") {
            evenIfAudioFails { record.stop() } // released meanwhile, which stops it too
        }
    }

    override fun close() {
        isStopped = true
        if (isReleased) return
        isReleased = true
        evenIfAudioFails { silence?.close() }
        evenIfAudioFails { device?.close() }
        effects.close()
        evenIfAudioFails { record.release() }
    }
}
