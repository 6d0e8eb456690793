package app.undertone.history.room

import android.content.Context
import androidx.room.AutoMigration
import androidx.room.Database
import androidx.room.Room
import androidx.room.RoomDatabase
import androidx.sqlite.db.SupportSQLiteDatabase

/** A new version comes with a migration; the schema of each is kept in `schemas`. */
@Database(
    entities = [SessionRow::class, SegmentRow::class],
    version = 2,
    autoMigrations = [AutoMigration(from = 1, to = 2)], // the end that is missing, and the offset of the zone
)
internal abstract class SessionDatabase : RoomDatabase() {
    abstract fun sessions(): SessionDao

    companion object {
        const val FILE = "sessions.db"

        /** Opens nothing yet: the first query does, on a thread of the database. One instance a process. */
        fun of(context: Context): SessionDatabase =
            Room.databaseBuilder(context, SessionDatabase::class.java, FILE).addCallback(ClosesWhatDiedUnfinished).build()
    }

    /** Nothing is recorded yet when a process opens its database: what is unfinished then was cut off with the process before. */
    private object ClosesWhatDiedUnfinished : RoomDatabase.Callback() {
        override fun onOpen(db: SupportSQLiteDatabase) = db.execSQL("UPDATE sessions SET is_finished = 1, is_cut_off = 1 WHERE NOT is_finished")
    }
}
