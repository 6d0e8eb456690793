package app.undertone.model.summary

import androidx.compose.runtime.Immutable
import app.undertone.model.Emotion
import app.undertone.model.RecognisedSegment
import app.undertone.model.SpokenSegment

/**
 * Neighbouring moments that sound the same, as one, with the short doubts between them.
 *
 * @param segments in order of time, at least one; the first says what all are [recognised] as, but for doubts, and what they were corrected from.
 */
@Immutable
internal data class MomentRun(val segments: List<SpokenSegment>) {
    val id: Long get() = segments.first().id

    /** null: not sure. */
    val recognised: Emotion? get() = segments.first().recognised
    val startMs: Long get() = segments.first().startMs
    val endMs: Long get() = segments.last().endMs

    /** From its first word to its last, pauses included. */
    val spanMs: Long get() = endMs - startMs

    /** Of speech alone, without the pauses in between. */
    val speechMs: Long get() = segments.sumOf { it.durationMs }

    val isCorrected: Boolean get() = segments.first().correctedTo != null

    /**
     * What the model recognised, before any correction. Each probability is the mean over the segments, weighted by their lengths; where
     * they are not sure, the emotion is the likeliest of these means.
     */
    fun recognised(): RecognisedSegment {
        val first = segments.first()
        // Segments without a length count alike.
        val weights = segments.map { it.durationMs.toDouble() }.takeIf { it.sum() > 0 } ?: segments.map { 1.0 }
        val probabilities = first.probabilities.indices.map { kind ->
            segments.indices.sumOf { weights[it] * segments[it].probabilities[kind] } / weights.sum()
        }
        val emotion = if (first.isUncertain) Emotion.entries[probabilities.indices.maxBy { probabilities[it] }] else first.emotion
        return RecognisedSegment(emotion, probabilities, first.isUncertain, isSoFar = false, speechMs.toInt())
    }
}

/**
 * In order of time: neighbours are one run if they are heard as the same, and recognised as the same where they were corrected. Less than
 * [SHORT_DOUBT_MS] of speech that nobody can be sure of does not divide such a run: an hour of talk has hundreds of such seconds.
 */
internal fun List<SpokenSegment>.momentRuns(): List<MomentRun> {
    val starts = indices.filter { it == 0 || !this[it].soundsLike(this[it - 1]) }
    val runs = mutableListOf<MomentRun>()
    for ((from, until) in starts.zip(starts.drop(1) + size)) {
        val run = MomentRun(subList(from, until))
        val before = runs.getOrNull(runs.lastIndex - 1)
        if (before != null && runs.last().isShortDoubt && run.segments.first().soundsLike(before.segments.first())) {
            val doubt = runs.removeAt(runs.lastIndex)
            runs[runs.lastIndex] = MomentRun(subList(from - doubt.segments.size - before.segments.size, until))
        } else {
            runs += run
        }
    }
    return runs
}

/** The place of the run that [positionMs] is in; null between two. */
internal fun List<MomentRun>.placeAt(positionMs: Long): Int? =
    indexOfLast { it.startMs <= positionMs }.takeIf { it >= 0 && positionMs < this[it].endMs }

private val MomentRun.isShortDoubt: Boolean get() = recognised == null && speechMs < SHORT_DOUBT_MS

private const val SHORT_DOUBT_MS = 3_000

private fun SpokenSegment.soundsLike(other: SpokenSegment): Boolean = recognised == other.recognised && correctedFrom == other.correctedFrom

/** Whether it was corrected, and what from: null stands for "not sure". */
private val SpokenSegment.correctedFrom: Pair<Boolean, Emotion?>
    get() = if (correctedTo == null) false to null else true to emotion.takeUnless { isUncertain }
