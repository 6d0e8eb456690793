package app.undertone.engine.gate

import app.undertone.engine.SpeechSpan
import io.kotest.common.ExperimentalKotest
import io.kotest.property.Arb
import io.kotest.property.PropTestConfig
import io.kotest.property.arbitrary.bind
import io.kotest.property.arbitrary.choice
import io.kotest.property.arbitrary.float
import io.kotest.property.arbitrary.int
import io.kotest.property.arbitrary.list
import io.kotest.property.checkAll
import kotlinx.coroutines.runBlocking
import kotlin.test.Test
import kotlin.test.assertContentEquals
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertNull
import kotlin.test.assertTrue

/** Frames have 512 samples of a counting signal: the sample at position n is n / 2^24, so that a segment shows where it is from. */
@OptIn(ExperimentalKotest::class) // PropTestConfig, for a fixed seed
class SpeechGateTest {
    private val parameters = GateParameters(
        frameSamples = 512,
        enterProbability = 0.5f,
        leaveProbability = 0.35f,
        shortestSpeechMs = 256, // 8 frames
        preRollMs = 320, // 10 frames
        hangoverMs = 160, // 5 frames
        longestSegmentMs = 3_200, // 100 frames
        noiseMarginDb = 6f,
        noiseWindowMs = 3_000,
        networkHoldMs = 320,
        networkLeadInMs = 96,
    )

    @Test
    fun `speech is cut out with its pre-roll, and without the hangover`() {
        val segments = cut(silence(20) + speech(12) + silence(20))

        assertEquals(listOf(frames(10, 32)), segments.ranges())
    }

    @Test
    fun `a segment says when in it somebody spoke, without its pre-roll and over short pauses`() {
        val gate = { probabilities: List<Float> -> cut(probabilities).single() }

        // From 160 ms (5 frames) before the first frame of speech; the segment ends with the last one.
        assertEquals(listOf(span(15, 32)), gate(silence(20) + speech(12) + silence(20)).speech)
        assertEquals(listOf(span(15, 44)), gate(silence(20) + speech(12) + silence(4) + speech(8) + silence(20)).speech)
    }

    @Test
    fun `a pause of more than 320 ms parts the spans of a segment`() {
        val patient = parameters.copy(hangoverMs = 640)
        val segments = mutableListOf<SpeechSegment>()
        val gate = SpeechGate(patient, 16_000, segments::add)

        for ((i, probability) in (silence(20) + speech(12) + silence(11) + speech(9) + silence(20)).withIndex()) gate.accept(frame(i), probability)

        // 96 ms (3 frames) after the last frame before the pause.
        assertEquals(listOf(span(15, 35), span(38, 52)), segments.single().speech)
    }

    @Test
    fun `the spans of a segment that was split lie in its parts`() {
        val parts = cut(speech(150) + silence(9))

        assertEquals(parts.map { listOf(SpeechSpan(it.startSample, it.endSample)) }, parts.map { it.speech })
    }

    @Test
    fun `speech at the end of the stream is spoken down to its last sample`() {
        assertEquals(listOf(SpeechSpan(0, 10 * 512L + 100)), cut(speech(10), tail = 100).single().speech)
    }

    @Test
    fun `a segment holds the samples of its place in the stream`() {
        val segment = cut(silence(300) + speech(12) + silence(20)).single()

        assertContentEquals(
            FloatArray(segment.pcm.size) { sampleAt(segment.startSample + it) },
            segment.pcm,
        )
        assertEquals(segment.endSample - segment.startSample, segment.pcm.size.toLong())
    }

    @Test
    fun `the pre-roll does not reach back before the stream`() {
        assertEquals(listOf(frames(0, 15)), cut(silence(3) + speech(12) + silence(9)).ranges())
    }

    @Test
    fun `the pre-roll does not reach into the segment before`() {
        val segments = cut(silence(20) + speech(12) + silence(6) + speech(12) + silence(9))

        assertEquals(listOf(frames(10, 32), frames(32, 50)), segments.ranges())
    }

    @Test
    fun `the pre-roll reaches over speech that was too short`() {
        assertEquals(listOf(frames(18, 40)), cut(silence(20) + speech(2) + silence(6) + speech(12) + silence(9)).ranges())
    }

    @Test
    fun `speech shorter than the shortest is dropped, and just long enough is kept`() {
        assertEquals(emptyList(), cut(silence(20) + speech(7) + silence(9)))
        assertEquals(listOf(frames(10, 28)), cut(silence(20) + speech(8) + silence(9)).ranges())
    }

    @Test
    fun `a pause shorter than the hangover does not end a segment`() {
        assertEquals(listOf(frames(10, 35)), cut(silence(20) + speech(5) + silence(4) + speech(6) + silence(9)).ranges())
        assertEquals(listOf(frames(10, 33)), cut(silence(20) + speech(1) + silence(4) + speech(8) + silence(9)).ranges())
    }

    @Test
    fun `a pause as long as the hangover ends a segment`() {
        val segments = cut(silence(20) + speech(9) + silence(5) + speech(9) + silence(9))

        assertEquals(listOf(frames(10, 29), frames(29, 43)), segments.ranges())
    }

    @Test
    fun `a frame between both thresholds keeps the gate open but does not open it`() {
        val between = List(9) { 0.4f }

        assertEquals(emptyList(), cut(between + between))
        assertEquals(listOf(frames(0, 27)), cut(speech(9) + between + between + silence(9)).ranges())
    }

    @Test
    fun `both thresholds count as reached`() {
        assertEquals(listOf(frames(0, 9)), cut(List(1) { 0.5f } + List(8) { 0.35f } + silence(9)).ranges())
    }

    @Test
    fun `the gate is open from the first frame of speech until the hangover is over`() {
        val gate = SpeechGate(parameters, 16_000) {}

        val isOpen = (silence(2) + speech(2) + silence(6)).mapIndexed { i, probability ->
            gate.accept(frame(i), probability)
            gate.isOpen
        }

        assertEquals(List(2) { false } + List(6) { true } + List(2) { false }, isOpen)
    }

    @Test
    fun `a segment is handed out as soon as the hangover is over`() {
        val segments = mutableListOf<SpeechSegment>()
        val gate = SpeechGate(parameters, 16_000, segments::add)
        (speech(10) + silence(4)).forEachIndexed { i, probability -> gate.accept(frame(i), probability) }
        assertTrue(segments.isEmpty())

        gate.accept(frame(14), 0f)

        assertEquals(listOf(frames(0, 10)), segments.ranges())
    }

    @Test
    fun `speech at the end of the stream ends with its last sample`() {
        assertEquals(listOf(0L until 10 * 512L + 100), cut(speech(10), tail = 100).ranges())
    }

    @Test
    fun `silence at the end of the stream is not part of the segment`() {
        assertEquals(listOf(frames(0, 10)), cut(speech(10) + silence(3), tail = 100).ranges())
    }

    @Test
    fun `a tail does not make speech long enough`() {
        assertEquals(emptyList(), cut(speech(7), tail = 511))
    }

    @Test
    fun `after the end a new stream starts at sample zero`() {
        val segments = mutableListOf<SpeechSegment>()
        val gate = SpeechGate(parameters, 16_000, segments::add)

        repeat(2) {
            (silence(2) + speech(10)).forEachIndexed { i, probability -> gate.accept(frame(i), probability) }
            gate.finish()
        }

        assertEquals(List(2) { frames(0, 12) }, segments.ranges())
        assertFalse(gate.isOpen)
    }

    @Test
    fun `a reset drops what is open`() {
        val segments = mutableListOf<SpeechSegment>()
        val gate = SpeechGate(parameters, 16_000, segments::add)
        speech(10).forEachIndexed { i, probability -> gate.accept(frame(i), probability) }

        gate.reset()
        gate.finish()

        assertEquals(emptyList(), segments)
    }

    @Test
    fun `a segment of the longest length is not split`() {
        assertEquals(listOf(frames(0, 100)), cut(speech(100) + silence(9)).ranges())
    }

    @Test
    fun `a longer segment is split in the middle of the quietest frame of its last third`() {
        // Frame 40 is quieter still, but too early, as frame 66 is, which the last third begins in; frame 90 is no quieter.
        val levels = mapOf(40 to 0.01f, 66 to 0.01f, 80 to 0.1f, 90 to 0.1f)

        val segments = cut(speech(150) + silence(9)) { frame -> FloatArray(512) { levels[frame] ?: 0.5f } }

        val cut = 80 * 512L + 256
        assertEquals(listOf(0 until cut, cut until 150 * 512L), segments.ranges())
    }

    @Test
    fun `a frame that begins with the last third may be where a segment is split`() {
        val segments = mutableListOf<SpeechSegment>()
        val gate = SpeechGate(parameters.copy(longestSegmentMs = 3_072), 16_000, segments::add) // 96 frames
        for (frame in 0 until 97) gate.accept(FloatArray(512) { if (frame == 64) 0.1f else 0.5f }, 0.9f)

        assertEquals(listOf(0 until 64 * 512L + 256), segments.ranges())
    }

    @Test
    fun `a tail that makes a segment too long splits it`() {
        val cut = 67 * 512L + 256 // the signal grows: the first frame of the last third is the quietest
        assertEquals(listOf(0 until cut, cut until 100 * 512L + 100), cut(speech(100), tail = 100).ranges())
    }

    @Test
    fun `speech without end is split again and again, and no sample is lost or doubled`() {
        val segments = cut(speech(1_000) + silence(9)) { frame -> FloatArray(512) { if (frame % 37 == 0) 0.1f else 0.5f } }

        assertEquals(0, segments.first().startSample)
        assertEquals(1_000 * 512L, segments.last().endSample)
        segments.zipWithNext { one, next -> assertEquals(one.endSample, next.startSample) }
        assertTrue(segments.all { it.pcm.size <= 100 * 512 }, "${segments.map { it.pcm.size }}")
    }

    @Test
    fun `a gate that never pauses for a longest segment is stuck, and closes when nothing is certain any more`() {
        val music = List(9) { 0.9f } + List(140) { 0.4f }

        val segments = cut(music + silence(9))

        // Open for 100 frames and one: split, and what is between both thresholds does not count any longer.
        assertEquals(2, segments.size)
        assertEquals(101 * 512L, segments.last().endSample)
    }

    @Test
    fun `a stuck gate says so, until a frame is certain again`() {
        val gate = SpeechGate(parameters, 16_000) {}
        (speech(9) + List(91) { 0.4f }).forEachIndexed { i, probability -> gate.accept(frame(i), probability) }
        assertFalse(gate.isStuck)
        gate.accept(frame(100), 0.4f)
        assertTrue(gate.isStuck)
        gate.accept(frame(101), 0.5f)
        assertFalse(gate.isStuck)
    }

    @Test
    fun `the open segment reaches from its pre-roll to its last frame of speech, or is the end of that`() {
        val gate = SpeechGate(parameters, 16_000) {}
        silence(20).forEachIndexed { i, probability -> gate.accept(frame(i), probability) }
        assertNull(gate.openSegment(longestSamples = 100_000))
        assertEquals(0, gate.openSpeechSamples)

        (speech(12) + silence(3)).forEachIndexed { i, probability -> gate.accept(frame(20 + i), probability) }

        val segments = listOf(100_000L, 1_000L).map { gate.openSegment(it)!! }
        assertEquals(listOf(frames(10, 32), 32 * 512L - 1_000 until 32 * 512L), segments.ranges())
        for (segment in segments) assertContentEquals(FloatArray(segment.pcm.size) { sampleAt(segment.startSample + it) }, segment.pcm)
        assertEquals(12 * 512L, gate.openSpeechSamples)
    }

    @Test
    fun `frames of the pre-roll can be had again, those from before the stream or a gap cannot`() {
        val gate = SpeechGate(parameters, 16_000) {}
        silence(300).forEachIndexed { i, probability -> gate.accept(frame(i), probability) }
        val copied = FloatArray(512)
        assertTrue(gate.copyFrame(framesAgo = 10, copied))
        assertContentEquals(frame(290), copied)

        gate.reset(at = 512)
        gate.accept(frame(1), 0f)
        assertTrue(gate.copyFrame(framesAgo = 1, copied))
        assertContentEquals(frame(1), copied)
        assertFalse(gate.copyFrame(framesAgo = 2, copied))
    }

    @Test
    fun `frames of another length, and tails that are whole frames, are refused`() {
        val gate = SpeechGate(parameters, 16_000) {}
        assertFailsWith<IllegalArgumentException> { gate.accept(FloatArray(511), 0f) }
        assertFailsWith<IllegalArgumentException> { gate.finish(FloatArray(512)) }
        gate.finish(FloatArray(512), length = 511)
    }

    @Test
    fun `a voice that goes on after a split without a pause is not cut short`() {
        val segments = cut(speech(101) + List(20) { 0.4f } + speech(9) + silence(9))

        assertEquals(110 * 512L + 20 * 512L, segments.last().endSample)
    }

    @Test
    fun `one pause within a longest segment shows that the gate is not stuck`() {
        val segments = cut(speech(50) + silence(1) + speech(9) + List(90) { 0.4f } + silence(9))

        assertEquals(150 * 512L, segments.last().endSample)
    }

    @Test
    fun `after a gap the pre-roll does not reach into it`() {
        val segments = mutableListOf<SpeechSegment>()
        val gate = SpeechGate(parameters, 16_000, segments::add)
        speech(10).forEachIndexed { i, probability -> gate.accept(frame(i), probability) }
        gate.finish(frame(10), 99, nextStart = 100_000)
        (silence(2) + speech(10)).forEach { gate.accept(frame(0), it) }
        gate.finish()

        assertEquals(listOf(0L until 10 * 512L + 99, 100_000L until 100_000 + 12 * 512L), segments.ranges())
    }

    @Test
    fun `whatever is said, segments are in order, apart, not too long, and hold their own samples`() = runBlocking<Unit> {
        val probability = Arb.choice(Arb.float(0f, 0.3f), Arb.float(0.3f, 0.6f), Arb.float(0.6f, 1f))
        val stretch = Arb.bind(probability, Arb.int(1, 160)) { level, frames -> List(frames) { level } }
        checkAll(PropTestConfig(seed = 3, iterations = 300), Arb.list(stretch, 0..12), Arb.int(0, 511)) { stretches, tail ->
            val probabilities = stretches.flatten()

            val segments = cut(probabilities, tail)

            segments.zipWithNext { one, next -> assertTrue(one.endSample <= next.startSample) }
            for (segment in segments) {
                assertTrue(segment.pcm.size <= 100 * 512 && segment.startSample >= 0)
                assertTrue(segment.endSample <= probabilities.size * 512L + tail)
                assertEquals(sampleAt(segment.startSample), segment.pcm.first())
                assertTrue(segment.speech.isNotEmpty() && segment.speech.all { it.startSample < it.endSample })
                segment.speech.zipWithNext { one, next -> assertTrue(one.endSample <= next.startSample) }
                assertTrue(segment.speech.first().startSample >= segment.startSample && segment.speech.last().endSample <= segment.endSample)
                assertEquals(sampleAt(segment.endSample - 1), segment.pcm.last())
            }
            // Every stretch of speech that is long enough is in some segment.
            var start = 0
            for (stretch in stretches) {
                if (stretch.size >= 8 && stretch.first() >= 0.5f) {
                    val middle = (start + stretch.size / 2) * 512L
                    assertEquals(1, segments.count { middle in it.startSample until it.endSample })
                }
                start += stretch.size
            }
        }
    }

    @Test
    fun `a gate without room for a split is refused`() {
        assertFailsWith<IllegalArgumentException> { SpeechGate(parameters.copy(longestSegmentMs = 190), 16_000) {} }
        assertFailsWith<IllegalArgumentException> { SpeechGate(parameters.copy(longestSegmentMs = 300), 16_000) {} }
    }

    private fun speech(frames: Int) = List(frames) { 0.9f }

    private fun silence(frames: Int) = List(frames) { 0.1f }

    private fun span(first: Int, end: Int) = SpeechSpan(first * 512L, end * 512L)

    private fun frames(first: Int, end: Int) = first * 512L until end * 512L

    private fun sampleAt(position: Long) = position / 16_777_216f

    private fun frame(index: Int) = FloatArray(512) { sampleAt(index * 512L + it) }

    private fun List<SpeechSegment>.ranges() = map { it.startSample until it.endSample }

    private fun cut(probabilities: List<Float>, tail: Int = 0, frame: (Int) -> FloatArray = ::frame): List<SpeechSegment> {
        val segments = mutableListOf<SpeechSegment>()
        val gate = SpeechGate(parameters, 16_000, segments::add)
        probabilities.forEachIndexed { i, probability -> gate.accept(frame(i), probability) }
        gate.finish(frame(probabilities.size), tail)
        return segments
    }
}
