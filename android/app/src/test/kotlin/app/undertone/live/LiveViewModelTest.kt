package app.undertone.live

import app.undertone.engine.ArousalValence
import app.undertone.history.HistorySamples
import app.undertone.model.Emotion
import app.undertone.model.LiveEvent
import app.undertone.model.SILENCE_DBFS
import app.undertone.model.summary.Story
import app.undertone.recording.Listening
import app.undertone.recording.RecordingPhase
import app.undertone.settings.Settings
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.test.runTest
import org.junit.Test
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertNull
import kotlin.test.assertTrue

@OptIn(ExperimentalCoroutinesApi::class)
class LiveViewModelTest : LiveViewModelTestBase() {
    @Test
    fun `a model that loads is ready`() {
        assertEquals(LiveUiState(status = LiveStatus.Ready), state)
    }

    @Test
    fun `a tap listens, a second one stops`() {
        tap()
        assertEquals(LiveStatus.Starting, state.status)
        assertEquals(1, listening.recordings)
        listening.hear(LiveEvent.Level(-20f, isClipped = false, durationMs = 32))
        assertEquals(LiveStatus.Listening, state.status)
        tap()
        assertEquals(LiveStatus.Ready, state.status)
        assertEquals(1, listening.stops)
    }

    @Test
    fun `level and gate show while listening and are gone afterwards`() {
        tap()
        listening.hear(LiveEvent.Level(-20f, isClipped = false, durationMs = 32), LiveEvent.Gate(isOpen = true))
        assertEquals(-20f, state.levelDbfs)
        assertEquals(LiveStatus.HearingYou, state.status)
        assertTrue(state.isGateOpen)
        tap()
        assertEquals(Triple(LiveStatus.Ready, SILENCE_DBFS, false), state.run { Triple(status, levelDbfs, isGateOpen) })
        listening.hear(LiveEvent.Level(-20f, isClipped = false, durationMs = 32), LiveEvent.Gate(isOpen = true))
        assertEquals(Triple(LiveStatus.Ready, SILENCE_DBFS, false), state.run { Triple(status, levelDbfs, isGateOpen) })
    }

    @Test
    fun `levels and gate draw the waveform, which stays after the stop and goes with the next recording`() {
        tap()
        repeat(3) { listening.hear(LiveEvent.Level(-20f, isClipped = false, durationMs = 32), LiveEvent.Gate(isOpen = it > 0)) }
        tap()
        assertEquals(96, state.waveform.lengthMs)
        assertEquals(listOf(false, true, true), (0..2).map(state.waveform::isOpen))
        tap()
        assertEquals(0, state.waveform.lengthMs)
    }

    @Test
    fun `a mark is the recorder's, shows when it comes from there, and goes with the next recording`() {
        tap()
        viewModel.onMarkTap()
        assertEquals(1, listening.marks)
        assertEquals(emptyList(), state.marksMs)
        listening.hear(LiveEvent.Marked(1_000), LiveEvent.Marked(2_500))
        assertEquals(listOf(1_000L, 2_500L), state.marksMs)
        tap()
        tap()
        assertEquals(emptyList(), state.marksMs)
    }

    @Test
    fun `a pause frees the microphone and the recording goes on after it`() {
        tap()
        listening.hear(segment(Emotion.Happy))
        viewModel.onPauseTap()
        assertTrue(listening.isPaused)
        assertEquals(LiveStatus.Paused, state.status)
        // What the engine still had to say.
        listening.hear(LiveEvent.Gate(isOpen = true), segment(Emotion.Sad, startMs = 2_000))
        assertEquals(LiveStatus.Paused, state.status)

        viewModel.onPauseTap()
        assertFalse(listening.isPaused)
        assertEquals(LiveStatus.Starting, state.status)
        assertEquals(listOf(Emotion.Happy, Emotion.Sad), state.ribbon.map { it.emotion })
        assertEquals(1, listening.recordings)
    }

    @Test
    fun `a paused recording ends with a tap on record`() {
        tap()
        viewModel.onPauseTap()
        tap()
        assertEquals(LiveStatus.Ready, state.status)
        assertEquals(1, listening.stops)
    }

    @Test
    fun `nothing is paused where nothing is recorded`() {
        viewModel.onPauseTap()
        assertFalse(listening.isPaused)
        assertEquals(LiveStatus.Ready, state.status)
    }

    @Test
    fun `an early result takes its place in the ribbon, and the next ones take it over with its start`() {
        tap()
        listening.hear(segment(Emotion.Happy, startMs = 0), segment(Emotion.Sad, isSoFar = true, startMs = 2_000))
        assertEquals(1, state.settledSegments)
        listening.hear(segment(Emotion.Angry, isSoFar = true, startMs = 4_000))
        assertEquals(listOf(0L to 1_200L, 2_000L to 5_200L), state.ribbon.map { it.startMs to it.endMs })
        listening.hear(segment(Emotion.Neutral, startMs = 2_000))
        assertEquals(2, state.settledSegments)
        assertEquals(listOf(Emotion.Happy, Emotion.Neutral), state.ribbon.map { it.emotion })
    }

    @Test
    fun `a correction shows at once, is stored, and can be taken back`() {
        tap()
        listening.hear(segment(Emotion.Happy), segment(Emotion.Sad, startMs = 3_000))
        viewModel.onSegmentOpen(1)
        viewModel.onCorrect(Emotion.Angry)
        assertEquals(listOf(Emotion.Happy, Emotion.Angry), state.ribbon.map { it.recognised })
        viewModel.onCorrect(null)
        assertEquals(listOf(Emotion.Happy, Emotion.Sad), state.ribbon.map { it.recognised })
        assertEquals(listOf(3_000L to Emotion.Angry, 3_000L to null), corrections.map { (segment, to) -> segment.startMs to to })
        viewModel.onSegmentOpen(null)
        viewModel.onCorrect(Emotion.Angry)
        assertEquals(2, corrections.size)
    }

    @Test
    fun `the screen knows whether audio is kept, in later recordings too`() {
        assertFalse(state.keepsAudio)
        settings.now.value = Settings(keepsAudio = true)
        assertTrue(state.keepsAudio)
        tap()
        assertTrue(state.keepsAudio)
    }

    @Test
    fun `what was said before the stop is still recognised`() {
        tap()
        tap()
        listening.hear(segment(Emotion.Sad))
        assertEquals(Emotion.Sad, state.recognised?.emotion)
        assertEquals(LiveStatus.Ready, state.status)
    }

    @Test
    fun `a new recording starts without the result of the one before`() {
        tap()
        listening.hear(segment(Emotion.Sad))
        tap()
        assertEquals(Emotion.Sad, state.recognised?.emotion)
        tap()
        assertNull(state.recognised)
        assertEquals(2, listening.recordings)
    }

    private fun stored(startedAtMs: Long) = store.put(
        HistorySamples.session(lengthMs = 20_000).copy(startedAtMs = startedAtMs),
        listOf(HistorySamples.segment(0, 9_000, Emotion.Happy), HistorySamples.segment(10_000, 9_000, Emotion.Happy)),
    )

    @Test
    fun `after the stop there is the story of what was saved, and closing it leaves nothing on screen`() {
        tap()
        listening.hear(segment(Emotion.Happy))
        val id = stored(startedAtMs = 1)
        tap()
        assertNull(state.saved)
        listening.end()
        assertEquals(id to Story.Throughout(Emotion.Happy), state.saved?.run { session.id to story })
        viewModel.onSavedClose()
        assertEquals(LiveUiState(LiveStatus.Ready), state)
    }

    @Test
    fun `without anything stored since the start there is no story`() {
        stored(startedAtMs = 0)
        tap()
        tap()
        listening.end()
        assertNull(state.saved)
    }

    @Test
    fun `a story does not stand before the next recording`() {
        tap()
        stored(startedAtMs = 1)
        tap()
        tap()
        listening.show(RecordingPhase.Listening)
        assertNull(state.saved)
        assertEquals(LiveStatus.Starting, state.status)
    }

    @Test
    fun `what was saved is named, discarded and brought back`() = runTest {
        tap()
        val id = stored(startedAtMs = 1)
        tap()
        listening.end()
        viewModel.onSavedRename(" Monday ")
        assertEquals("Monday", state.saved?.session?.title)
        assertEquals("Monday", store.session(id).first()?.title)
        viewModel.onSavedDiscard()
        assertEquals(true, state.saved?.isDiscarded)
        assertNull(store.session(id).first())
        viewModel.onSavedBringBack()
        assertEquals(false, state.saved?.isDiscarded)
        assertEquals("Monday", store.session(id).first()?.title)
    }

    @Test
    fun `the time that was recorded is on screen, paused as well`() {
        tap()
        listening.elapse(4_200)
        assertEquals(4_200, state.elapsedMs)
        viewModel.onPauseTap()
        assertEquals(LiveStatus.Paused to 4_200L, state.run { status to elapsedMs })
    }

    @Test
    fun `a level changes nothing that the page is composed from`() {
        tap()
        listening.hear(LiveEvent.Level(-20f, isClipped = false, durationMs = 32))
        val before = state.withoutSound()
        listening.hear(LiveEvent.Level(-30f, isClipped = false, durationMs = 32), LiveEvent.Gate(isOpen = false))
        listening.elapse(900)
        assertEquals(before, state.withoutSound())
    }

    @Test
    fun `an early result is shown as such until the final one`() {
        tap()
        listening.hear(segment(Emotion.Happy, isSoFar = true))
        assertEquals(true, state.recognised?.isSoFar)
        listening.hear(segment(Emotion.Sad))
        assertEquals(Emotion.Sad to false, state.recognised?.run { emotion to isSoFar })
    }

    @Test
    fun `arousal and valence are shown with their result, and in the details of its segment`() {
        val said = ArousalValence(arousal = .25f, valence = -.5f)
        tap()
        listening.hear(segment(Emotion.Happy).copy(arousalValence = said))
        listening.hear(segment(Emotion.Sad, startMs = 2_000))
        assertNull(state.recognised?.arousalValence)
        assertEquals(listOf(said, null), state.ribbon.map { it.arousalValence })
    }
}
