package app.undertone.model.summary

import app.undertone.model.SpokenSegment

/** Where the next moment begins; null behind the last. */
internal fun List<SpokenSegment>.nextMomentMs(positionMs: Long): Long? = firstOrNull { it.startMs > positionMs }?.startMs

/** Where this moment began or, just behind that, the one before; null before the first. */
internal fun List<SpokenSegment>.previousMomentMs(positionMs: Long): Long? = lastOrNull { it.startMs < positionMs - JUST_BEGUN_MS }?.startMs

/** A second tap leads to the moment before, not to the same again. */
private const val JUST_BEGUN_MS = 1_500L
