package app.undertone.engine.asset

import app.undertone.engine.LiveParameters
import app.undertone.engine.SessionAdaptationParameters
import app.undertone.engine.gate.GateParameters
import app.undertone.engine.gate.SpeechDetector

/**
 * What `manifest.json` says about the asset: the one owner of every number that Python and Kotlin share.
 *
 * @property labels the emotions, in the order of the model's logits.
 * @property sampleRateHz of all audio that the models hear; 16,000.
 * @property shortestWindowSamples the shortest audio that the model takes, at [sampleRateHz].
 * @property longestWindowSamples longer audio is cut into windows of at most this many samples.
 * @property temperature divides the logits before the softmax; above 1 it makes the probabilities less sure.
 * @property uncertaintyThreshold a top probability below this, in 0..1, is uncertain.
 * @property gate when somebody speaks.
 * @property live when results are given meanwhile, and how they are smoothed.
 * @property files every file of the asset but the manifest.
 * @property training what the model was trained on: a JSON object as text, for showing.
 * @property results what was measured on the model: a JSON object as text, for showing.
 * @property gitCommit of the sources that built the asset; null outside a repository.
 * @property hasArousalValence whether the model also says arousal and valence; experimental.
 * @property sessionAdaptation what of all results of a stream is taken off; null where nothing is.
 */
@ConsistentCopyVisibility
public data class AssetManifest internal constructor(
    public val labels: List<String>,
    public val sampleRateHz: Int,
    public val shortestWindowSamples: Int,
    public val longestWindowSamples: Int,
    public val temperature: Double,
    public val uncertaintyThreshold: Double,
    internal val gate: GateParameters,
    internal val live: LiveParameters,
    public val files: List<AssetFile>,
    public val training: String,
    public val results: String,
    public val gitCommit: String?,
    public val hasArousalValence: Boolean,
    internal val sessionAdaptation: SessionAdaptationParameters? = null,
) {
    init {
        require(labels.size >= 2) { "labels must name at least two emotions, not $labels" }
        require(labels.none { it.isBlank() }) { "labels must not be blank: $labels" }
        val twice = labels.groupingBy { it }.eachCount().filterValues { it > 1 }.keys
        require(twice.isEmpty()) { "labels must differ, but ${twice.joinToString()} is there more than once" }
        require(sampleRateHz == SpeechDetector.SAMPLE_RATE_HZ) {
            "sample_rate_hz must be ${SpeechDetector.SAMPLE_RATE_HZ}, not $sampleRateHz"
        }
        require(shortestWindowSamples > 0) { "shortest_window_samples must be above 0, not $shortestWindowSamples" }
        // Audio just over the longest window is cut in two halves, and each must be long enough.
        require(longestWindowSamples / 2 >= shortestWindowSamples) {
            "longest_window_samples must be at least twice shortest_window_samples, not $longestWindowSamples"
        }
        require(temperature > 0 && temperature.isFinite()) { "temperature must be above 0, not $temperature" }
        require(uncertaintyThreshold in 0.0..1.0) { "uncertainty_threshold must be in 0..1, not $uncertaintyThreshold" }
        gate.requireRoomToSplit(sampleRateHz)
        require(live.earlyResultMs.toLong() * sampleRateHz / 1000 >= shortestWindowSamples) {
            "live.early_result_ms must cover shortest_window_samples, not ${live.earlyResultMs}"
        }
    }
}

/**
 * One file of the asset.
 *
 * @property name relative to the asset's folder, with forward slashes.
 * @property sizeBytes its length.
 * @property sha256 its hash, in lower-case hexadecimal.
 */
public data class AssetFile(
    public val name: String,
    public val sizeBytes: Long,
    public val sha256: String,
)
