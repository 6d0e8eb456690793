package app.undertone.model

import androidx.compose.runtime.Immutable
import app.undertone.engine.ArousalValence

/**
 * The last segment.
 *
 * @param probabilities in the order of [Emotion].
 * @param isSoFar the segment goes on.
 * @param arousalValence of this segment alone; null of a model that does not say it.
 */
@Immutable
data class RecognisedSegment(
    val emotion: Emotion,
    val probabilities: List<Double>,
    val isUncertain: Boolean,
    val isSoFar: Boolean,
    val durationMs: Int,
    val arousalValence: ArousalValence? = null,
) {
    val confidence: Double get() = probabilities[emotion.ordinal]
}
