package app.undertone.engine

import app.undertone.engine.asset.EmotionAsset
import app.undertone.engine.testing.GeneratedAudio
import app.undertone.engine.testing.ReceivedFrame
import app.undertone.engine.testing.ReceivedStream
import app.undertone.engine.testing.TinyAsset
import io.kotest.common.ExperimentalKotest
import io.kotest.property.Arb
import io.kotest.property.PropTestConfig
import io.kotest.property.arbitrary.element
import io.kotest.property.arbitrary.int
import io.kotest.property.arbitrary.list
import io.kotest.property.checkAll
import kotlinx.coroutines.runBlocking
import java.lang.management.ManagementFactory
import kotlin.math.abs
import kotlin.math.sqrt
import kotlin.test.Test
import kotlin.test.assertContains
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertTrue

/** The tiny gate takes loud noise for speech, the tiny model gives its mean, maximum, minimum and mean square. */
@OptIn(ExperimentalKotest::class) // PropTestConfig, for a fixed seed
class EmotionEngineTest {
    private val asset = EmotionAsset.open(TinyAsset().asStreams())

    @Test
    fun `each burst of speech gets its emotion, from its pre-roll to its last frame`() {
        // Half a second of quiet, a second of speech, by turns; all multiples of a frame.
        val audio = GeneratedAudio.bursts(16 * 512, 32 * 512, 48 * 512, 40 * 512, 32 * 512)

        val segments = listen { it.accept(audio) }.segments

        // After the first second a burst opens the gate with its second frame: the first might be a click.
        assertEquals(listOf(16 * 512L - 4_800 to 48 * 512L, 97 * 512L - 4_800 to 136 * 512L), segments.map { it.startSample to it.endSample })
        segments.forEach { segment ->
            val received = audio.copyOfRange(segment.startSample.toInt(), segment.endSample.toInt())
            assertEquals("happy", segment.estimate.label)
            assertEquals(100f * received.max(), segment.estimate.logits[1])
        }
    }

    @Test
    fun `every frame is reported in order, with its level and the state of the gate`() {
        val frames = listen { it.accept(GeneratedAudio.bursts(16 * 512, 32 * 512, 32 * 512)) }.frames

        assertEquals(List(80) { it * 512L }, frames.map { it.startSample })
        assertEquals(List(80) { it in 16 until 48 + 14 }, frames.map { it.isOpen })
        // Uniform noise with peak p has an RMS of p / sqrt(3).
        assertEquals(-44.8f, frames[3].levelDbfs, 0.5f)
        assertEquals(-5.7f, frames[20].levelDbfs, 0.5f)
    }

    @Test
    fun `the level of a full-scale square wave is 0 dB, and silence has a floor`() {
        val square = FloatArray(3 * 512) { if (it % 2 == 0) 1f else -1f }

        val levels = listen { it.accept(square + FloatArray(3 * 512)) }.frames.map { it.levelDbfs }

        // The filter rings for a frame or two, where the square wave starts and where it ends.
        assertEquals(0f, levels[2], 0.001f)
        assertEquals(EmotionEngine.SILENCE_DBFS, levels[5])
    }

    @Test
    fun `an offset, hum or rumble has no level`() {
        for ((name, disturbance) in disturbances(100 * 512, rms = 0.1)) {
            val frames = listen { it.accept(disturbance) }.frames.drop(2)

            assertTrue(frames.all { it.levelDbfs < -20 - 17 }, "$name: ${frames.maxOf { it.levelDbfs }} dBFS")
        }
    }

    @Test
    fun `an offset, hum or rumble as loud as a voice does not keep it from the network`() {
        val lengths = intArrayOf(100 * 512, 20 * 512, 40 * 512, 20 * 512, 40 * 512)
        val voice = GeneratedAudio.bursts(*lengths).map { it / 20 }
        val isBurst = lengths.flatMapIndexed { i, samples -> List(samples / 512) { i % 2 == 1 } }
        fun reached(audio: FloatArray) = listen { it.accept(audio) }.frames.map { it.reachedNetwork }
        val clean = reached(voice.toFloatArray())
        // But for a first frame, which may be a click, all of both bursts.
        assertEquals(2 * 19, clean.indices.count { clean[it] && isBurst[it] })

        for ((name, disturbance) in disturbances(voice.size, rms = 0.045 / sqrt(3.0)) + ("10 % DC" to FloatArray(voice.size) { 0.1f })) {
            val disturbed = reached(FloatArray(voice.size) { voice[it] + disturbance[it] })

            assertEquals(clean.filterIndexed { i, _ -> isBurst[i] }, disturbed.filterIndexed { i, _ -> isBurst[i] }, name)
            // The filter rings for a frame or two after a burst, which may move the end of the hold.
            val others = clean.indices.count { it >= 32 && clean[it] != disturbed[it] }
            assertTrue(others <= 2 * 2, "$name: $others frames outside of bursts differ")
        }
    }

    @Test
    fun `the event of a segment says when in it somebody spoke`() {
        val segment = listen { it.accept(GeneratedAudio.bursts(16 * 512, 32 * 512, 32 * 512)) }.segments.single()

        assertEquals(listOf(SpeechSpan(16 * 512L - 2_560, 48 * 512L)), segment.speech)
    }

    @Test
    fun `an open segment ends with the stream, down to its last sample`() {
        val audio = GeneratedAudio.bursts(16 * 512, 32 * 512 + 77)

        val segment = listen { it.accept(audio) }.segments.single()

        assertEquals(audio.size.toLong(), segment.endSample)
    }

    @Test
    fun `any chunking gives the same events, at any rate of the microphone`() = runBlocking<Unit> {
        val config = PropTestConfig(seed = 7, iterations = 40)
        val audio = GeneratedAudio.bursts(30_000, 45_000, 40_000, 3_000, 20_000, 50_001)
        val whole = listOf(16_000, 44_100, 48_000).associateWith { rateHz -> listen(rateHz) { it.accept(audio) } }
        checkAll(config, Arb.element(whole.keys), Arb.list(Arb.int(0, 30_000), 0..20)) { rateHz, chunks ->
            val events = listen(rateHz) { engine ->
                var given = 0
                for (chunk in chunks + audio.size) {
                    val end = minOf(given + chunk, audio.size)
                    engine.accept(audio.copyOfRange(given, end))
                    given = end
                }
            }

            assertEquals(whole[rateHz], events)
        }
    }

    @Test
    fun `16-bit samples are parts of 32768`() {
        val audio = GeneratedAudio.bursts(16 * 512, 32 * 512, 32 * 512)
        val shorts = ShortArray(audio.size) { (audio[it] * 32768).toInt().toShort() }

        val events = listen { it.accept(shorts) }

        assertEquals(listen { it.accept(FloatArray(shorts.size) { i -> shorts[i] / 32768f }) }, events)
    }

    @Test
    fun `samples behind the stated length are not heard`() {
        val audio = GeneratedAudio.bursts(16 * 512, 32 * 512, 32 * 512)

        assertEquals(listen { it.accept(audio) }, listen { it.accept(audio + GeneratedAudio.noise(9_999, 0.9f), audio.size) })
    }

    @Test
    fun `a microphone at 48 kHz hears the same segments as one at 16 kHz`() {
        val audio = GeneratedAudio.bursts(16 * 512, 32 * 512, 48 * 512, 40 * 512, 32 * 512)
        // The same noise, three times as slow: each sample lasts three samples, apart from what the filter rounds off.
        val at48kHz = FloatArray(3 * audio.size) { audio[it / 3] }

        val (one, other) = listOf(listen { it.accept(audio) }, listen(48_000) { it.accept(at48kHz) })
            .map { it.segments }

        assertEquals(one.size, other.size)
        one.zip(other).forEach { (a, b) ->
            assertTrue(abs(a.startSample - b.startSample) <= 512 && abs(a.endSample - b.endSample) <= 512)
        }
    }

    @Test
    fun `after the end a new stream knows nothing of the one before`() {
        val audio = GeneratedAudio.bursts(16 * 512, 32 * 512, 32 * 512 + 100)

        val streams = List(2) { ReceivedStream() }
        EmotionEngine(asset).use { engine ->
            for (stream in streams) {
                engine.start(44_100, 0, stream)
                engine.accept(audio)
                engine.finish()
            }
        }

        assertEquals(streams[0], streams[1])
    }

    @Test
    fun `a reset drops what is open without an event, and the next start is a new stream`() {
        val audio = GeneratedAudio.bursts(16 * 512, 96 * 512, 96 * 512)
        val (dropped, received) = List(2) { ReceivedStream() }
        EmotionEngine(asset).use { engine ->
            engine.start(44_100, 0, dropped)
            engine.accept(audio.copyOf(60 * 512 + 99))
            engine.reset()
            assertFailsWith<IllegalStateException> { engine.accept(audio) }
            engine.start(44_100, 0, received)
            engine.accept(audio)
            engine.finish()
        }

        assertTrue(dropped.events.isEmpty() && dropped.frames.any { it.isOpen })
        assertEquals(listen(44_100) { it.accept(audio) }, received)
    }

    @Test
    fun `speech that the model cannot judge is skipped, with the reason`() {
        val longWindow = TinyAsset(
            manifest = {
                it.replace("\"shortest_window_samples\": 4000", "\"shortest_window_samples\": 30000")
                    .replace("\"early_result_ms\": 1000", "\"early_result_ms\": 2000")
            },
        )
        val audio = GeneratedAudio.bursts(16 * 512, 16 * 512, 32 * 512)

        val skipped = listen(asset = EmotionAsset.open(longWindow.asStreams())) { it.accept(audio) }
            .events.filterIsInstance<EmotionEvent.Skipped>().single()

        assertEquals(16 * 512L - 4_800 to 32 * 512L, skipped.startSample to skipped.endSample)
        assertContains(skipped.reason, "too short: 12992 samples, the model needs 30000")
    }

    @Test
    fun `a sample that is no number is refused, and the stream goes on without its chunk`() {
        val audio = GeneratedAudio.bursts(16 * 512, 32 * 512, 32 * 512)

        val events = listen { engine ->
            engine.accept(audio)
            val damaged = GeneratedAudio.noise(100, 0.9f).also { it[50] = Float.NaN }
            assertContains(assertFailsWith<AudioException> { engine.accept(damaged) }.message!!, "sample 50 of the chunk is NaN")
        }

        assertEquals(listen { it.accept(audio) }, events)
    }

    @Test
    fun `early results come from a second of speech on, every second, and the final one hears it all`() {
        val audio = GeneratedAudio.bursts(16 * 512, 110 * 512, 32 * 512)

        val received = listen { it.accept(audio) }

        // The first frame with a second of speech is the 32nd from the opening one on.
        assertEquals(listOf(32, 63, 94).map { (16 + it) * 512L }, received.early.map { it.endSample })
        received.early.forEach { early ->
            assertEquals(16 * 512L - 4_800, early.startSample)
            assertEquals(100f * audio.copyOfRange(early.startSample.toInt(), early.endSample.toInt()).max(), early.estimate.logits[1])
        }
        assertEquals(listOf(126 * 512L), received.segments.map { it.endSample })
    }

    @Test
    fun `an early result hears no more than its window`() {
        val received = listen { it.accept(GeneratedAudio.bursts(16 * 512, 250 * 512, 32 * 512)) }

        assertEquals(80_000L, received.early.last().run { endSample - startSample })
        assertTrue(received.early.size in 7..8)
    }

    @Test
    fun `once speech fills the window, early results come in steps, and 15 s of unbroken speech cost at most two and a half passes`() {
        val sparing = TinyAsset(
            manifest = { it.replace("\"early_window_ms\": 5000", "\"early_window_ms\": 3000, \"early_step_ms\": 2000") },
        )
        val received = ReceivedStream()
        val counts = EmotionEngine(EmotionAsset.open(sparing.asStreams())).use { engine ->
            engine.start(16_000, 0, received)
            engine.accept(GeneratedAudio.bursts(16 * 512, 459 * 512, 32 * 512)) // with the pre-roll 15 s less a frame
            engine.finish()
            engine.counts
        }

        // Speech ends with a frame: results come up to 31 ms behind the second.
        val afterMs = received.early.map { (it.endSample - 16 * 512) / 16 }
        listOf(1_000L, 2_000, 3_000, 5_000, 7_000, 9_000, 11_000, 13_000).zip(afterMs) { due, at -> assertTrue(at in due..due + 31, "$afterMs") }
        assertEquals(8, afterMs.size)
        // The pre-roll belongs to the early ones as it does to the final one; later they are of the window.
        assertEquals(listOf(16 * 512L - 4_800), received.early.take(3).map { it.startSample }.distinct())
        assertEquals(listOf(48_000L), received.early.drop(3).map { it.endSample - it.startSample }.distinct())
        assertEquals(received.early.sumOf { it.endSample - it.startSample }, counts.earlySamples)
        assertEquals(received.segments.single().run { endSample - startSample }, counts.segmentSamples)
        val passes = 1 + counts.earlySamples.toDouble() / counts.segmentSamples
        assertTrue(passes <= 2.5, "$passes passes")
        // The same speech in the end, whatever came meanwhile.
        assertEquals(
            listen { it.accept(GeneratedAudio.bursts(16 * 512, 459 * 512, 32 * 512)) }.segments.map { it.estimate },
            received.segments.map { it.estimate },
        )
    }

    @Test
    fun `early results that would be late are dropped and counted, and the final one is not`() {
        val received = ReceivedStream()
        val counts = EmotionEngine(asset).use { engine ->
            engine.start(16_000, 0, received, isLate = { true })
            engine.accept(GeneratedAudio.bursts(16 * 512, 110 * 512, 32 * 512))
            engine.finish()
            engine.counts
        }

        assertEquals(3L to 0L, counts.lateEarlyResults to counts.earlyResults)
        assertEquals(listOf("happy"), received.events.map { (it as EmotionEvent.Segment).estimate.label })
    }

    @Test
    fun `events carry the time of their first sample`() {
        val received = ReceivedStream()
        EmotionEngine(asset).use { engine ->
            engine.start(16_000, startedAtMs = 1_700_000_000_000, received)
            engine.accept(GeneratedAudio.bursts(16 * 512, 40 * 512, 32 * 512))
            engine.finish()
        }

        assertEquals(List(2) { 1_700_000_000_000 + (16 * 512 - 4_800) / 16 }, received.events.map { it.startTimeMs })
    }

    @Test
    fun `a gap ends the segment before it, is reported, and moves the clock, at any rate`() {
        for (rateHz in listOf(16_000, 48_000)) {
            val factor = rateHz / 16_000
            val audio = FloatArray(factor * (16 + 40) * 512 + 99) { i -> GeneratedAudio.bursts(16 * 512, 40 * 512 + 99).getOrElse(i / factor) { 0f } }

            val received = listen(rateHz) { engine ->
                engine.accept(audio)
                engine.skip(5_000L * factor)
                engine.accept(audio)
            }

            val gapStart = (audio.size + factor - 1L) / factor
            assertEquals(listOf(gapStart to gapStart + 5_000), received.gaps.map { it.startSample to it.endSample })
            assertEquals(gapStart, received.segments.first().endSample, "the tail belongs to the segment")
            assertTrue(received.segments.last().startSample >= gapStart + 5_000)
            val starts = received.frames.map { it.startSample }
            assertEquals(starts.sorted().distinct(), starts)
            assertTrue(starts.none { it in gapStart until gapStart + 5_000 })
        }
    }

    @Test
    fun `in silence and steady noise hardly a frame reaches the network after the first second`() {
        val aMinute = 60 * 16_000
        for (audio in listOf(FloatArray(aMinute), GeneratedAudio.noise(aMinute, 0.001f), GeneratedAudio.noise(aMinute, 0.3f))) {
            val counts = EmotionEngine(asset).use { engine ->
                engine.start(16_000, 0, ReceivedStream())
                engine.accept(audio)
                engine.counts
            }

            assertTrue(counts.networkFrames <= 0.02 * counts.frames, "$counts")
        }
    }

    @Test
    fun `a voice that rises from noise reaches the network after a lead-in`() {
        val audio = GeneratedAudio.bursts(100 * 512, 32 * 512, 32 * 512)

        val frames = listen { it.accept(audio) }.frames

        val firstLoud = frames.indexOfFirst { it.startSample >= 50_000 && it.reachedNetwork }
        assertEquals(101, firstLoud) // the second frame that stands out
        assertTrue(frames[101].isOpen)
        assertEquals(ReceivedFrame(99 * 512L, frames[99].levelDbfs, 0f, reachedNetwork = false, isOpen = false), frames[99])
    }

    @Test
    fun `a hum that lasts is background after the window, and the gate closes`() {
        val hum = GeneratedAudio.noise(600 * 512, 0.9f, seed = 4)
        val short = TinyAsset(manifest = { it.replace("\"noise_window_ms\": 20000", "\"noise_window_ms\": 3000") })

        val received = listen(asset = EmotionAsset.open(short.asStreams())) { it.accept(GeneratedAudio.bursts(40 * 512) + hum) }

        assertTrue(received.frames.any { it.isOpen })
        assertFalse(received.frames.last().isOpen)
        assertTrue(received.segments.single().endSample < (40 + 150) * 512L)
    }

    @Test
    fun `a frame that does not reach the network allocates nothing`() {
        val threads = ManagementFactory.getThreadMXBean() as com.sun.management.ThreadMXBean
        val quiet = ShortArray(512) { (it % 7 - 3).toShort() }
        val thread = Thread.currentThread().id
        EmotionEngine(asset).use { engine ->
            val listener = object : EngineListener {
                override fun onEvent(event: EmotionEvent) = Unit
            }
            for (rateHz in listOf(16_000, 48_000)) {
                engine.start(rateHz, 0, listener)
                repeat(2_000) { engine.accept(quiet) }
                val before = threads.getThreadAllocatedBytes(thread)
                repeat(3_000) { engine.accept(quiet) }
                val bytes = threads.getThreadAllocatedBytes(thread) - before

                // What asking costs, and nothing that grows with the frames.
                assertTrue(bytes < 3_000, "$bytes bytes for 3,000 chunks at $rateHz Hz")
            }
        }
    }

    /** What lies below voices, by its name, each with this [rms]. */
    private fun disturbances(samples: Int, rms: Double): Map<String, FloatArray> {
        fun sine(frequencyHz: Double) = GeneratedAudio.sine(samples, frequencyHz, rateHz = 16_000, amplitude = sqrt(2.0) * rms)
        return mapOf(
            "DC" to FloatArray(samples) { rms.toFloat() },
            "50 Hz" to sine(50.0),
            "60 Hz" to sine(60.0),
            "rumble" to sine(7.0).zip(sine(31.0)) { a, b -> (a + b) / sqrt(2f) }.toFloatArray(),
        )
    }

    private fun listen(rateHz: Int = 16_000, asset: EmotionAsset = this.asset, speak: (EmotionEngine) -> Unit): ReceivedStream {
        val received = ReceivedStream()
        EmotionEngine(asset).use { engine ->
            engine.start(rateHz, startedAtMs = 0, received)
            speak(engine)
            engine.finish()
        }
        return received
    }
}
