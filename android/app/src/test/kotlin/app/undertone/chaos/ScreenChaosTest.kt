package app.undertone.chaos

import android.content.Context
import android.net.Uri
import androidx.test.core.app.ApplicationProvider
import app.undertone.history.FakeSessionStore
import app.undertone.history.HistoryNotice
import app.undertone.history.HistorySamples
import app.undertone.history.HistoryViewModel
import app.undertone.history.archives
import app.undertone.history.export.ExportFormat
import app.undertone.history.export.SessionExport
import app.undertone.model.Emotion
import app.undertone.model.Session
import app.undertone.model.UndoableDeletion
import app.undertone.session.FakePlayback
import app.undertone.session.SessionDetailViewModel
import app.undertone.settings.FakeSettings
import app.undertone.settings.SettingsFailure
import app.undertone.settings.SettingsViewModel
import app.undertone.settings.StoragePlaces
import app.undertone.settings.StorageQuestion
import app.undertone.settings.StorageViewModel
import app.undertone.ui.watch
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.flow.emptyFlow
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
import java.io.File
import java.io.OutputStream
import kotlin.test.assertEquals
import kotlin.test.assertTrue

/** Everything that screens write and read, while storage throws each thing that it may. */
@OptIn(ExperimentalCoroutinesApi::class)
@RunWith(RobolectricTestRunner::class)
class ScreenChaosTest {
    private val store = FakeSessionStore()
    private val id: Long = store.put(HistorySamples.session(title = "Monday"), HistorySamples.conversation)
    private val session: Session = runBlocking { store.session(id).first()!! }
    private val context = ApplicationProvider.getApplicationContext<Context>()
    private val resolver = context.contentResolver
    private val archives = store.archives(context)
    private val deletion = UndoableDeletion(store)
    private val export = SessionExport(store, resolver)

    @Before
    fun runOnThisThread() = Dispatchers.setMain(UnconfinedTestDispatcher())

    @After
    fun restoreMain() = Dispatchers.resetMain()

    @Test
    fun `whatever storage throws at a change in the history is said`() {
        val history = HistoryViewModel(store, deletion, export, archives, HistorySamples.clock).also { it.state.watch() }
        val page = SessionDetailViewModel(id, store, deletion, export, FakePlayback(), HistorySamples.clock).also { it.state.watch() }
        val changes = mapOf<String, () -> Unit>(
            "rename" to { page.rename("Tuesday") },
            "tag" to { page.tag("home") },
            "correct" to { page.correct(page.state.value.segments.first(), Emotion.Sad) },
            "delete on the page" to page::delete,
            "delete in the list" to { history.delete(session) },
            "delete everything" to history::deleteEverything,
        )
        for (failure in STORAGE_FAILURES) {
            for ((name, change) in changes) {
                store.failure = failure
                change()
                val notices = listOf(history.state.value.notice, page.state.value.notice)
                assertTrue(HistoryNotice.NotStored in notices, "$name throws $failure: $notices")
                page.onNoticeShown()
                history.state.value.notice?.let(history::onNoticeShown)
                store.failure = null
            }
        }
        assertEquals("Monday", history.state.value.days.single().sessions.single().session.title)
    }

    @Test
    fun `whatever storage throws when it is read is said`() {
        for (failure in STORAGE_FAILURES) {
            store.readFailure = failure
            val history = HistoryViewModel(store, deletion, export, archives, HistorySamples.clock).also { it.state.watch() }
            assertTrue(history.state.value.isNotRead, "$failure")
            val page = SessionDetailViewModel(id, store, deletion, export, FakePlayback(), HistorySamples.clock).also { it.state.watch() }
            assertEquals(HistoryNotice.NotRead, page.state.value.notice, "$failure")
            val storage = storage().also { it.state.watch() }
            runBlocking { withTimeout(TIMEOUT_MS) { storage.state.first { it.isNotStored } } }
            store.readFailure = null
        }
    }

    @Test
    fun `whatever storage throws at a setting or a deletion is said`() {
        for (failure in STORAGE_FAILURES) {
            val settings = FakeSettings().also { it.failure = failure }
            val screen = SettingsViewModel(settings, { emptyFlow() }, emptyFlow()).also { it.state.watch() }
            screen.change { it.copy(keepsAudio = true) }
            assertEquals(SettingsFailure.NotStored, screen.state.value.failure, "$failure")

            val storage = storage(settings) { throw failure }.also { it.state.watch() }
            storage.keepAudioFor(7)
            assertTrue(storage.state.value.isNotStored, "$failure")
            storage.ask(StorageQuestion.DeleteEverything)
            storage.confirm()
            assertTrue(storage.state.value.run { isNotStored && !isDeleted }, "$failure")
        }
    }

    @Test
    fun `whatever the place of an export throws, when it is opened, written or closed, is said`() {
        val document = Uri.parse("content://documents/undertone.csv")
        for (failure in FAILURES) {
            for (part in listOf("open", "write", "close")) {
                val failing = object : OutputStream() {
                    override fun write(byte: Int) {
                        if (part == "write") throw failure
                    }

                    override fun close() {
                        if (part == "close") throw failure
                    }
                }
                shadowOf(resolver).registerOutputStreamSupplier(document) { if (part == "open") throw failure else failing }
                assertEquals(false, runBlocking { export.write(null, ExportFormat.Csv, document) }, "$part throws $failure")
            }
        }
    }

    private fun storage(settings: FakeSettings = FakeSettings(), deleteEverything: suspend () -> Unit = {}) =
        StorageViewModel(store, settings, StoragePlaces({ File(".") }, { emptyList() }, { 0 }), deleteEverything, HistorySamples.clock)

    private companion object {
        const val TIMEOUT_MS = 30_000L
    }
}
