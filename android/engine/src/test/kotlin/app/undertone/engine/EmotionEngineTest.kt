package app.undertone.engine

import app.undertone.engine.testing.GeneratedAudio
import app.undertone.engine.testing.TinyAsset
import io.kotest.common.ExperimentalKotest
import io.kotest.property.Arb
import io.kotest.property.PropTestConfig
import io.kotest.property.arbitrary.element
import io.kotest.property.arbitrary.int
import io.kotest.property.arbitrary.list
import io.kotest.property.checkAll
import kotlinx.coroutines.runBlocking
import kotlin.math.abs
import kotlin.test.Test
import kotlin.test.assertContains
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertTrue

/** The tiny gate takes loud noise for speech, the tiny model gives its mean, maximum, minimum and mean square. */
@OptIn(ExperimentalKotest::class) // PropTestConfig, for a fixed seed
class EmotionEngineTest {
    private val asset = EmotionAsset.open(TinyAsset().asStreams())

    @Test
    fun `each burst of speech gets its emotion, from its pre-roll to its last frame`() {
        // Half a second of quiet, a second of speech, by turns; all multiples of a frame.
        val audio = GeneratedAudio.bursts(16 * 512, 32 * 512, 48 * 512, 40 * 512, 32 * 512)

        val segments = listen { it.accept(audio) }.filterIsInstance<EngineEvent.Segment>()

        // One frame of quiet after a burst still has 64 loud samples in front: too few to count as speech.
        assertEquals(listOf(16 * 512L - 4_800 to 48 * 512L, 96 * 512L - 4_800 to 136 * 512L), segments.map { it.startSample to it.endSample })
        segments.forEach { segment ->
            val heard = audio.copyOfRange(segment.startSample.toInt(), segment.endSample.toInt())
            assertEquals("happy", segment.estimate.label)
            assertEquals(100f * heard.max(), segment.estimate.logits[1])
        }
    }

    @Test
    fun `every frame is reported in order, with its level and the state of the gate`() {
        val frames = listen { it.accept(GeneratedAudio.bursts(16 * 512, 32 * 512, 32 * 512)) }.filterIsInstance<EngineEvent.Frame>()

        assertEquals(List(80) { it * 512L }, frames.map { it.startSample })
        assertEquals(List(80) { it in 16 until 48 + 14 }, frames.map { it.isOpen })
        // Uniform noise with peak p has an RMS of p / sqrt(3).
        assertEquals(-44.8f, frames[3].levelDbfs, 0.5f)
        assertEquals(-5.7f, frames[20].levelDbfs, 0.5f)
    }

    @Test
    fun `the level of a full-scale square wave is 0 dB, and silence has a floor`() {
        val square = FloatArray(512) { if (it % 2 == 0) 1f else -1f }

        val levels = listen { it.accept(square + FloatArray(512)) }.filterIsInstance<EngineEvent.Frame>().map { it.levelDbfs }

        assertEquals(listOf(0f, EmotionEngine.SILENCE_DBFS), levels)
    }

    @Test
    fun `an open segment ends with the stream, down to its last sample`() {
        val audio = GeneratedAudio.bursts(16 * 512, 32 * 512 + 77)

        val segment = listen { it.accept(audio) }.filterIsInstance<EngineEvent.Segment>().single()

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
            .map { events -> events.filterIsInstance<EngineEvent.Segment>() }

        assertEquals(one.size, other.size)
        one.zip(other).forEach { (a, b) ->
            assertTrue(abs(a.startSample - b.startSample) <= 512 && abs(a.endSample - b.endSample) <= 512)
        }
    }

    @Test
    fun `after the end a new stream knows nothing of the one before`() {
        val audio = GeneratedAudio.bursts(16 * 512, 32 * 512, 32 * 512 + 100)

        val streams = List(2) { mutableListOf<EngineEvent>() }
        var stream = 0
        EmotionEngine(asset, inputRateHz = 44_100) { streams[stream] += it }.use { engine ->
            repeat(2) {
                stream = it
                engine.accept(audio)
                engine.finish()
            }
        }

        assertEquals(streams[0], streams[1])
    }

    @Test
    fun `a reset drops what is open without an event, and the next sample starts a new stream`() {
        val audio = GeneratedAudio.bursts(16 * 512, 96 * 512, 96 * 512)
        val events = mutableListOf<EngineEvent>()
        EmotionEngine(asset, inputRateHz = 44_100, listener = events::add).use { engine ->
            engine.accept(audio.copyOf(80 * 512 + 99))
            engine.reset()
            assertTrue(events.all { it is EngineEvent.Frame })
            events.clear()
            engine.accept(audio)
            engine.finish()
        }

        assertEquals(listen(44_100) { it.accept(audio) }, events)
    }

    @Test
    fun `speech that the model cannot judge is skipped, with the reason`() {
        val longWindow = TinyAsset(manifest = { it.replace("\"shortest_window_samples\": 4000", "\"shortest_window_samples\": 30000") })
        val audio = GeneratedAudio.bursts(16 * 512, 16 * 512, 32 * 512)

        val skipped = listen(asset = EmotionAsset.open(longWindow.asStreams())) { it.accept(audio) }
            .filterIsInstance<EngineEvent.Skipped>().single()

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

    private fun listen(
        rateHz: Int = 16_000,
        asset: EmotionAsset = this.asset,
        speak: (EmotionEngine) -> Unit,
    ): List<EngineEvent> {
        val events = mutableListOf<EngineEvent>()
        EmotionEngine(asset, rateHz, listener = events::add).use { engine ->
            speak(engine)
            engine.finish()
        }
        return events
    }
}
