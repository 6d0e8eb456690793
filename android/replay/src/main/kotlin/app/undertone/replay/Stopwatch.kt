package app.undertone.replay

import app.undertone.engine.EmotionEngine
import app.undertone.engine.EmotionEvent
import app.undertone.engine.StreamCounts
import kotlinx.serialization.json.JsonObjectBuilder
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import kotlinx.serialization.json.putJsonObject
import java.nio.file.Path
import kotlin.io.path.writeText
import kotlin.math.ceil

/**
 * Measures what results cost, from the opening of the asset on, which is when it is made. A result's latency runs from the moment when the last
 * sample that it waited for was there, which for a final result is that of the hangover's last frame, to the moment when it is out.
 */
internal class Stopwatch {
    private val openedNanos = System.nanoTime()
    private var startedNanos = openedNanos
    private var firstResultNanos: Long? = null
    private val finalMs = mutableListOf<Double>()
    private val earlyMs = mutableListOf<Double>()
    private val gateClock = GateClock()
    private var audioSamples = 0L
    private var frames = 0L
    private var networkFrames = 0L
    private var networkRuns = 0L
    private var lateEarlyResults = 0L
    private var lostSamples = 0L
    private var earlySamples = 0L
    private var segmentSamples = 0L

    /** The models are loaded: recordings follow. */
    fun onLoaded() {
        startedNanos = System.nanoTime()
    }

    /** A frame was decided on; [isPrinted] says that a line of it follows. */
    fun onFrame(isPrinted: Boolean) = gateClock.onFrame(isPrinted)

    /** [event] is out; what it waited for was there at [thereNanos], by [System.nanoTime]. */
    fun onEvent(event: EmotionEvent, thereNanos: Long) {
        if (firstResultNanos == null && (event is EmotionEvent.Early || event is EmotionEvent.Segment)) firstResultNanos = System.nanoTime()
        gateClock.breakOff()
        val latencyMs = (System.nanoTime() - thereNanos) / 1e6
        when (event) {
            is EmotionEvent.Early -> earlyMs += latencyMs
            is EmotionEvent.Segment -> finalMs += latencyMs
            is EmotionEvent.Skipped, is EmotionEvent.Gap -> Unit
        }
    }

    /** A stream of [samples] is over. */
    fun onStream(samples: Long, counts: StreamCounts) {
        gateClock.onThreadOver()
        audioSamples += samples
        frames += counts.frames
        networkFrames += counts.networkFrames
        networkRuns += counts.networkRuns
        lateEarlyResults += counts.lateEarlyResults
        lostSamples += counts.lostSamples
        earlySamples += counts.earlySamples
        segmentSamples += counts.segmentSamples
    }

    /** Writes what was measured until now to [file], as one JSON object. */
    fun writeTo(file: Path, sampleRateHz: Int) {
        val wallS = (System.nanoTime() - startedNanos) / 1e9
        val audioS = audioSamples.toDouble() / sampleRateHz
        val report = buildJsonObject {
            put("load_ms", (startedNanos - openedNanos) / 1e6)
            firstResultNanos?.let { put("load_to_first_result_ms", (it - openedNanos) / 1e6) }
            put("audio_s", audioS)
            put("wall_s", wallS)
            put("real_time_factor", if (audioS > 0) wallS / audioS else 0.0)
            put("frames", frames)
            put("frames_gated_share", if (frames > 0) 1 - networkFrames.toDouble() / frames else 0.0)
            put("network_runs_share", if (frames > 0) networkRuns.toDouble() / frames else 0.0)
            gateClock.nanosOfFrame?.let { put("gate_cpu_ms_a_minute", it * sampleRateHz * 60 / EmotionEngine.FRAME_SAMPLES / 1e6) }
            put("emotion_passes", if (segmentSamples > 0) 1 + earlySamples.toDouble() / segmentSamples else 0.0)
            put("late_early_results", lateEarlyResults)
            put("lost_samples", lostSamples)
            latency("final_latency_ms", finalMs)
            latency("early_latency_ms", earlyMs)
            val memory = Memory.now()
            put("heap_bytes", memory.heapBytes)
            put("resident_bytes", memory.residentBytes)
            put("peak_resident_bytes", memory.peakResidentBytes)
        }
        file.writeText("$report\n")
    }

    private fun JsonObjectBuilder.latency(name: String, latenciesMs: List<Double>) = putJsonObject(name) {
        put("count", latenciesMs.size)
        if (latenciesMs.isEmpty()) return@putJsonObject
        val sorted = latenciesMs.sorted()
        for (percent in listOf(50, 95, 99, 100)) put("p$percent", sorted[ceil(percent / 100.0 * sorted.size).toInt() - 1])
    }
}
