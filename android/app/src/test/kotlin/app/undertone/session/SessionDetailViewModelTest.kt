package app.undertone.session

import android.content.Context
import android.database.sqlite.SQLiteFullException
import android.net.Uri
import androidx.lifecycle.ViewModelStore
import androidx.test.core.app.ApplicationProvider
import app.undertone.history.FakeSessionStore
import app.undertone.history.HistoryNotice
import app.undertone.history.HistorySamples
import app.undertone.history.Tags
import app.undertone.history.export.ExportFormat
import app.undertone.history.export.SessionExport
import app.undertone.model.AudioEnvelope
import app.undertone.model.Emotion
import app.undertone.model.Mark
import app.undertone.model.UndoableDeletion
import app.undertone.model.summary.Steadiness
import app.undertone.model.summary.emotionTimes
import app.undertone.model.summary.steadiness
import app.undertone.ui.name
import app.undertone.ui.watch
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.launch
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
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertNull
import kotlin.test.assertTrue

@OptIn(ExperimentalCoroutinesApi::class)
@RunWith(RobolectricTestRunner::class)
class SessionDetailViewModelTest {
    private val store = FakeSessionStore()
    private val playback = FakePlayback()
    private val resolver = ApplicationProvider.getApplicationContext<Context>().contentResolver
    private val deletion = UndoableDeletion(store)
    private val audible = store.put(HistorySamples.session(audioFile = "14-03.wav"), HistorySamples.conversation)
    private val silent = store.put(HistorySamples.session(title = "Silent"), HistorySamples.conversation.take(1))
    private val viewModel by lazy { open(audible) }
    private val state get() = viewModel.state.value

    @Before
    fun runOnThisThread() = Dispatchers.setMain(UnconfinedTestDispatcher())

    @After
    fun restoreMain() = Dispatchers.resetMain()

    private val recording = MutableStateFlow(false)

    private fun open(id: Long) =
        SessionDetailViewModel(id, store, deletion, SessionExport(store, resolver), playback, HistorySamples.clock, recording)
            .also { it.state.watch() }

    @Test
    fun `nothing is played into a recording, and one that begins silences what plays`() {
        recording.value = true
        viewModel.togglePlayback()
        assertEquals(HistoryNotice.RecordingGoesOn, state.notice)
        assertEquals(PlaybackStatus.Paused, state.playback.status)
        recording.value = false
        viewModel.playFrom(2_000)
        assertEquals(PlaybackStatus.Playing, state.playback.status)
        recording.value = true
        assertEquals(PlaybackStatus.Paused, state.playback.status)
    }

    @Test
    fun `what is still recorded cannot be opened for playing`() {
        open(store.put(HistorySamples.session(audioFile = "open.wav", isFinished = false)))
        assertNull(playback.opened)
    }

    @Test
    fun `a change that finds no room on the disk is said, and nothing ends`() {
        store.failure = SQLiteFullException("full")
        val changes = listOf<SessionDetailViewModel.() -> Unit>(
            { rename("Monday") },
            { tag("home, work") },
            { correct(state.value.segments.first(), Emotion.Sad) },
            { deleteMark(Mark(1, 2, 3)) },
            { delete() },
        )
        for (change in changes) {
            viewModel.onNoticeShown()
            viewModel.change()
            assertEquals(HistoryNotice.NotStored, state.notice)
        }
    }

    @Test
    fun `a session is shown with what was heard, in sum and in order`() {
        assertEquals(audible, state.session?.id)
        assertEquals(HistorySamples.conversation.map { it.startMs }, state.segments.map { it.startMs })
        assertEquals(HistorySamples.conversation.emotionTimes(), state.emotionTimes)
        assertEquals(Steadiness(kept = 3, steps = 6), state.steadiness)
    }

    @Test
    fun `a correction counts at once and can be taken back`() {
        val first = state.segments.first()
        viewModel.ask(SessionDialog.Moment(first.id))
        viewModel.correct(first, Emotion.Sad)
        assertEquals(SessionDialog.Moment(first.id), state.dialog, "one goes on to the next")
        assertEquals(Emotion.Sad, state.segments.first().correctedTo)
        assertEquals(first.durationMs + 25_200, state.emotionTimes[Emotion.Sad.ordinal].timeMs)
        viewModel.correct(first, null)
        assertNull(state.segments.first().correctedTo)
        assertEquals(HistorySamples.conversation.emotionTimes(), state.emotionTimes)
    }

    @Test
    fun `a mark that is deleted comes back when that is undone, at its place`() = runBlocking {
        store.mark(audible, listOf(Mark(0, positionMs = 24_000, markedAtMs = 5), Mark(0, 9_000, 4)))
        val (first, second) = state.marks
        assertEquals(listOf(9_000L, 24_000L), state.marks.map { it.positionMs })
        viewModel.deleteMark(first)
        assertEquals(listOf(second) to HistoryNotice.MarkDeleted(first), state.marks to state.notice)
        viewModel.undo()
        assertEquals(listOf(first, second) to null, state.marks to state.notice)
        viewModel.undo()
        assertEquals(listOf(first, second), state.marks)
    }

    @Test
    fun `a name is trimmed, and a blank one takes the name away`() {
        viewModel.ask(SessionDialog.Rename)
        viewModel.rename("  Monday  ")
        assertEquals("Monday" to null, state.session?.title to state.dialog)
        viewModel.rename("  ")
        assertNull(state.session?.title)
    }

    @Test
    fun `tags are separated by the commas of any script, without blanks and repetitions`() {
        viewModel.ask(SessionDialog.Tags)
        viewModel.tag(" work, , long،عمل,work")
        assertEquals(listOf("work", "long", "عمل"), state.session?.tags)
        assertNull(state.dialog)
        viewModel.tag("")
        assertEquals(emptyList(), state.session?.tags)
    }

    @Test
    fun `a deleted session is gone, and comes back when it is undone`() = runBlocking {
        viewModel.delete()
        assertTrue(state.isGone)
        assertEquals(audible, deletion.deleted.value?.id)
        deletion.undo()
        assertFalse(state.isGone)
        assertEquals(audible, state.session?.id)
    }

    @Test
    fun `a page that closes with its session still leaves something to undo`() {
        val pages = ViewModelStore()
        pages.put("page", viewModel)
        CoroutineScope(Dispatchers.Main).launch {
            viewModel.state.first { it.isGone }
            pages.clear()
        }
        viewModel.delete()
        assertTrue(playback.isClosed)
        assertEquals(audible, deletion.deleted.value?.id)
    }

    @Test
    fun `kept audio is opened, and plays from a segment that is tapped`() {
        assertEquals(PlaybackStatus.Paused, state.playback.status)
        assertEquals("14-03.wav", playback.opened)
        viewModel.playFrom(state.segments[2].startMs)
        assertEquals(PlaybackState(PlaybackStatus.Playing, 21_000, 95_000), state.playback)
        viewModel.seekTo(29_000)
        assertEquals(29_000, state.playback.positionMs)
        viewModel.setSpeed(1.5f)
        assertEquals(1.5f, state.playback.speed)
        viewModel.togglePlayback()
        assertEquals(PlaybackStatus.Paused, state.playback.status)
        viewModel.togglePlayback()
        assertEquals(PlaybackStatus.Playing, state.playback.status)
    }

    @Test
    fun `the level of kept audio is read once it is opened, and is missing where it cannot be`() {
        val envelope = HistorySamples.envelope(HistorySamples.conversation, lengthMs = 95_000)
        fun open(read: suspend (String) -> AudioEnvelope?) =
            SessionDetailViewModel(audible, store, deletion, SessionExport(store, resolver), playback, HistorySamples.clock, recording, read)
        assertEquals(envelope, open { name -> envelope.takeIf { name == "14-03.wav" } }.state.value.envelope)
        assertNull(open { null }.state.value.envelope)
    }

    @Test
    fun `a session without kept audio has nothing to play`() {
        val page = open(silent)
        assertNull(playback.opened)
        assertEquals(PlaybackStatus.None, page.state.value.playback.status)
    }

    @Test
    fun `only this session is exported`() {
        val document = Uri.parse("content://documents/one")
        val out = ByteArrayOutputStream()
        shadowOf(resolver).registerOutputStream(document, out)
        val page = open(silent)
        page.export(document, ExportFormat.Csv)
        // The document is written on another thread.
        assertEquals(HistoryNotice.Exported, runBlocking { withTimeout(10_000) { page.state.first { it.notice != null }.notice } })
        assertEquals(1 + 1, out.toString().trim().lines().size)
        page.onNoticeShown()
        assertNull(page.state.value.notice)
    }
}
