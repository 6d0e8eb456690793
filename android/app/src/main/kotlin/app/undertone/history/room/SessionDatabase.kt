package app.undertone.history.room

import android.content.Context
import androidx.room.AutoMigration
import androidx.room.Database
import androidx.room.Room
import androidx.room.RoomDatabase
import androidx.room.migration.AutoMigrationSpec
import androidx.sqlite.db.SupportSQLiteDatabase
import app.undertone.model.Emotion
import app.undertone.model.SpokenSegment
import app.undertone.model.summary.outline

/** A new version comes with a migration; the schema of each is kept in `schemas`. */
@Database(
    entities = [SessionRow::class, SegmentRow::class, MarkRow::class],
    version = 5,
    autoMigrations = [
        AutoMigration(from = 1, to = 2), // the end that is missing, and the offset of the zone
        AutoMigration(from = 2, to = 3, spec = SessionDatabase.FillsOutlines::class),
        AutoMigration(from = 3, to = 4), // marks
        AutoMigration(from = 4, to = 5), // the silence that ended it
    ],
)
internal abstract class SessionDatabase : RoomDatabase() {
    abstract fun sessions(): SessionDao

    companion object {
        const val FILE = "sessions.db"

        /** Opens nothing yet: the first query does, on a thread of the database. One instance a process. */
        fun of(context: Context): SessionDatabase =
            Room.databaseBuilder(context, SessionDatabase::class.java, FILE).addCallback(ClosesWhatDiedUnfinished).build()
    }

    /** What a list shows is stored beside each session: of those that are there already, it follows from their segments. */
    class FillsOutlines : AutoMigrationSpec {
        override fun onPostMigrate(db: SupportSQLiteDatabase) {
            val lengthsMs = db.query("SELECT id, length_ms FROM sessions").use { rows ->
                buildMap { while (rows.moveToNext()) put(rows.getLong(0), rows.getLong(1)) }
            }
            for ((id, lengthMs) in lengthsMs) {
                val outline = db.segmentsOf(id).outline(lengthMs).toColumns()
                db.execSQL(
                    """
                    UPDATE sessions SET angry_ms = ?, happy_ms = ?, neutral_ms = ?, sad_ms = ?, uncertain_ms = ?,
                        segment_count = ?, sure_count = ?, thirds = ?, ribbon = ?
                    WHERE id = ?
                    """,
                    arrayOf<Any>(
                        outline.angryMs,
                        outline.happyMs,
                        outline.neutralMs,
                        outline.sadMs,
                        outline.uncertainMs,
                        outline.segmentCount,
                        outline.sureCount,
                        outline.thirds,
                        outline.ribbon,
                        id,
                    ),
                )
            }
        }

        /** What an outline is made of; the probabilities are not. */
        private fun SupportSQLiteDatabase.segmentsOf(sessionId: Long): List<SpokenSegment> = query(
            "SELECT start_ms, end_ms, emotion, is_uncertain, corrected_to FROM segments WHERE session_id = ? ORDER BY start_ms, id",
            arrayOf<Any>(sessionId),
        ).use { rows ->
            buildList {
                while (rows.moveToNext()) {
                    add(
                        SpokenSegment(
                            id = 0,
                            startMs = rows.getLong(0),
                            endMs = rows.getLong(1),
                            emotion = Emotion.valueOf(rows.getString(2)),
                            probabilities = emptyList(),
                            isUncertain = rows.getInt(3) != 0,
                            correctedTo = rows.getString(4)?.let(Emotion::valueOf),
                        ),
                    )
                }
            }
        }
    }

    /** Nothing is recorded yet when a process opens its database: what is unfinished then was cut off with the process before. */
    private object ClosesWhatDiedUnfinished : RoomDatabase.Callback() {
        override fun onOpen(db: SupportSQLiteDatabase) = db.execSQL("UPDATE sessions SET is_finished = 1, is_cut_off = 1 WHERE NOT is_finished")
    }
}
