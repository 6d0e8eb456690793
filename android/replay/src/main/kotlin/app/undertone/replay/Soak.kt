package app.undertone.replay

import app.undertone.engine.EmotionEngine
import app.undertone.engine.EmotionEvent
import app.undertone.engine.EngineListener
import app.undertone.engine.gate.SpeechDetector
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import java.io.PrintStream
import kotlin.math.abs
import kotlin.math.ceil

/** A soak found something wrong; the message says what. */
internal class SoakException(message: String) : Exception(message)

/**
 * Plays recordings as one endless stream, as fast as possible, and watches memory and the order of samples.
 *
 * The loop has a whole number of frames, so that from the second round on each frame has the same level every time: a lost, doubled or
 * moved sample would show. After each of [CHECKPOINTS] equal parts, of an hour each where [hours] is 24, a second engine is loaded, leased
 * by a file, taken from it by a recording and freed, and the memory that is held then is printed on [out]. The first part that starts when all recordings have been
 * heard, at least the second, is what the last is compared with.
 *
 * @param openEngine as the app does it; what it opens is closed here.
 */
internal class Soak(private val hours: Double, private val out: PrintStream, private val openEngine: () -> EmotionEngine) {

    /**
     * @throws SoakException when a frame is out of place, a recording does not get the engine of a file, when the last part holds over 5 % more or less memory than the first
     * that is warm, or when there is no time for [LEAST_ROUNDS] rounds.
     */
    fun run(loop: FloatArray) {
        val frameSamples = SpeechDetector.FRAME_SAMPLES
        val frames = loop.size / frameSamples
        if (frames == 0) throw SoakException("the recordings hold no frame of 32 ms")
        val totalFrames = (hours * 3600 * SpeechDetector.SAMPLE_RATE_HZ / frameSamples).toLong()
        if (totalFrames < LEAST_ROUNDS * frames) throw SoakException("$hours hours are too short to hear these recordings $LEAST_ROUNDS times")
        val warmPart = maxOf(2, 1 + ceil(frames.toDouble() * CHECKPOINTS / totalFrames).toInt())
        val order = FrameOrder(frames)
        val preemption = Preemption(loop, openEngine)
        val held = mutableListOf<Long>()
        openEngine().use { engine ->
            engine.start(SpeechDetector.SAMPLE_RATE_HZ, startedAtMs = 0, order)
            val chunk = FloatArray(frameSamples)
            for (part in 1..CHECKPOINTS) {
                val until = totalFrames * part / CHECKPOINTS
                while (order.received < until) {
                    Interruption.check()
                    val start = (order.received % frames).toInt() * frameSamples
                    loop.copyInto(chunk, 0, start, start + frameSamples)
                    engine.accept(chunk)
                }
                preemption.run()
                val memory = Memory.settled()
                held += memory.heldBytes
                val line = buildJsonObject {
                    put("type", "soak")
                    put("hours", hours * part / CHECKPOINTS)
                    put("frames", order.received)
                    put("segments", order.segments)
                    put("preemptions", part)
                    put("heap_bytes", memory.heapBytes)
                    put("resident_bytes", memory.residentBytes)
                }
                out.print("$line\n")
                out.flush()
            }
            engine.finish()
        }
        val change = held.last().toDouble() / held[warmPart - 1] - 1
        if (abs(change) > LARGEST_CHANGE) {
            throw SoakException("memory changed by ${"%.1f".format(100 * change)} % from part $warmPart to the last")
        }
    }

    /** Requires that each frame follows the one before, and is as loud as in the second round; in the first one its filters settle. */
    private class FrameOrder(frames: Int) : EngineListener {
        private val levels = FloatArray(frames)
        var received = 0L
            private set
        var segments = 0L
            private set

        override fun onFrame(startSample: Long, levelDbfs: Float, speechProbability: Float, reachedNetwork: Boolean, isOpen: Boolean) {
            val frame = (received % levels.size).toInt()
            if (received < 2 * levels.size) levels[frame] = levelDbfs
            val isInPlace = startSample == received * SpeechDetector.FRAME_SAMPLES && abs(levels[frame] - levelDbfs) <= SAME_LEVEL_DB
            if (!isInPlace) {
                throw SoakException("frame $received is out of place: it starts at sample $startSample with $levelDbfs dBFS, not ${levels[frame]}")
            }
            received++
        }

        override fun onEvent(event: EmotionEvent) {
            if (event is EmotionEvent.Segment) segments++
        }
    }

    companion object {
        const val CHECKPOINTS = 24
        private const val LEAST_ROUNDS = 3 // one to warm up, two to compare
        private const val SAME_LEVEL_DB = 0.001f // filters forget, but not to the last bit
        private const val LARGEST_CHANGE = 0.05
    }
}
