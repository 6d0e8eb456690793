package app.undertone.replay

import app.undertone.engine.EmotionEngine
import app.undertone.engine.EmotionEstimate
import app.undertone.engine.EmotionEvent
import app.undertone.engine.SmoothedEmotion
import app.undertone.engine.asset.AssetManifest
import java.io.PrintStream
import java.time.Instant

/** Prints one row a line to [out], after a row of names; as in RFC 4180, but with a plain line feed. */
internal class CsvLines(private val out: PrintStream, private val manifest: AssetManifest) : Lines {
    private val labels = manifest.labels
    private val dimensions = if (manifest.hasArousalValence) listOf("arousal", "valence") else emptyList()

    init {
        row(
            listOf("type", "file", "start_s", "end_s", "start_sample", "end_sample", "time", "label", "is_uncertain") +
                labels + listOf("smoothed_label", "smoothed_is_uncertain") + labels.map { "smoothed_$it" } +
                listOf("speech_probability", "reached_network", "reason") + dimensions,
        )
    }

    override fun frame(file: String, startSample: Long, speechProbability: Float, reachedNetwork: Boolean) = row(
        listOf("frame", file) + range(startSample, startSample + EmotionEngine.FRAME_SAMPLES) + "" + estimate(null) + smoothed(null) +
            listOf(speechProbability, reachedNetwork, "") + said(null),
    )

    override fun event(file: String, event: EmotionEvent) = when (event) {
        is EmotionEvent.Early -> result("early", file, event, event.estimate, event.smoothed)
        is EmotionEvent.Segment -> result("segment", file, event, event.estimate, event.smoothed)
        is EmotionEvent.Skipped -> result("skipped", file, event, reason = event.reason)
        is EmotionEvent.Gap -> result("gap", file, event)
    }

    override fun whole(file: String, samples: Long, estimate: EmotionEstimate) =
        row(listOf("segment", file) + range(0, samples) + "" + estimate(estimate) + smoothed(null) + List(3) { "" } + said(estimate))

    private fun result(
        type: String,
        file: String,
        event: EmotionEvent,
        estimate: EmotionEstimate? = null,
        smoothed: SmoothedEmotion? = null,
        reason: String = "",
    ) = row(
        listOf(type, file) + range(event.startSample, event.endSample) + Instant.ofEpochMilli(event.startTimeMs) +
            estimate(estimate) + smoothed(smoothed) + listOf("", "", reason) + said(estimate),
    )

    private fun range(startSample: Long, endSample: Long): List<Any> =
        listOf(startSample.toDouble() / manifest.sampleRateHz, endSample.toDouble() / manifest.sampleRateHz, startSample, endSample)

    private fun estimate(estimate: EmotionEstimate?): List<Any> = estimate?.run { listOf(label, isUncertain) + probabilities } ?: blanks()

    private fun smoothed(smoothed: SmoothedEmotion?): List<Any> = smoothed?.run { listOf(label, isUncertain) + probabilities } ?: blanks()

    /** The values of [dimensions]. */
    private fun said(estimate: EmotionEstimate?): List<Any> =
        estimate?.arousalValence?.run { listOf(arousal, valence) } ?: dimensions.map { "" }

    private fun blanks() = List(2 + labels.size) { "" }

    private fun row(values: List<Any>) = out.print(escapedSurrogates(values.joinToString(",", postfix = "\n") { quoted("$it") }))

    private fun quoted(text: String) = if (text.any { it in ",\"\r\n" }) "\"${text.replace("\"", "\"\"")}\"" else text
}
