package app.undertone.replay

import app.undertone.engine.EmotionEstimate
import app.undertone.engine.EmotionEvent
import app.undertone.engine.SmoothedEmotion
import app.undertone.engine.SpeechSpan
import app.undertone.engine.asset.AssetManifest
import kotlinx.serialization.json.JsonObjectBuilder
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.add
import kotlinx.serialization.json.addJsonArray
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import kotlinx.serialization.json.putJsonArray
import kotlinx.serialization.json.putJsonObject
import java.io.PrintStream
import java.time.Instant

/** Prints one JSON object a line to [out]. Times are seconds from the start of the file; floats read back as they were. */
internal class JsonLines(private val out: PrintStream, private val manifest: AssetManifest) : Lines {
    override fun frame(file: String, startSample: Long, speechProbability: Float, reachedNetwork: Boolean) = print("frame", file) {
        put("time_s", seconds(startSample))
        put("speech_probability", speechProbability)
        put("reached_network", reachedNetwork)
    }

    override fun event(file: String, event: EmotionEvent) {
        when (event) {
            is EmotionEvent.Early -> print("early", file) { result(event, event.estimate, event.smoothed) }
            is EmotionEvent.Segment -> print("segment", file) {
                result(event, event.estimate, event.smoothed)
                speech(event.speech)
            }
            is EmotionEvent.Skipped -> print("skipped", file) {
                place(event)
                put("reason", event.reason)
                speech(event.speech)
            }
            is EmotionEvent.Gap -> print("gap", file) { place(event) }
        }
    }

    override fun whole(file: String, samples: Long, estimate: EmotionEstimate) = print("segment", file) {
        range(0, samples)
        estimate(estimate)
    }

    private fun JsonObjectBuilder.result(event: EmotionEvent, estimate: EmotionEstimate, smoothed: SmoothedEmotion) {
        place(event)
        estimate(estimate)
        putJsonObject("smoothed") {
            put("label", smoothed.label)
            put("is_uncertain", smoothed.isUncertain)
            probabilities(smoothed.probabilities)
        }
    }

    private fun JsonObjectBuilder.speech(spans: List<SpeechSpan>) {
        putJsonArray("speech") { for (span in spans) addJsonArray { for (end in listOf(span.startSample, span.endSample)) add(seconds(end)) } }
    }

    private fun JsonObjectBuilder.place(event: EmotionEvent) {
        range(event.startSample, event.endSample)
        put("time", Instant.ofEpochMilli(event.startTimeMs).toString())
    }

    private fun JsonObjectBuilder.range(startSample: Long, endSample: Long) {
        put("start_s", seconds(startSample))
        put("end_s", seconds(endSample))
        put("start_sample", startSample)
        put("end_sample", endSample)
    }

    private fun JsonObjectBuilder.estimate(estimate: EmotionEstimate) {
        put("label", estimate.label)
        put("is_uncertain", estimate.isUncertain)
        putJsonArray("logits") { estimate.logits.forEach { add(JsonPrimitive(it)) } }
        estimate.adaptedLogits?.let { adapted -> putJsonArray("adapted_logits") { adapted.forEach { add(JsonPrimitive(it)) } } }
        probabilities(estimate.probabilities)
        estimate.arousalValence?.let { said ->
            putJsonObject("arousal_valence") {
                put("arousal", said.arousal)
                put("valence", said.valence)
            }
        }
    }

    private fun JsonObjectBuilder.probabilities(probabilities: List<Double>) {
        putJsonObject("probabilities") { manifest.labels.zip(probabilities).forEach { (label, probability) -> put(label, probability) } }
    }

    private fun print(type: String, file: String, fields: JsonObjectBuilder.() -> Unit) {
        val line = buildJsonObject {
            put("type", type)
            put("file", file)
            fields()
        }
        out.print("${escapedSurrogates("$line")}\n")
    }

    private fun seconds(samples: Long) = samples.toDouble() / manifest.sampleRateHz
}
