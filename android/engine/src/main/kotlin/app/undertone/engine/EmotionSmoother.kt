package app.undertone.engine

import app.undertone.engine.asset.AssetManifest
import kotlin.math.exp

/**
 * What to show: the latest estimate together with those before it, without flicker.
 *
 * @property label the emotion to show: the last one shown, until another is [LiveParameters.switchMargin] more probable.
 * @property labelIndex its place in the manifest's labels, and in [probabilities].
 * @property probabilities in the manifest's order of labels; they add up to 1.
 * @property isUncertain whether the shown emotion is below the manifest's uncertainty threshold.
 */
public data class SmoothedEmotion(
    public val label: String,
    public val labelIndex: Int,
    public val probabilities: List<Double>,
    public val isUncertain: Boolean,
)

/**
 * Averages the probabilities of segments, weighted by the duration of their speech; a weight fades as time goes by, so that
 * no label sticks. Within a segment each estimate replaces the one before: its audio holds theirs. Not thread-safe.
 *
 * The average is the linear opinion pool of Stone (1961), Annals of Mathematical Statistics 32. A longer memory, or a
 * forward filter with rare transitions (Rabiner 1989, Proceedings of the IEEE 77, eq. 20), shows a new mood too late.
 */
internal class EmotionSmoother(private val manifest: AssetManifest) {
    private val smoothingSamples = manifest.live.smoothingMs * manifest.sampleRateHz / 1000.0
    private var settled = emptyList<Double>() // probabilities of the segments that ended
    private var settledSamples = 0.0 // the weight of those, as it was at the position settledAt
    private var settledAt = 0L
    private var shown = NOTHING

    /** Takes the estimate of the segment until now; [speechSamples] long, and heard up to the position [endSample]. */
    fun accept(estimate: EmotionEstimate, speechSamples: Long, endSample: Long, isFinal: Boolean): SmoothedEmotion {
        val faded = settledSamples * exp(-(endSample - settledAt) / smoothingSamples)
        val share = speechSamples / (speechSamples + faded)
        val probabilities = estimate.probabilities.mapIndexed { label, probability ->
            if (settled.isEmpty()) probability else share * probability + (1 - share) * settled[label]
        }
        val top = probabilities.indices.maxBy { probabilities[it] }
        if (shown == NOTHING || probabilities[top] > probabilities[shown] + manifest.live.switchMargin) shown = top
        if (isFinal) {
            settled = probabilities
            settledSamples = faded + speechSamples
            settledAt = endSample
        }
        return SmoothedEmotion(
            label = manifest.labels[shown],
            labelIndex = shown,
            probabilities = probabilities,
            isUncertain = probabilities[shown] < manifest.uncertaintyThreshold,
        )
    }

    fun reset() {
        settled = emptyList()
        settledSamples = 0.0
        settledAt = 0
        shown = NOTHING
    }

    private companion object {
        const val NOTHING = -1
    }
}
