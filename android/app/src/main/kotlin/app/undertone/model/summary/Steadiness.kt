package app.undertone.model.summary

import androidx.compose.runtime.Immutable
import app.undertone.model.SpokenSegment

/**
 * How often the emotion stayed what it was, from one segment to the next.
 *
 * Segments that the model is not sure of, and that nobody corrected, are left out: two neighbours are those that remain side by side.
 * This is the complement of the rate of label changes, by segment and not by time, so that one long monologue does not count as many.
 *
 * @param steps from a segment to the next; at least 1.
 * @param kept those of them between two segments of the same emotion.
 */
@Immutable
data class Steadiness(val kept: Int, val steps: Int) {
    /** In 0..1; 1 never changed. */
    val share: Double get() = kept.toDouble() / steps
}

/** null with fewer than two segments to compare. */
internal fun List<SpokenSegment>.steadiness(): Steadiness? {
    val steps = mapNotNull { it.recognised }.zipWithNext()
    return if (steps.isEmpty()) null else Steadiness(steps.count { (before, after) -> before == after }, steps.size)
}
