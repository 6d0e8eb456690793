package app.undertone.model.summary

import androidx.compose.runtime.Immutable
import app.undertone.model.Emotion
import app.undertone.model.Session
import app.undertone.model.SpokenSegment
import kotlin.math.roundToLong

/** The part of a session that is in sight: [fromMs] until [toMs] from its start. */
@Immutable
data class RibbonWindow(val fromMs: Long, val toMs: Long) {
    val durationMs: Long get() = toMs - fromMs

    /** Where [positionMs] is in the window: 0 at its start, 1 at its end. */
    fun fractionOf(positionMs: Long): Float = (positionMs - fromMs).toFloat() / durationMs

    fun positionAt(fraction: Float): Long = fromMs + (fraction * durationMs.toDouble()).roundToLong()

    /** [factor] above 1 shows less, larger. The middle stays where it is unless an end of the session is reached. */
    fun zoomedBy(factor: Float, lengthMs: Long): RibbonWindow {
        val shown = (durationMs / factor.toDouble()).roundToLong().coerceIn(minOf(SHORTEST_MS, lengthMs), lengthMs)
        return startingAt(fromMs + (durationMs - shown) / 2, shown, lengthMs)
    }

    fun movedBy(deltaMs: Long, lengthMs: Long): RibbonWindow = startingAt(fromMs + deltaMs, durationMs, lengthMs)

    /** Turns to the page that [positionMs] is on, as a player's score does. */
    fun following(positionMs: Long, lengthMs: Long): RibbonWindow =
        if (positionMs in fromMs..toMs) this else startingAt(positionMs, durationMs, lengthMs)

    private fun startingAt(startMs: Long, shownMs: Long, lengthMs: Long): RibbonWindow {
        val fromMs = startMs.coerceIn(0, lengthMs - shownMs)
        return RibbonWindow(fromMs, fromMs + shownMs)
    }

    companion object {
        private const val SHORTEST_MS = 5_000L

        /** All of [session] with these [segments]; at least a moment, so that one can divide by it. */
        fun of(session: Session, segments: List<SpokenSegment>): RibbonWindow =
            RibbonWindow(0, maxOf(1, session.lengthMs, segments.lastOrNull()?.endMs ?: 0))
    }
}

/**
 * A stretch of a ribbon that sounds the same.
 *
 * @param start and [end]: fractions of the window, in 0..1.
 * @param recognised null: not sure.
 */
@Immutable
data class RibbonBlock(val start: Float, val end: Float, val recognised: Emotion?)

/**
 * What a ribbon of [columns] columns shows of [segments]. A column shows what was heard longest in it, and is empty only without any
 * speech: no segment vanishes, however far away it is looked at, and a ribbon of a whole day is drawn as fast as one of a minute.
 */
internal fun ribbonBlocks(segments: List<SpokenSegment>, window: RibbonWindow, columns: Int): List<RibbonBlock> =
    ribbonColumns(segments, window, columns).blocks()

/** Of each column, which of [outcomes] was heard longest in it; null without any speech. */
internal fun ribbonColumns(segments: List<SpokenSegment>, window: RibbonWindow, columns: Int): List<Int?> =
    ribbonShares(segments, window, columns).map { shares -> shares.indices.maxBy { shares[it] }.takeIf { shares[it] > 0 } }

/** Of each column, in how much of it each of [outcomes] was heard. */
internal fun ribbonShares(segments: List<SpokenSegment>, window: RibbonWindow, columns: Int): List<DoubleArray> {
    val shares = List(columns) { DoubleArray(outcomes.size) } // (columns, kinds)
    val columnMs = window.durationMs.toDouble() / columns
    for (segment in segments) {
        if (segment.endMs <= window.fromMs || segment.startMs >= window.toMs) continue
        val start = (segment.startMs - window.fromMs) / columnMs
        val end = (segment.endMs - window.fromMs) / columnMs
        val kind = outcomes.indexOf(segment.recognised)
        for (column in start.toInt().coerceAtLeast(0)..end.toInt().coerceAtMost(columns - 1)) {
            shares[column][kind] += minOf(end, column + 1.0) - maxOf(start, column.toDouble())
        }
    }
    return shares
}

/** Columns, as [ribbonColumns] gives them, with equal neighbours in one block. */
internal fun List<Int?>.blocks(): List<RibbonBlock> = buildList {
    val columns = this@blocks
    var from = 0
    for (column in 1..columns.size) {
        if (column < columns.size && columns[column] == columns[from]) continue
        columns[from]?.let { add(RibbonBlock(from.toFloat() / columns.size, column.toFloat() / columns.size, outcomes[it])) }
        from = column
    }
}
