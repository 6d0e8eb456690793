package app.undertone.engine

/**
 * What the model heard in one piece of audio.
 *
 * @property label the likeliest emotion, also when [isUncertain].
 * @property labelIndex its place in the manifest's labels, and in [logits] and [probabilities].
 * @property logits the model's outputs, in the manifest's order of labels.
 * @property probabilities softmax of the logits over the manifest's temperature; they add up to 1.
 * @property isUncertain whether even the likeliest emotion is below the manifest's uncertainty threshold.
 * @property arousalValence null of a model that does not say it; experimental.
 */
public data class EmotionEstimate(
    public val label: String,
    public val labelIndex: Int,
    public val logits: List<Float>,
    public val probabilities: List<Double>,
    public val isUncertain: Boolean,
    public val arousalValence: ArousalValence? = null,
)
