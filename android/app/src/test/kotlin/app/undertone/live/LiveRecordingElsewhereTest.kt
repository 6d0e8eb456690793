package app.undertone.live

import app.undertone.model.Emotion
import app.undertone.model.LiveEvent
import app.undertone.model.SILENCE_DBFS
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.test.TestCoroutineScheduler
import kotlinx.coroutines.test.UnconfinedTestDispatcher
import kotlinx.coroutines.test.setMain
import org.junit.Test
import kotlin.test.assertEquals

/** Recordings that tile and notification begin, pause and stop. */
@OptIn(ExperimentalCoroutinesApi::class)
class LiveRecordingElsewhereTest : LiveViewModelTestBase() {
    @Test
    fun `a recording that began without this screen is joined, and can be stopped here`() {
        listening.beginElsewhere()
        assertEquals(LiveStatus.Starting, state.status)
        listening.hear(segment(Emotion.Sad))
        assertEquals(Emotion.Sad, state.recognised?.emotion)
        tap()
        assertEquals(1 to 1, listening.recordings to listening.stops)
        assertEquals(LiveStatus.Ready, state.status)
    }

    @Test
    fun `a pause from the notification shows, and ends with the resume or a tap`() {
        tap()
        listening.hear(LiveEvent.Level(-20f, isClipped = false, durationMs = 32))
        listening.pause()
        assertEquals(Triple(LiveStatus.Paused, SILENCE_DBFS, false), state.run { Triple(status, levelDbfs, isGateOpen) })
        listening.hear(LiveEvent.Level(-20f, isClipped = false, durationMs = 32))
        assertEquals(LiveStatus.Paused, state.status)
        listening.resume()
        assertEquals(LiveStatus.Starting, state.status)
        listening.pause()
        tap()
        assertEquals(LiveStatus.Ready, state.status)
        assertEquals(1, listening.stops)
    }

    @Test
    fun `a stop from the notification shows, and the last words too`() {
        tap()
        listening.stop()
        assertEquals(LiveUiState(LiveStatus.Ready), state)
        listening.hear(segment(Emotion.Sad))
        listening.end()
        assertEquals(Emotion.Sad, state.recognised?.emotion)
    }

    @Test
    fun `nothing is collected while nobody looks, and who comes back sees what happened, with the corrections`() {
        val clock = TestCoroutineScheduler()
        Dispatchers.setMain(UnconfinedTestDispatcher(clock))
        tap()
        listening.hear(segment(Emotion.Happy).copy(segmentId = 7))
        viewModel.onSegmentOpen(0)
        viewModel.onCorrect(Emotion.Angry)
        screen.children.forEach { it.cancel() }
        clock.advanceTimeBy(6_000)
        // As a recorder does, what was before is repeated for whoever joins again.
        listening.hear(segment(Emotion.Happy).copy(segmentId = 7))
        listening.hear(segment(Emotion.Sad, startMs = 2_000).copy(segmentId = 8))
        assertEquals(listOf(Emotion.Angry), state.ribbon.map { it.recognised })
        watch(viewModel)
        assertEquals(listOf(Emotion.Angry, Emotion.Sad), state.ribbon.map { it.recognised })
    }
}
