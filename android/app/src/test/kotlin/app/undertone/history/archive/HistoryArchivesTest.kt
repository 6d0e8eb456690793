package app.undertone.history.archive

import android.app.Application
import android.content.Context
import android.database.sqlite.SQLiteFullException
import android.net.Uri
import androidx.room.Room
import androidx.test.core.app.ApplicationProvider
import app.undertone.history.HistorySamples
import app.undertone.history.room.RoomSessionStore
import app.undertone.history.room.SessionDatabase
import app.undertone.model.Emotion
import app.undertone.model.Mark
import app.undertone.model.Session
import app.undertone.model.SessionSource
import app.undertone.model.SessionStore
import app.undertone.model.SessionSummary
import app.undertone.model.SpokenSegment
import app.undertone.model.WholeSession
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import org.junit.After
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import java.io.ByteArrayInputStream
import java.io.ByteArrayOutputStream
import java.io.IOException
import java.io.InputStream
import java.time.ZoneOffset
import java.util.zip.ZipEntry
import java.util.zip.ZipInputStream
import java.util.zip.ZipOutputStream
import kotlin.random.Random
import kotlin.test.assertContentEquals
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertTrue

/** From one phone to another, each with a real database and folder of its own. */
@RunWith(RobolectricTestRunner::class)
@Config(application = Application::class)
class HistoryArchivesTest {
    @get:Rule
    val folder = TemporaryFolder()

    private val context = ApplicationProvider.getApplicationContext<Context>()
    private val resolver = context.contentResolver
    private val document = Uri.parse("content://documents/undertone.zip")
    private val old = Phone("old")
    private val new = Phone("new")

    private inner class Phone(private val name: String) {
        val store = RoomSessionStore(Room.inMemoryDatabaseBuilder(context, SessionDatabase::class.java).build(), ::audioFolder)
        val staging get() = folder.root.resolve("$name/import")
        var freeBytes = 1_000_000_000L

        /** Between two looks. */
        var lostBytes = 0L

        fun audioFolder() = folder.root.resolve("$name/audio").also { it.mkdirs() }

        fun archives(store: SessionStore = this.store) = HistoryArchives(store, resolver, ::audioFolder, ::staging) {
            freeBytes -= lostBytes
            freeBytes
        }

        suspend fun record(
            session: Session,
            segments: List<SpokenSegment> = emptyList(),
            audio: ByteArray? = null,
            marks: List<Mark> = emptyList(),
        ): Long {
            if (audio != null) audioFolder().resolve(session.audioFile!!).writeBytes(audio)
            val id = store.begin(session)
            store.append(id, segments, session.lengthMs)
            store.mark(id, marks)
            store.finish(id, session.lengthMs, session.isCutOff, session.stoppedAfterSilenceMin)
            return id
        }

        /** Everything that a user sees, but for ids. */
        suspend fun history(): List<Triple<SessionSummary, List<SpokenSegment>, List<Mark>>> = store.summaries().first().map { summary ->
            val segments = store.segments(summary.session.id).first()
            val marks = store.marks(summary.session.id).first()
            Triple(summary.copy(session = summary.session.copy(id = 0)), segments.map { it.copy(id = 0) }, marks.map { it.copy(id = 0) })
        }

        fun audio() = audioFolder().list().orEmpty().sorted()

        suspend fun assertUntouched(what: String, history: List<Triple<SessionSummary, List<SpokenSegment>, List<Mark>>> = emptyList()) {
            assertEquals(history, history(), what)
            assertEquals(history.mapNotNull { it.first.session.audioFile }.sorted(), audio(), what)
            assertFalse(staging.exists(), what)
        }
    }

    @After
    fun close() = listOf(old, new).forEach { it.store.close() }

    private val talk = Session(
        id = 0,
        SessionSource.Microphone,
        startedAtMs = 1_764_000_000_000,
        lengthMs = 95_000,
        title = "Büro \"1\"",
        tags = listOf("work", "عائلة"),
        audioFile = "1764000000000.wav",
        isCutOff = true,
        zoneOffset = ZoneOffset.ofHoursMinutes(5, 30),
        stoppedAfterSilenceMin = 5,
    )
    private val marks = listOf(Mark(0, positionMs = 1_000, markedAtMs = 1_764_000_001_000), Mark(0, 24_000, 1_764_000_025_000))
    private val sound = Random(4).nextBytes(300_000)

    private suspend fun fillOld() {
        old.record(talk, HistorySamples.conversation.mapIndexed { i, segment -> segment.copy(pausedMs = i * 100L) }, sound, marks)
        old.record(Session(0, SessionSource.File, startedAtMs = 5, lengthMs = 1_000, title = "memo.ogg"))
    }

    private fun written(): ByteArray {
        val out = ByteArrayOutputStream()
        shadowOf(resolver).registerOutputStream(document, out)
        assertTrue(runBlocking { old.archives().write(document) })
        return out.toByteArray()
    }

    private fun offer(open: () -> InputStream) = shadowOf(resolver).registerInputStreamSupplier(document, open)

    private suspend fun Phone.read(bytes: ByteArray): ImportResult {
        offer { ByteArrayInputStream(bytes) }
        return archives().read(document)
    }

    private suspend fun problem(bytes: ByteArray): ArchiveProblem {
        val result = new.read(bytes)
        new.assertUntouched("$result")
        return (result as ImportResult.Refused).problem
    }

    /** [archive] with the text of an entry, or all of it, changed. */
    private fun edited(archive: ByteArray, change: (name: String, bytes: ByteArray) -> ByteArray?): ByteArray {
        val out = ByteArrayOutputStream()
        ZipOutputStream(out).use { zip ->
            val entries = ZipInputStream(ByteArrayInputStream(archive))
            generateSequence { entries.nextEntry }.forEach { entry ->
                change(entry.name, entries.readBytes())?.let {
                    zip.putNextEntry(ZipEntry(entry.name))
                    zip.write(it)
                }
            }
        }
        return out.toByteArray()
    }

    private fun edited(archive: ByteArray, name: String, from: String, to: String) = edited(archive) { entry, bytes ->
        if (entry != name) {
            bytes
        } else {
            val text = bytes.decodeToString()
            assertTrue(from in text, text)
            text.replaceFirst(from, to).toByteArray()
        }
    }

    @Test
    fun `a new phone has everything that the old one had`() = test {
        fillOld()
        val unfinished = old.store.begin(talk.copy(startedAtMs = 9, audioFile = null))
        assertEquals(ImportResult.Imported(added = 2, known = 0), new.read(written()))
        old.store.delete(unfinished)
        assertEquals(old.history(), new.history())
        assertContentEquals(sound, new.audioFolder().resolve(talk.audioFile!!).readBytes())
        assertFalse(new.staging.exists())
    }

    @Test
    fun `what is here already is not imported again, and what was deleted is`() = test {
        fillOld()
        val archive = written()
        new.read(archive)
        val before = new.history()
        assertEquals(ImportResult.Imported(added = 0, known = 2), new.read(archive))
        assertEquals(before, new.history())

        old.record(talk.copy(startedAtMs = 77, audioFile = null))
        val deleted = new.store.summaries().first().single { it.session.title == "memo.ogg" }.session.id
        new.store.delete(deleted)
        assertEquals(ImportResult.Imported(added = 2, known = 1), new.read(written()))
        new.store.restore(deleted)
        assertEquals(old.history(), new.history())
    }

    @Test
    fun `imported audio never takes the place of other audio`() = test {
        fillOld()
        new.audioFolder().resolve(talk.audioFile!!).writeText("another recording")
        new.read(written())
        assertEquals(listOf("1764000000000-2.wav", "1764000000000.wav"), new.audio())
        assertEquals("1764000000000-2.wav", new.history().first().first.session.audioFile)
        assertEquals("another recording", new.audioFolder().resolve(talk.audioFile).readText())
    }

    @Test
    fun `a file that is cut short anywhere is refused, and nothing of it is here`() = test {
        fillOld()
        val archive = written()
        // Not the zip's own table of contents at the end: all of the history is there before it.
        val contents = archive.size - 600
        for (length in (0..contents step 7_919) + listOf(1, 30, 60, 100, 200, 300, 1_000, contents)) {
            val problem = problem(archive.copyOf(length))
            assertTrue(problem == ArchiveProblem.Incomplete || (problem == ArchiveProblem.NotOurs && length < 300), "$problem at $length")
        }
    }

    @Test
    fun `damage is found, wherever it is`() = test {
        fillOld()
        val archive = written()
        val first = ArchiveLayout.recording(1)
        val damaged = listOf(
            edited(archive, first, "\"happy\"", "\"bored\""),
            edited(archive, first, "\"angry\":", "\"wrath\":"),
            edited(archive, first, "\"start_ms\":2000", "\"start_ms\":2000000"),
            edited(archive, first, "\"source\":\"microphone\"", "\"source\":\"radio\""),
            edited(archive, first, "\"length_ms\":95000", "\"length_ms\":-1"),
            edited(archive, first, "\"zone_offset_s\":19800", "\"zone_offset_s\":198000"),
            edited(archive, first, "\"audio_bytes\":300000", "\"audio_bytes\":300001"),
            edited(archive, first, "\"audio\":\"wav\"", "\"audio\":\"../../secret\""),
            edited(archive, first, "\"segments\":[", "\"segments\":"),
            edited(archive, first, "\"position_ms\":24000", "\"position_ms\":-1"),
            edited(archive, ArchiveLayout.HEADER, "\"recordings\":2", "\"recordings\":3"),
            edited(archive) { name, bytes -> bytes.takeUnless { name == ArchiveLayout.recording(1, "wav") } },
            edited(archive) { name, bytes -> bytes.takeUnless { name == ArchiveLayout.recording(2) } },
            archive.copyOf().also { it[archive.size / 2] = (it[archive.size / 2] + 1).toByte() },
        )
        damaged.forEachIndexed { index, bytes -> assertEquals(ArchiveProblem.Incomplete, problem(bytes), "damage $index") }
    }

    @Test
    fun `what is no history, and what a newer version wrote, are told apart`() = test {
        fillOld()
        val archive = written()
        val others = listOf(
            ByteArray(0),
            "session,title\n1,a\n".toByteArray(),
            sound,
            edited(archive) { name, bytes -> bytes.takeUnless { name == ArchiveLayout.HEADER } },
            edited(archive, ArchiveLayout.HEADER, "undertone-history", "overtone-history"),
            edited(archive) { _, _ -> "[1]".toByteArray() },
        )
        for (other in others) assertEquals(ArchiveProblem.NotOurs, problem(other))
        assertEquals(ArchiveProblem.Newer, problem(edited(archive, ArchiveLayout.HEADER, "\"version\":1", "\"version\":2,\"colour\":3")))
        // A field that this version does not know is no reason to refuse.
        val extended = edited(edited(archive, ArchiveLayout.recording(2), "{", "{\"mood\":1,"), ArchiveLayout.HEADER, "{", "{\"by\":\"x\",")
        assertEquals(ImportResult.Imported(added = 2, known = 0), new.read(extended))
    }

    @Test
    fun `a file of an app that had no marks is imported without any`() = test {
        old.record(talk.copy(audioFile = null), HistorySamples.conversation)
        assertEquals(ImportResult.Imported(added = 1, known = 0), new.read(edited(written(), ArchiveLayout.recording(1), ",\"marks\":[]", "")))
        assertEquals(old.history(), new.history())
    }

    @Test
    fun `an entry leads to no other place`() = test {
        fillOld()
        val out = ByteArrayOutputStream()
        ZipOutputStream(out).use { zip ->
            val entries = ZipInputStream(ByteArrayInputStream(written()))
            for (name in listOf("../evil.json", "recordings/../../evil.json", "recordings/1.sh", "recordings/01.json")) {
                zip.putNextEntry(ZipEntry(name))
                zip.write(1)
            }
            generateSequence { entries.nextEntry }.forEach { entry ->
                zip.putNextEntry(ZipEntry(entry.name))
                entries.copyTo(zip)
            }
        }
        assertEquals(ImportResult.Imported(added = 2, known = 0), new.read(out.toByteArray()))
        assertEquals(emptyList(), folder.root.walk().filter { "evil" in it.name || ".sh" in it.name }.toList())
    }

    @Test
    fun `whatever a provider throws ends in a sentence`() = test {
        fillOld()
        val archive = written()
        val failures = listOf(IOException("no"), SecurityException("no"), IllegalStateException("no"), NullPointerException("no"))
        for (failure in failures) {
            offer { throw failure }
            assertEquals(ImportResult.Refused(ArchiveProblem.Unreadable), new.archives().read(document), "$failure on opening")
            offer {
                object : ByteArrayInputStream(archive) {
                    override fun read(b: ByteArray, off: Int, len: Int): Int = if (pos > 100_000) throw failure else super.read(b, off, len)
                }
            }
            assertEquals(ImportResult.Refused(ArchiveProblem.Unreadable), new.archives().read(document), "$failure on the way")
            new.assertUntouched("$failure")
        }
    }

    @Test
    fun `a phone without room keeps what it had and nothing else`() = test {
        new.record(talk.copy(startedAtMs = 3, audioFile = "3.wav"), audio = ByteArray(10))
        val before = new.history()
        fillOld()
        val archive = written()
        new.freeBytes = 30_000_000
        assertEquals(ImportResult.Refused(ArchiveProblem.NoRoom), new.read(archive))
        new.assertUntouched("as stated", before)
        // A file that states less than it has.
        new.freeBytes = 30_000_004
        new.lostBytes = 1
        val sly = edited(archive, ArchiveLayout.HEADER, "\"audio_bytes\":300000", "\"audio_bytes\":0")
        assertEquals(ImportResult.Refused(ArchiveProblem.NoRoom), new.read(sly))
        new.assertUntouched("as it is", before)

        new.freeBytes = 1_000_000_000
        new.lostBytes = 0
        val full = object : SessionStore by new.store {
            override suspend fun addAll(sessions: Sequence<WholeSession>) = new.store.addAll(
                sessions.onEachIndexed { index, _ -> if (index == 1) throw SQLiteFullException("full") },
            )
        }
        offer { ByteArrayInputStream(archive) }
        assertEquals(ImportResult.Refused(ArchiveProblem.NoRoom), new.archives(full).read(document))
        new.assertUntouched("in the middle of the database", before)
    }

    @Test
    fun `a process that dies during an import leaves nothing that its next one does not remove`() = test {
        new.record(talk.copy(audioFile = "kept.wav"), audio = ByteArray(10))
        new.record(talk.copy(startedAtMs = 8, audioFile = "imported.wav"), audio = ByteArray(10))
        new.audioFolder().resolve("orphan.wav").writeText("moved, and not stored")
        new.staging.resolve("recordings").mkdirs()
        new.staging.resolve("recordings/1.json").writeText("{")
        new.staging.resolve("moves").writeText("imported.wav\norphan.wav")
        new.archives().cleanUp()
        assertEquals(listOf("imported.wav", "kept.wav"), new.audio())
        assertFalse(new.staging.exists())
    }

    @Test
    fun `emotions keep their names in the file`() = assertEquals(
        listOf("angry", "happy", "neutral", "sad"),
        Emotion.entries.map { it.label },
    )

    private fun test(body: suspend () -> Unit) = runBlocking(Dispatchers.Default) { body() }
}
