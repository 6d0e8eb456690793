package app.undertone.recording

import android.media.AudioRecord
import android.media.AudioTimestamp

/** A started [record]; releases it, and what watches over it, in the end. */
internal class AudioRecordRecording(
    private val record: AudioRecord,
    private val silenced: SilencedByOthers?,
    private val device: PreferredDevice?,
) : Recording {
    private val lock = Any()
    private var isReleased = false

    @Volatile
    private var isStopped = false

    private val clock = CaptureClock(record.sampleRate)
    private val timestamp = AudioTimestamp()

    override val rateHz: Int = record.sampleRate
    override var lostSamples = 0L
        private set
    override val isSilenced: Boolean get() = silenced?.isSilenced ?: false

    override fun read(pcm: ShortArray): Int {
        while (!isStopped) {
            val count = record.read(pcm, 0, pcm.size, AudioRecord.READ_BLOCKING)
            if (count > 0) {
                val isKnown = record.getTimestamp(timestamp, AudioTimestamp.TIMEBASE_MONOTONIC) == AudioRecord.SUCCESS
                lostSamples = clock.onRead(count, timestamp.framePosition.takeIf { isKnown }, timestamp.nanoTime)
                return count
            }
            if (count < 0 && !isStopped) throw MicrophoneException("the microphone was taken away (error $count)")
        }
        return 0
    }

    override fun stop() = synchronized(lock) {
        isStopped = true
        if (!isReleased) record.stop()
    }

    override fun close() = synchronized(lock) {
        isStopped = true
        if (!isReleased) {
            isReleased = true
            silenced?.close()
            device?.close()
            record.release()
        }
    }
}
