package app.undertone.history.room

import androidx.room.ColumnInfo
import androidx.room.Embedded
import app.undertone.model.SessionOutline
import app.undertone.model.summary.outcomes

/**
 * A [SessionOutline], in the row of its session.
 *
 * @param thirds a letter of [LETTERS] each; empty before anything was stored.
 * @param ribbon a letter of [LETTERS] for each column; empty before anything was stored.
 */
internal data class OutlineColumns(
    @ColumnInfo("angry_ms", defaultValue = "0") val angryMs: Long = 0,
    @ColumnInfo("happy_ms", defaultValue = "0") val happyMs: Long = 0,
    @ColumnInfo("neutral_ms", defaultValue = "0") val neutralMs: Long = 0,
    @ColumnInfo("sad_ms", defaultValue = "0") val sadMs: Long = 0,
    @ColumnInfo("uncertain_ms", defaultValue = "0") val uncertainMs: Long = 0,
    @ColumnInfo("segment_count", defaultValue = "0") val segmentCount: Int = 0,
    @ColumnInfo("sure_count", defaultValue = "0") val sureCount: Int = 0,
    @ColumnInfo(defaultValue = "") val thirds: String = "",
    @ColumnInfo(defaultValue = "") val ribbon: String = "",
) {
    fun toOutline() = SessionOutline(
        timesMs = listOf(angryMs, happyMs, neutralMs, sadMs, uncertainMs),
        segmentCount,
        sureCount,
        thirds = thirds.map { letter -> kindOf(letter)?.let(outcomes::get) },
        columns = ribbon.map(::kindOf),
    )

    companion object {
        /** Of each of [outcomes] in that order, then of nothing. */
        const val LETTERS = "AHNS?-"

        fun kindOf(letter: Char): Int? = LETTERS.indexOf(letter).takeIf { it in outcomes.indices }

        fun letterOf(kind: Int?): Char = LETTERS[kind ?: outcomes.size]
    }
}

internal fun SessionOutline.toColumns(): OutlineColumns {
    val (angry, happy, neutral, sad, uncertain) = timesMs
    return OutlineColumns(
        angry,
        happy,
        neutral,
        sad,
        uncertain,
        segmentCount,
        sureCount,
        thirds = thirds.joinToString("") { recognised -> OutlineColumns.letterOf(recognised?.ordinal).toString() },
        ribbon = columns.joinToString("") { kind -> OutlineColumns.letterOf(kind).toString() },
    )
}

/** A session that grew: one statement writes all of it. */
internal data class GrownSession(
    val id: Long,
    @ColumnInfo("length_ms") val lengthMs: Long,
    @Embedded val outline: OutlineColumns,
)
