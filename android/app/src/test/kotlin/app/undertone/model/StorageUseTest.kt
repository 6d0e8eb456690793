package app.undertone.model

import app.undertone.history.HistorySamples.at
import app.undertone.history.HistorySamples.session
import org.junit.Test
import kotlin.test.assertEquals

class StorageUseTest {
    private val kept = session(at(2026, 11, 17, 18, 0), lengthMs = 0, audioFile = "kept.wav")
    private val larger = session(at(2026, 11, 20, 8, 0), audioFile = "larger.wav")
    private val missing = session(at(2026, 11, 1, 8, 0), audioFile = "missing.wav")
    private val withoutAudio = session(at(2026, 10, 1, 8, 0))
    private val sizes = mapOf("kept.wav" to 10L, "larger.wav" to 20L)

    @Test
    fun `the largest audio comes first, and what has no file takes nothing`() {
        val use = StorageUse(listOf(withoutAudio, missing, kept, larger).audioUse { sizes[it] ?: 0 }, resultsBytes = 5, freeBytes = 100)
        assertEquals(listOf(AudioUse(larger, 20), AudioUse(kept, 10)), use.audio)
        assertEquals(30, use.audioBytes)
        assertEquals(0, StorageUse(emptyList(), 0, 0).audioBytes)
    }

    @Test
    fun `audio expires to the millisecond after its days, counted from the end of the recording`() {
        val nowMs = at(2026, 11, 24, 18, 0).toEpochMilli()
        assertEquals(listOf(kept), listOf(kept, larger).withExpiredAudio(nowMs, keptDays = 7))
        assertEquals(emptyList(), listOf(kept.copy(lengthMs = 1)).withExpiredAudio(nowMs, keptDays = 7))
        assertEquals(emptyList(), listOf(kept).withExpiredAudio(nowMs - 1, keptDays = 7))
    }

    @Test
    fun `a recording that goes on and one without audio have nothing that expires`() {
        val nowMs = at(2026, 12, 24, 18, 0).toEpochMilli()
        assertEquals(emptyList(), listOf(kept.copy(isFinished = false), withoutAudio).withExpiredAudio(nowMs, keptDays = 7))
    }
}
