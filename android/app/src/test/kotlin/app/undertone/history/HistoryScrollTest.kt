package app.undertone.history

import android.content.Context
import android.os.SystemClock
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.setValue
import androidx.compose.ui.test.assertCountEquals
import androidx.compose.ui.test.assertIsDisplayed
import androidx.compose.ui.test.hasClickAction
import androidx.compose.ui.test.hasScrollToIndexAction
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.junit4.v2.createComposeRule
import androidx.compose.ui.test.onFirst
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performScrollToIndex
import androidx.compose.ui.test.performScrollToKey
import androidx.compose.ui.test.performScrollToNode
import androidx.test.core.app.ApplicationProvider
import app.undertone.history.export.KeptAudioFiles
import app.undertone.history.export.SessionExport
import app.undertone.model.UndoableDeletion
import app.undertone.model.summary.momentRuns
import app.undertone.session.FakePlayback
import app.undertone.session.SessionDetailCallbacks
import app.undertone.session.SessionDetailRoute
import app.undertone.session.SessionDetailScreen
import app.undertone.session.SessionDetailViewModel
import app.undertone.theme.UndertoneTheme
import app.undertone.ui.position
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import kotlin.test.assertEquals
import kotlin.test.assertTrue

/** A long history: 200 sessions of 50 segments, 10,000 in all, and one session of 10,000. */
@RunWith(RobolectricTestRunner::class)
class HistoryScrollTest {
    @get:Rule
    val compose = createComposeRule()

    private val store = FakeSessionStore()
    private val deletion = UndoableDeletion(store)
    private val context = ApplicationProvider.getApplicationContext<Context>()
    private val export = SessionExport(store, context.contentResolver)
    private val archives = store.archives(context)
    private val audio = KeptAudioFiles(context) { context.cacheDir }

    @Test
    fun `a list over 10,000 segments opens within 300 ms, reads none of them, and is scrolled to its end`() {
        repeat(200) { day ->
            val startedAt = HistorySamples.at(2026, 11, 24, 9, 0).minusSeconds(day * 86_400L)
            store.put(HistorySamples.session(startedAt, lengthMs = 100_000, title = "Session $day"), HistorySamples.manySegments(50))
        }
        val openedAtMs = SystemClock.uptimeMillis()
        val viewModel = HistoryViewModel(store, deletion, export, archives, HistorySamples.clock)
        compose.setContent {
            UndertoneTheme(usesDynamicColor = false) { HistoryRoute(viewModel, onOpen = {}, onListen = {}, onFile = {}, onBack = {}) }
        }
        compose.onNodeWithText("Session 0").assertIsDisplayed()
        assertTrue(SystemClock.uptimeMillis() - openedAtMs <= 300, "opened after ${SystemClock.uptimeMillis() - openedAtMs} ms")
        assertEquals(50, viewModel.state.value.sessionCount)

        val list = compose.onNode(hasScrollToIndexAction())
        repeat(4) {
            list.performScrollToKey("end")
            compose.waitForIdle()
        }
        list.performScrollToNode(hasText("Session 199"))
        compose.onNodeWithText("Session 199").assertIsDisplayed()
        assertEquals(200, viewModel.state.value.sessionCount)
        assertEquals(emptyList(), store.segmentReads)
    }

    @Test
    fun `a session of 10,000 segments opens within 300 ms and is scrolled to its end`() {
        val id = store.put(HistorySamples.session(lengthMs = 20_000_000), HistorySamples.manySegments(10_000))
        val openedAtMs = SystemClock.uptimeMillis()
        val viewModel = SessionDetailViewModel(id, store, deletion, export, FakePlayback(), HistorySamples.clock)
        compose.setContent { UndertoneTheme(usesDynamicColor = false) { SessionDetailRoute(viewModel, audio, onBack = {}) } }
        compose.onNodeWithText("Tones of voice").assertExists()
        assertTrue(SystemClock.uptimeMillis() - openedAtMs <= 300, "opened after ${SystemClock.uptimeMillis() - openedAtMs} ms")

        val runs = HistorySamples.manySegments(10_000).momentRuns()
        compose.onNode(hasScrollToIndexAction()).performScrollToIndex(runs.size + 3)
        compose.onNode(hasText(position(runs.last().startMs)) and hasClickAction()).assertIsDisplayed()
        assertEquals(listOf(id), store.segmentReads)
    }

    @Test
    fun `moments follow the player while one looks at them, and stay where one looks elsewhere`() {
        fun playing(positionMs: Long) = HistoryStates.playing.run { copy(playback = playback.copy(positionMs = positionMs)) }
        var state by mutableStateOf(playing(22_000))
        compose.setContent { UndertoneTheme(usesDynamicColor = false) { SessionDetailScreen(state, SessionDetailCallbacks()) } }
        val list = compose.onNode(hasScrollToIndexAction())
        fun row(time: String) = compose.onAllNodes(hasText(time) and hasClickAction())

        state = playing(71_000)
        compose.waitForIdle()
        row("1:10").assertCountEquals(0)

        state = playing(22_000)
        compose.waitForIdle()
        list.performScrollToIndex(MOMENTS)
        state = playing(37_000)
        compose.waitForIdle()
        state = playing(71_000)
        compose.waitForIdle()
        row("1:10").onFirst().assertIsDisplayed()
    }

    private companion object {
        /** Behind title, timeline and shares. */
        const val MOMENTS = 3
    }
}
