package app.undertone.live

import app.undertone.model.Emotion
import app.undertone.model.SILENCE_DBFS
import app.undertone.model.SpokenSegment
import app.undertone.ui.word
import org.junit.Test
import kotlin.test.assertEquals
import kotlin.test.assertNull

class WaveformTest {
    private data class Bar(val firstFrame: Int, val levelDbfs: Float, val isOpen: Boolean, val recognised: SpokenSegment?)

    private fun Waveform.bars(ribbon: List<SpokenSegment> = emptyList()): List<Bar> = buildList {
        forEachBar(ribbon) { firstFrame, levelDbfs, isOpen, recognised -> add(Bar(firstFrame, levelDbfs, isOpen, recognised)) }
    }

    private fun waveform(frames: Int, isOpen: (Int) -> Boolean = { false }): Waveform =
        (0 until frames).fold(Waveform.Empty) { waveform, frame -> waveform.afterLevel(-frame % 60f).afterGate(isOpen(frame)) }

    private fun segment(frames: IntRange, emotion: Emotion) =
        SpokenSegment(0, frames.first * 32L, frames.last * 32L, emotion, List(4) { .25 }, isUncertain = false)

    @Test
    fun `the last 15 s are kept, each frame under its number`() {
        val long = waveform(1_000) { it >= 900 }
        assertEquals(1_000 - Waveform.FRAMES, long.firstFrame)
        assertEquals(32_000, long.lengthMs)
        assertEquals(-(999 % 60f), long.levelDbfs(999))
        assertEquals(-(long.firstFrame % 60f), long.levelDbfs(long.firstFrame))
        assertEquals(listOf(false, true), listOf(899, 900).map(long::isOpen))
    }

    @Test
    fun `before the recording there is silence`() {
        val young = waveform(3)
        assertEquals(SILENCE_DBFS, young.levelDbfs(-1))
        assertEquals(0f, young.levelDbfs(0))
    }

    @Test
    fun `a gate that judges late marks its own frames, even those that are gone`() {
        var late = (0 until 600).fold(Waveform.Empty) { waveform, _ -> waveform.afterLevel(-20f) }
        repeat(200) { late = late.afterGate(isOpen = it < 150) }
        assertEquals(listOf(true, true, false, false), listOf(132, 149, 150, 599).map(late::isOpen))
    }

    @Test
    fun `what did not come in is silence in its place, and the gate's decisions behind it keep theirs`() {
        var waveform = waveform(10)
        waveform = waveform.afterLevel(-20f, startMs = 3_200).afterGate(isOpen = true, endMs = 3_232)
        assertEquals(101, waveform.frames)
        assertEquals(listOf(-9f, SILENCE_DBFS, SILENCE_DBFS, -20f), listOf(9, 10, 99, 100).map(waveform::levelDbfs))
        assertEquals(listOf(false, false, true), listOf(9, 99, 100).map(waveform::isOpen))
        val joined = Waveform.Empty.afterLevel(-20f, startMs = 3_600_000)
        assertEquals(3_600_032, joined.lengthMs)
        assertEquals(SILENCE_DBFS, joined.levelDbfs(joined.frames - 2))
    }

    @Test
    fun `a gate cannot decide on what did not come in`() {
        val whole = waveform(10)
        assertEquals(whole.bars(), whole.afterGate(isOpen = true).bars())
    }

    @Test
    fun `bars keep their frames while time goes on`() {
        val (now, later) = waveform(700).bars() to waveform(703).bars()
        assertEquals(78, now.size)
        assertEquals(now.drop(2).dropLast(1), later.drop(1).dropLast(1).take(now.size - 3))
        assertEquals(0, now.first().firstFrame % Waveform.BAR_FRAMES)
    }

    @Test
    fun `each open span has its own segment, hangover included, and none before it is known`() {
        // Two spans; the gate stays open for 15 frames after the last word.
        val twice = waveform(300) { it in 60..135 || it in 180..255 }
        val first = segment(51..120, Emotion.Sad)
        val second = segment(171..240, Emotion.Happy)

        fun recognised(ribbon: List<SpokenSegment>) = twice.bars(ribbon).filter { it.isOpen }.associate { it.firstFrame to it.recognised?.emotion }
        val both = recognised(listOf(first, second))
        assertEquals(setOf(Emotion.Sad), both.filterKeys { it < 150 }.values.toSet())
        assertEquals(setOf(Emotion.Happy), both.filterKeys { it > 150 }.values.toSet())
        assertEquals(setOf(null), recognised(listOf(first)).filterKeys { it > 150 }.values.toSet())
    }

    @Test
    fun `a long span that was split changes its segment where the split is`() {
        val long = waveform(400) { it >= 30 }
        val bars = long.bars(listOf(segment(21..200, Emotion.Sad), segment(200..380, Emotion.Angry)))
        assertEquals(Emotion.Sad, bars.single { it.firstFrame == 192 }.recognised?.emotion)
        assertEquals(Emotion.Angry, bars.single { it.firstFrame == 204 }.recognised?.emotion)
    }

    @Test
    fun `a closed gate has no segment`() {
        waveform(300).bars(listOf(segment(10..290, Emotion.Sad))).forEach { assertNull(it.recognised) }
    }

    @Test
    fun `a tap on the ribbon finds the segment under it, or the nearest`() {
        val ribbon = listOf(segment(0..10, Emotion.Sad), segment(100..110, Emotion.Happy))
        assertEquals(listOf(0, 0, 1, 1), listOf(5, 40, 70, 500).map { ribbon.nearest(it * 32L) })
        assertNull(emptyList<SpokenSegment>().nearest(0))
    }

    @Test
    fun `a segment whose last word just went out of sight keeps the bars of its hangover`() {
        val waveform = waveform(600) { it in 0..142 }
        val spoken = segment(100..(waveform.firstFrame - 2), Emotion.Sad)
        val (first, second) = waveform.bars(listOf(spoken)).take(2)
        assertEquals(listOf(spoken, spoken), listOf(first.recognised, second.recognised))
        val longGone = segment(10..50, Emotion.Sad)
        assertNull(waveform.bars(listOf(longGone)).first().recognised)
    }
}
