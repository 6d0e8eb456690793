package app.undertone.settings

import app.undertone.history.FakeSessionStore
import app.undertone.history.HistorySamples
import app.undertone.history.HistorySamples.at
import app.undertone.history.HistorySamples.session
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
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder
import kotlin.test.assertEquals
import kotlin.test.assertNull

@OptIn(ExperimentalCoroutinesApi::class)
class StorageViewModelTest {
    @get:Rule
    val folder = TemporaryFolder()

    private val store = FakeSessionStore()
    private val settings = FakeSettings()
    private val places by lazy { StoragePlaces({ folder.root }, { listOf(folder.root.resolve("sessions.db")) }, { 1_000 }) { setOf("large.wav") } }
    private var deletions = 0
    private val viewModel by lazy { StorageViewModel(store, settings, places, { deletions++ }, HistorySamples.clock).also { it.state.watch() } }

    @Before
    fun runOnThisThread() = Dispatchers.setMain(UnconfinedTestDispatcher())

    @After
    fun restoreMain() = Dispatchers.resetMain()

    /** The disk is read on another thread. */
    private fun await(isSo: (StorageUiState) -> Boolean) = runBlocking { withTimeout(10_000) { viewModel.state.first(isSo) } }

    private fun audioFile(id: Long) = runBlocking { store.session(id).first()?.audioFile }

    private fun put(name: String, bytes: Int, day: Int, isFinished: Boolean = true): Long {
        folder.newFile(name).writeBytes(ByteArray(bytes))
        return store.put(session(at(2026, 11, day, 8, 0), audioFile = name, isFinished = isFinished))
    }

    @Test
    fun `files are measured, the largest first`() {
        folder.newFile("sessions.db").writeBytes(ByteArray(7))
        put("small.wav", 10, day = 20)
        put("large.wav", 20, day = 21)
        val use = await { it.use?.audio?.size == 2 }.use!!
        assertEquals(listOf(20L to true, 10L to false), use.audio.map { it.sizeBytes to it.staysLarge })
        assertEquals(7L to 1_000L, use.resultsBytes to use.freeBytes)
    }

    @Test
    fun `the days that are chosen are stored, and older audio goes at once`() {
        val old = put("old.wav", 10, day = 16)
        val new = put("new.wav", 10, day = 20)
        viewModel.keepAudioFor(7)
        assertEquals(7, await { it.keptAudioDays == 7 }.keptAudioDays)
        assertNull(audioFile(old))
        assertEquals("new.wav", audioFile(new))
        viewModel.keepAudioFor(null)
        assertNull(settings.now.value.keptAudioDays)
        assertEquals("new.wav", audioFile(new))
    }

    @Test
    fun `all kept audio is deleted once that is confirmed, but for a recording that goes on`() {
        val done = put("done.wav", 10, day = 20)
        val open = put("open.wav", 10, day = 24, isFinished = false)
        await { it.use?.audio?.size == 2 }
        viewModel.ask(StorageQuestion.DeleteAudio)
        viewModel.ask(null)
        viewModel.confirm()
        assertEquals("done.wav", audioFile(done))
        viewModel.ask(StorageQuestion.DeleteAudio)
        viewModel.confirm()
        assertNull(audioFile(done))
        assertEquals("open.wav", audioFile(open))
        assertEquals(0, deletions)
    }

    @Test
    fun `everything is deleted once that is confirmed, and that is said`() {
        viewModel.ask(StorageQuestion.DeleteEverything)
        assertEquals(0, deletions)
        viewModel.confirm()
        assertEquals(1, deletions)
        assertEquals(null to true, viewModel.state.value.run { question to isDeleted })
    }
}
