package app.undertone.history

import android.content.Context
import android.database.sqlite.SQLiteFullException
import android.net.Uri
import androidx.test.core.app.ApplicationProvider
import app.undertone.history.HistorySamples.at
import app.undertone.history.HistorySamples.session
import app.undertone.history.archive.ArchiveProblem
import app.undertone.history.export.ExportFormat
import app.undertone.history.export.SessionExport
import app.undertone.model.Emotion
import app.undertone.model.HistoryFilter
import app.undertone.model.UndoableDeletion
import app.undertone.model.summary.RibbonWindow
import app.undertone.model.summary.ribbonBlocks
import app.undertone.model.summary.story
import app.undertone.ui.watch
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.test.UnconfinedTestDispatcher
import kotlinx.coroutines.test.resetMain
import kotlinx.coroutines.test.setMain
import kotlinx.coroutines.withTimeout
import org.junit.After
import org.junit.Before
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.Shadows.shadowOf
import java.io.ByteArrayOutputStream
import java.time.LocalDate
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertNotEquals
import kotlin.test.assertNull
import kotlin.test.assertTrue

@OptIn(ExperimentalCoroutinesApi::class)
@RunWith(RobolectricTestRunner::class)
class HistoryViewModelTest {
    private val store = FakeSessionStore()
    private val context = ApplicationProvider.getApplicationContext<Context>()
    private val resolver = context.contentResolver
    private val deletion = UndoableDeletion(store)
    private val viewModel by lazy {
        HistoryViewModel(store, deletion, SessionExport(store, resolver), store.archives(context), HistorySamples.clock).also { it.state.watch() }
    }
    private val state get() = viewModel.state.value
    private val names get() = state.days.flatMap { day -> day.sessions.map { it.session.title } }

    @Before
    fun runOnThisThread() = Dispatchers.setMain(UnconfinedTestDispatcher())

    @After
    fun restoreMain() = Dispatchers.resetMain()

    private fun threeSessions() {
        store.put(session(at(2026, 11, 23, 23, 50), title = "Late", tags = listOf("home")))
        store.put(session(at(2026, 11, 24, 0, 10), title = "Early"), HistorySamples.conversation)
        store.put(session(at(2026, 11, 24, 9, 0), title = "Office", tags = listOf("Work")))
    }

    private fun stored(title: String) = state.days.flatMap { it.sessions }.single { it.session.title == title }

    @Test
    fun `recordings that cannot be read are not called none, and are there once they can be read again`() {
        threeSessions()
        store.readFailure = SQLiteFullException("disk I/O error")
        assertTrue(state.isNotRead)
        viewModel.readAgain()
        assertTrue(state.isNotRead)
        store.readFailure = null
        viewModel.readAgain()
        assertFalse(state.isNotRead)
        assertEquals(listOf("Office", "Early", "Late"), names)
    }

    @Test
    fun `a deletion that finds no room on the disk is said, and nothing is gone`() {
        threeSessions()
        store.failure = SQLiteFullException("full")
        viewModel.delete(stored("Office").session)
        assertEquals(HistoryNotice.NotStored, state.notice)
        assertEquals(listOf("Office", "Early", "Late"), names)
    }

    @Test
    fun `sessions are shown by the day on which they began here, newest first`() {
        threeSessions()
        assertEquals(listOf(LocalDate.of(2026, 11, 24), LocalDate.of(2026, 11, 23)), state.days.map { it.date })
        assertEquals(listOf("Office", "Early", "Late"), names)
        assertEquals(LocalDate.of(2026, 11, 24), state.today)
    }

    @Test
    fun `an empty history is told from one in which nothing matches`() {
        assertFalse(state.hasSessions)
        assertFalse(state.isLoading)
        threeSessions()
        viewModel.filter(HistoryFilter(query = "nowhere"))
        assertTrue(state.hasSessions)
        assertEquals(emptyList(), state.days)
    }

    @Test
    fun `names and tags are searched, whatever their case`() {
        threeSessions()
        viewModel.filter(HistoryFilter(query = " wOrK "))
        assertEquals(listOf<String?>("Office"), names)
        viewModel.filter(HistoryFilter(query = "la"))
        assertEquals(listOf<String?>("Late"), names)
        viewModel.filter(HistoryFilter(query = ""))
        assertEquals(3, names.size)
    }

    @Test
    fun `the week counts all sessions, whatever is shown of them`() {
        threeSessions()
        viewModel.filter(HistoryFilter(day = LocalDate.of(2026, 11, 23)))
        assertEquals(listOf<String?>("Late"), names)
        assertEquals(LocalDate.of(2026, 11, 24), state.week.last().date)
        assertEquals(HistorySamples.conversation.sumOf { it.durationMs }, state.week.last().speechMs)
    }

    @Test
    fun `tags that are used are offered, and one that is gone does not hide what is left`() = runBlocking {
        threeSessions()
        assertEquals(listOf("Work", "home"), state.tags)
        viewModel.filter(HistoryFilter(tags = setOf("Work")))
        assertEquals(listOf<String?>("Office"), names)
        store.tag(stored("Office").session.id, emptyList())
        assertEquals(HistoryFilter(), state.filter)
        assertEquals(3, names.size)
    }

    @Test
    fun `what is deleted vanishes and comes back when it is undone`() {
        threeSessions()
        val early = stored("Early").session
        viewModel.delete(early)
        assertEquals(listOf<String?>("Office", "Late"), names)
        assertEquals(HistoryNotice.Deleted(early), state.notice)
        viewModel.undo()
        assertEquals(listOf<String?>("Office", "Early", "Late"), names)
        assertNull(state.notice)
        assertEquals(emptyList<Long>(), store.purged)
    }

    @Test
    fun `what is deleted is gone for good when its notice has passed`() {
        threeSessions()
        val early = stored("Early").session
        viewModel.delete(early)
        viewModel.onNoticeShown(HistoryNotice.Deleted(early))
        assertEquals(listOf(early.id), store.purged)
        viewModel.undo()
        assertEquals(listOf<String?>("Office", "Late"), names)
    }

    @Test
    fun `a second deletion settles the first, and the first notice does not settle the second`() {
        threeSessions()
        val (early, late) = stored("Early").session to stored("Late").session
        viewModel.delete(early)
        viewModel.delete(late)
        assertEquals(listOf(early.id), store.purged)
        viewModel.onNoticeShown(HistoryNotice.Deleted(early))
        assertEquals(HistoryNotice.Deleted(late), state.notice)
        viewModel.undo()
        assertEquals(listOf<String?>("Office", "Late"), names)
    }

    @Test
    fun `everything is deleted only after the question`() {
        threeSessions()
        viewModel.askToDeleteEverything()
        assertTrue(state.asksToDeleteEverything)
        viewModel.keepEverything()
        assertEquals(3, names.size)
        viewModel.askToDeleteEverything()
        viewModel.deleteEverything()
        assertFalse(state.asksToDeleteEverything)
        assertFalse(state.hasSessions)
        assertEquals(3, store.purged.size)
    }

    @Test
    fun `a list is shown without reading segments, and follows their corrections`() = runBlocking {
        threeSessions()
        val before = stored("Early")
        assertEquals(HistorySamples.conversation.story(before.session.lengthMs), before.story)
        assertEquals(ribbonBlocks(HistorySamples.conversation, RibbonWindow(0, before.session.lengthMs), 40), before.ribbon)
        assertEquals(emptyList(), store.segmentReads)

        store.correct(store.segments(before.session.id).first().first().id, Emotion.Angry)
        assertEquals(Emotion.Neutral to Emotion.Angry, before.ribbon.first().recognised to stored("Early").ribbon.first().recognised)
        assertNotEquals(before.story, stored("Early").story)
    }

    @Test
    fun `a long history is read as far as it is scrolled, and searched to its end`() {
        repeat(120) { store.put(session(at(2026, 11, 1, 9, 0).minusSeconds(it * 60L), title = "Talk $it")) }
        assertEquals(List(50) { "Talk $it" }, names)
        viewModel.onEndShown()
        assertEquals(100, names.size)
        viewModel.onEndShown()
        viewModel.onEndShown()
        assertEquals(List(120) { "Talk $it" }, names)

        viewModel.filter(HistoryFilter(query = "talk 119"))
        assertEquals(listOf<String?>("Talk 119"), names)
        assertTrue(state.hasSessions)
        viewModel.filter(HistoryFilter())
        assertEquals(50, names.size)
    }

    @Test
    fun `beside the list stands the session that was chosen, else the first that is shown`() {
        assertNull(state.shownBeside(chosen = 1))
        threeSessions()
        val (first, late) = stored("Office").session.id to stored("Late").session.id
        assertEquals(first, state.shownBeside(chosen = null))
        assertEquals(late, state.shownBeside(chosen = late))
        viewModel.filter(HistoryFilter(query = "office"))
        assertEquals(first, state.shownBeside(chosen = late))
    }

    @Test
    fun `an export says how it ended`() {
        threeSessions()
        val document = Uri.parse("content://documents/all")
        val out = ByteArrayOutputStream()
        shadowOf(resolver).registerOutputStream(document, out)
        viewModel.export(document, ExportFormat.Csv)
        assertEquals(HistoryNotice.Exported, noticeAfterExport())
        assertEquals(1 + 8, out.toString().trim().lines().size)
        viewModel.onNoticeShown(HistoryNotice.Exported)
        assertNull(state.notice)

        viewModel.export(Uri.parse("content://documents/nowhere"), ExportFormat.Csv)
        assertEquals(HistoryNotice.ExportFailed, noticeAfterExport())
    }

    @Test
    fun `a history that was exported for a new phone is imported, and what is there already is counted`() {
        threeSessions()
        val document = Uri.parse("content://documents/undertone.zip")
        val out = ByteArrayOutputStream()
        shadowOf(resolver).registerOutputStream(document, out)
        viewModel.exportArchive(document)
        assertEquals(HistoryNotice.Exported, noticeAfterExport())
        viewModel.deleteEverything()
        store.put(session(at(2026, 11, 24, 9, 0), title = "Office"))

        shadowOf(resolver).registerInputStreamSupplier(document) { out.toByteArray().inputStream() }
        viewModel.importArchive(document)
        assertEquals(HistoryNotice.Imported(added = 2, known = 1), noticeAfterExport())
        assertEquals(listOf<String?>("Office", "Early", "Late"), names)
        assertFalse(state.isMoving)
        viewModel.onNoticeShown(state.notice!!)

        shadowOf(resolver).registerInputStreamSupplier(document) { "title".byteInputStream() }
        viewModel.importArchive(document)
        assertEquals(HistoryNotice.NotImported(ArchiveProblem.NotOurs), noticeAfterExport())
    }

    /** The document is written on another thread. */
    private fun noticeAfterExport() = runBlocking { withTimeout(10_000) { viewModel.state.first { it.notice != null }.notice } }
}
