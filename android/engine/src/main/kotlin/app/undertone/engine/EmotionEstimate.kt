package app.undertone.engine

import app.undertone.engine.asset.AssetManifest

/**
 * What the model heard in one piece of audio.
 *
 * @property label the likeliest emotion, also when [isUncertain].
 * @property labelIndex its place in the manifest's labels, and in [logits] and [probabilities].
 * @property logits the model's outputs, in the manifest's order of labels; never adapted.
 * @property probabilities softmax of the logits, of [adaptedLogits] where there are any, over the manifest's temperature; they add up to 1.
 * @property isUncertain whether even the likeliest emotion is below the manifest's uncertainty threshold.
 * @property arousalValence null of a model that does not say it; experimental.
 * @property adaptedLogits [logits] less what the results of the stream before have in common; null where the engine does not adapt.
 */
public data class EmotionEstimate(
    public val label: String,
    public val labelIndex: Int,
    public val logits: List<Float>,
    public val probabilities: List<Double>,
    public val isUncertain: Boolean,
    public val arousalValence: ArousalValence? = null,
    public val adaptedLogits: List<Float>? = null,
)

/** The estimate for these [logits], decided by [adaptedLogits] where there are any. */
internal fun AssetManifest.estimateOf(
    logits: List<Float>,
    arousalValence: ArousalValence?,
    adaptedLogits: List<Float>? = null,
): EmotionEstimate {
    val deciding = adaptedLogits ?: logits
    val probabilities = softmax(deciding, temperature)
    val top = deciding.indices.maxBy { deciding[it] } // the first of equals
    return EmotionEstimate(
        label = labels[top],
        labelIndex = top,
        logits = logits,
        probabilities = probabilities,
        isUncertain = probabilities[top] < uncertaintyThreshold,
        arousalValence = arousalValence,
        adaptedLogits = adaptedLogits,
    )
}
