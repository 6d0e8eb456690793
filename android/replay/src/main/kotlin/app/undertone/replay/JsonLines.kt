package app.undertone.replay

import app.undertone.engine.AssetManifest
import app.undertone.engine.EmotionEstimate
import kotlinx.serialization.json.JsonObjectBuilder
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import kotlinx.serialization.json.putJsonArray
import kotlinx.serialization.json.putJsonObject
import java.io.PrintStream

/** Prints one JSON object a line to [out]. Times are seconds from the start of the file; floats read back as they were. */
internal class JsonLines(private val out: PrintStream, private val manifest: AssetManifest) {
    fun frame(file: String, startSample: Long, speechProbability: Float) = print("frame", file) {
        put("time_s", seconds(startSample))
        put("speech_probability", speechProbability)
    }

    fun segment(file: String, startSample: Long, endSample: Long, estimate: EmotionEstimate) = print("segment", file) {
        put("start_s", seconds(startSample))
        put("end_s", seconds(endSample))
        put("label", estimate.label)
        putJsonArray("logits") { estimate.logits.forEach { add(JsonPrimitive(it)) } }
        putJsonObject("probabilities") {
            manifest.labels.zip(estimate.probabilities).forEach { (label, probability) -> put(label, probability) }
        }
    }

    fun skipped(file: String, startSample: Long, endSample: Long, reason: String) = print("skipped", file) {
        put("start_s", seconds(startSample))
        put("end_s", seconds(endSample))
        put("reason", reason)
    }

    private fun print(type: String, file: String, fields: JsonObjectBuilder.() -> Unit) {
        val line = buildJsonObject {
            put("type", type)
            put("file", file)
            fields()
        }
        out.print("$line\n")
    }

    private fun seconds(samples: Long) = samples.toDouble() / manifest.sampleRateHz
}
