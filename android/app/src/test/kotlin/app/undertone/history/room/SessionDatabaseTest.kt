package app.undertone.history.room

import android.app.Application
import android.content.Context
import android.database.sqlite.SQLiteDatabase
import androidx.test.core.app.ApplicationProvider
import app.undertone.history.HistorySamples
import app.undertone.model.Emotion
import app.undertone.model.Mark
import app.undertone.model.Session
import app.undertone.model.SessionSource
import app.undertone.model.SessionStore
import app.undertone.model.SessionSummary
import app.undertone.model.summary.Story
import app.undertone.model.summary.outline
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config
import java.io.File
import java.time.ZoneOffset
import kotlin.test.assertEquals

/** Databases of other versions of the app, and of processes that died. */
@RunWith(RobolectricTestRunner::class)
@Config(application = Application::class)
class SessionDatabaseTest {
    private val context = ApplicationProvider.getApplicationContext<Context>()

    /** As the app of that [version] made it, by the schema that is kept of it. */
    private fun databaseOf(version: Int, fill: (SQLiteDatabase) -> Unit) {
        val file = context.getDatabasePath(SessionDatabase.FILE).also { it.parentFile!!.mkdirs() }
        val schema = Json.parseToJsonElement(File("schemas/${SessionDatabase::class.java.name}/$version.json").readText())
            .jsonObject.getValue("database").jsonObject
        SQLiteDatabase.openOrCreateDatabase(file, null).use { database ->
            for (entity in schema.getValue("entities").jsonArray.map { it.jsonObject }) {
                val table = entity.getValue("tableName").jsonPrimitive.content
                val creations = listOf(entity) + entity["indices"]?.jsonArray.orEmpty().map { it.jsonObject }
                for (creation in creations) {
                    database.execSQL(creation.getValue("createSql").jsonPrimitive.content.replace("\${TABLE_NAME}", table))
                }
            }
            schema.getValue("setupQueries").jsonArray.forEach { database.execSQL(it.jsonPrimitive.content) }
            fill(database)
            database.version = version
        }
    }

    private fun session(id: Long): Session? = inStore { it.session(id).first() }

    private fun <T> inStore(read: suspend (SessionStore) -> T): T = runBlocking {
        RoomSessionStore(SessionDatabase.of(context)) { context.filesDir }.use { read(it) }
    }

    @Test
    fun `what version 1 stored is there, without an offset, and cut off only where it has no end`() {
        databaseOf(version = 1) {
            for (isFinished in 0..1) {
                it.execSQL("INSERT INTO sessions VALUES (${7 + isFinished}, 'Microphone', 5, 1000, 'Monday', '[]', NULL, $isFinished, 0)")
            }
        }
        val stored = Session(8, SessionSource.Microphone, startedAtMs = 5, lengthMs = 1_000, title = "Monday", isFinished = true)
        assertEquals(stored, session(8))
        assertEquals(stored.copy(id = 7, isCutOff = true), session(7))
    }

    @Test
    fun `what version 2 stored is listed by its segments, corrections and doubts included`() {
        val segments = HistorySamples.conversation
        databaseOf(version = 2) { database ->
            database.execSQL("INSERT INTO sessions VALUES (7, 'Microphone', 5, 95000, 'Monday', '[]', NULL, 1, 0, 0, 3600)")
            database.execSQL("INSERT INTO sessions VALUES (8, 'File', 9, 1000, NULL, '[\"work\"]', NULL, 1, 0, 0, NULL)")
            for (segment in segments) {
                val (angry, happy, neutral, sad) = segment.probabilities
                database.execSQL(
                    "INSERT INTO segments VALUES (NULL, 7, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?)",
                    arrayOf<Any?>(
                        segment.startMs,
                        segment.endMs,
                        segment.emotion.name,
                        if (segment.isUncertain) 1 else 0,
                        segment.correctedTo?.name,
                        angry,
                        happy,
                        neutral,
                        sad,
                    ),
                )
            }
        }
        val (silent, spoken) = inStore { it.summaries().first() }
        assertEquals(SessionSummary(spoken.session, segments.outline(95_000)), spoken)
        assertEquals(listOf("work") to Story.Silence, silent.session.tags to silent.story)
        assertEquals(segments, inStore { it.segments(7).first() }.map { it.copy(id = 0) })
    }

    @Test
    fun `what version 3 stored is there as it was, and takes marks`() {
        databaseOf(version = 3) {
            val outline = "0, 0, 0, 900, 0, 1, 1, 'SSS', 'S'"
            it.execSQL("INSERT INTO sessions VALUES (7, 'Microphone', 5, 1000, 'Monday', '[]', NULL, 1, 0, 0, 3600, $outline)")
            it.execSQL("INSERT INTO segments VALUES (3, 7, 100, 1000, 0, 'Sad', 0, NULL, 0.1, 0.1, 0.1, 0.7)")
        }
        val summary = inStore { it.summaries().first().single() }
        val shown = summary.run { Triple(session.title, sharesMs, story) }
        assertEquals(Triple("Monday", listOf(0L, 0L, 0L, 900L), Story.OneMoment(Emotion.Sad)), shown)
        assertEquals(listOf(3L), inStore { it.segments(7).first().map { segment -> segment.id } })
        val marks = inStore {
            it.mark(7, listOf(Mark(0, positionMs = 400, markedAtMs = 6)))
            it.marks(7).first()
        }
        assertEquals(listOf(Mark(1, 400, 6)), marks)
    }

    @Test
    fun `what version 4 stored is there as it was, and was stopped by somebody`() {
        databaseOf(version = 4) {
            val outline = "0, 0, 0, 900, 0, 1, 1, 'SSS', 'S'"
            it.execSQL("INSERT INTO sessions VALUES (7, 'Microphone', 5, 1000, 'Monday', '[]', '5.m4a', 1, 0, 1, 3600, $outline)")
            it.execSQL("INSERT INTO segments VALUES (3, 7, 100, 1000, 0, 'Sad', 0, NULL, 0.1, 0.1, 0.1, 0.7)")
            it.execSQL("INSERT INTO marks VALUES (1, 7, 400, 6)")
        }
        val summary = inStore { it.summaries().first().single() }
        val zoneOffset = ZoneOffset.ofHours(1)
        val stored = Session(7, SessionSource.Microphone, 5, 1_000, "Monday", emptyList(), "5.m4a", isFinished = true, isCutOff = true, zoneOffset)
        assertEquals(stored to Story.OneMoment(Emotion.Sad), summary.session to summary.story)
        assertEquals(listOf(Mark(1, 400, 6)), inStore { it.marks(7).first() })
        val silenced = inStore {
            it.finish(7, 2_000, stoppedAfterSilenceMin = 5)
            it.session(7).first()
        }
        assertEquals(5, silenced?.stoppedAfterSilenceMin)
    }

    @Test
    fun `a recording that its process did not end is cut off, and one that it ended is not`() {
        val started = Session(0, SessionSource.Microphone, startedAtMs = 5, lengthMs = 0, zoneOffset = ZoneOffset.ofHours(9))
        val (ended, died) = runBlocking {
            RoomSessionStore(SessionDatabase.of(context)) { context.filesDir }.use { store ->
                store.begin(started).also { store.finish(it, 1_000) } to store.begin(started).also { store.extend(it, 500) }
            }
        }
        assertEquals(started.copy(id = ended, lengthMs = 1_000, isFinished = true), session(ended))
        assertEquals(started.copy(id = died, lengthMs = 500, isFinished = true, isCutOff = true), session(died))
    }
}
