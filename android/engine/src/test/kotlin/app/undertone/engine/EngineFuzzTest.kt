package app.undertone.engine

import app.undertone.engine.asset.AssetException
import app.undertone.engine.asset.EmotionAsset
import app.undertone.engine.testing.GeneratedAudio
import app.undertone.engine.testing.ReceivedStream
import app.undertone.engine.testing.TinyAsset
import app.undertone.engine.testing.TinyModels
import io.kotest.common.ExperimentalKotest
import io.kotest.property.Arb
import io.kotest.property.PropTestConfig
import io.kotest.property.arbitrary.bind
import io.kotest.property.arbitrary.choice
import io.kotest.property.arbitrary.element
import io.kotest.property.arbitrary.int
import io.kotest.property.arbitrary.list
import io.kotest.property.checkAll
import kotlinx.coroutines.runBlocking
import org.junit.Rule
import org.junit.rules.Timeout
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertTrue

/** Whatever comes in: an event or a typed error, never a crash; and never a hang, by the limit on each test's time. */
@OptIn(ExperimentalKotest::class) // PropTestConfig, for a fixed seed
class EngineFuzzTest {
    @get:Rule
    val timeout: Timeout = Timeout.seconds(120)

    private val engine = EmotionEngine(EmotionAsset.open(TinyAsset().asStreams()))

    private enum class Sound { Silence, Noise, Loud, Clipped, Beyond, NotANumber, Infinite, OneSample }

    private sealed interface Step {
        data class Hear(val sound: Sound, val length: Int) : Step

        data class Lose(val samples: Long) : Step
    }

    @Test
    fun `random chunks, rates, gaps and sounds never lose the clock`() = runBlocking<Unit> {
        val hear = Arb.bind(Arb.element(Sound.entries), Arb.int(0, 20_000)) { sound, length -> Step.Hear(sound, length) }
        val steps = Arb.bind(hear, Arb.int(0, 9), Arb.int(1, 100_000)) { step, kind, lost -> if (kind == 0) Step.Lose(lost.toLong()) else step }
        val rates = Arb.choice(Arb.element(8_000, 16_000, 44_100, 48_000), Arb.int(1_000, 192_000))
        checkAll(PropTestConfig(seed = 13, iterations = 100), rates, Arb.list(steps, 0..25)) { rateHz, script ->
            val received = ReceivedStream()
            try {
                engine.start(rateHz, 0, received)
            } catch (_: IllegalArgumentException) {
                return@checkAll // a rate that would need too large a filter
            }
            var given = 0L
            for (step in script) {
                when (step) {
                    is Step.Lose -> engine.skip(step.samples).also { given += step.samples }
                    is Step.Hear -> try {
                        engine.accept(step.sound.samples(step.length))
                        given += step.length
                    } catch (_: AudioException) {
                        // a chunk of no numbers, which is not heard
                    }
                }
            }
            engine.finish()

            val starts = received.frames.map { it.startSample }
            starts.zipWithNext { one, next -> assertTrue(next - one >= 512) }
            assertTrue(starts.all { it + 512 <= given * 16_000 / rateHz + 1 + received.gaps.size })
            assertTrue(received.frames.all { it.speechProbability in 0f..1f && it.levelDbfs >= EmotionEngine.SILENCE_DBFS })
            received.events.zipWithNext { one, next -> assertTrue(one.startSample <= next.endSample) }
            received.segments.zipWithNext { one, next -> assertTrue(one.endSample <= next.startSample) }
            assertEquals(received.frames.size.toLong(), engine.counts.frames)
        }
    }

    @Test
    fun `a manifest with any byte changed is read or refused by name`() = runBlocking<Unit> {
        checkAll(PropTestConfig(seed = 17, iterations = 2_000), Arb.int(0, 1_000_000), Arb.int(0, 127)) { at, byte ->
            val asset = TinyAsset(manifest = { text -> text.replaceRange(at % text.length, at % text.length + 1, byte.toChar().toString()) })
            opensOrIsRefused { EmotionAsset.open(asset.asStreams()) }
        }
    }

    @Test
    fun `a manifest cut short anywhere is refused by name`() {
        var length = 0
        TinyAsset(manifest = { it.also { length = it.length } })
        for (end in 0 until length step 7) {
            val asset = TinyAsset(manifest = { it.take(end) })
            assertTrue(!opensOrIsRefused { EmotionAsset.open(asset.asStreams()) })
        }
    }

    @Test
    fun `models with bytes changed that are hashed anew load and run, or are refused by name`() = runBlocking<Unit> {
        val emotion = TinyModels.emotion()
        val speech = TinyModels.loudnessGate()
        val change = Arb.bind(Arb.int(0, 1_000_000), Arb.int(0, 255)) { at, byte -> at to byte.toByte() }
        val audio = GeneratedAudio.bursts(16 * 512, 40 * 512, 32 * 512)
        var refused = 0
        checkAll(PropTestConfig(seed = 19, iterations = 400), Arb.list(change, 1..3), Arb.int(0, 1)) { changes, which ->
            fun ByteArray.changed() = copyOf().also { bytes -> changes.forEach { (at, byte) -> bytes[at % bytes.size] = byte } }
            val asset = if (which == 0) TinyAsset(emotionModel = emotion.changed()) else TinyAsset(speechModel = speech.changed())
            val runs = opensOrIsRefused {
                EmotionEngine(EmotionAsset.open(asset.asStreams())).use { engine ->
                    engine.start(16_000, 0, ReceivedStream())
                    engine.accept(audio)
                    engine.finish()
                }
            }
            if (!runs) refused++
        }
        assertTrue(refused in 50..390, "$refused of 400 refused: both sides are met")
    }

    /** Whether [use] went through; false where it ended in an [AssetException]. */
    private fun opensOrIsRefused(use: () -> Unit): Boolean = try {
        use()
        true
    } catch (e: AssetException) {
        assertTrue(e.file.isNotBlank() && e.reason.isNotBlank())
        false
    }

    private fun Sound.samples(length: Int): FloatArray = when (this) {
        Sound.Silence -> FloatArray(length)
        Sound.Noise -> GeneratedAudio.noise(length, 0.01f)
        Sound.Loud -> GeneratedAudio.noise(length, 0.9f)
        Sound.Clipped -> FloatArray(length) { if (it / 40 % 2 == 0) 1f else -1f }
        Sound.Beyond -> FloatArray(length) { if (it / 40 % 2 == 0) Float.MAX_VALUE else -Float.MAX_VALUE }
        Sound.NotANumber -> FloatArray(length).also { if (length > 0) it[length / 2] = Float.NaN }
        Sound.Infinite -> FloatArray(length).also { if (length > 0) it[length / 2] = Float.NEGATIVE_INFINITY }
        Sound.OneSample -> FloatArray(length).also { if (length > 0) it[0] = 1f }
    }
}
