package app.undertone.replay

import app.undertone.engine.EmotionClassifier
import app.undertone.engine.EmotionEngine
import app.undertone.engine.asset.DirectoryAssetSource
import app.undertone.engine.asset.EmotionAsset
import app.undertone.engine.testing.GeneratedAudio
import java.io.OutputStream
import java.io.PrintStream
import kotlin.io.path.Path
import kotlin.io.path.div
import kotlin.test.Test
import kotlin.test.assertContains
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertTrue

class SoakTest : ReplayHarness() {
    @Test
    fun `a soak plays files round and round and prints memory and frames at each part`() {
        // No word on the exit code: the process also runs the other tests, and seconds are too few for its memory to settle.
        val lines = run("--soak-hours", "0.05", wav("a.wav", twoBursts), wav("b.wav", GeneratedAudio.noise(9_999, 0.9f))).lines

        assertEquals(List(24) { "soak" }, lines.map { it.text("type") })
        assertEquals(24.0, lines.last().number("preemptions"))
        assertTrue(lines.last().number("frames") >= 0.05 * 3600 / 0.032 - 1)
        assertTrue(lines.last().number("segments") > lines.first().number("segments"))
    }

    @Test
    fun `a soak fails where sessions are left open`() {
        val opened = EmotionAsset.open(DirectoryAssetSource(asset))
        val leaked = mutableListOf<EmotionClassifier>()
        val soak = Soak(hours = 0.05, PrintStream(OutputStream.nullOutputStream())) {
            repeat(LEAKED_SESSIONS) { leaked += EmotionClassifier(opened) }
            EmotionEngine(opened)
        }

        try {
            val failure = assertFailsWith<SoakException> { soak.run(twoBursts) }

            // Two digits before the point: more than what a warming process adds.
            assertTrue(Regex("""memory changed by \d\d.* % from part 2 to the last""").matches(failure.message.orEmpty()), failure.message)
        } finally {
            leaked.forEach { it.close() }
        }
    }

    @Test
    fun `a file and a recording share one engine, and what fails in it fails the soak`() {
        val opened = EmotionAsset.open(DirectoryAssetSource(asset))
        var engines = 0
        val failure = assertFailsWith<SoakException> {
            Preemption(FloatArray(100)) { EmotionEngine(opened).also { engines++ } }.run()
            Preemption(twoBursts) { throw SoakException("the engine cannot be loaded") }.run()
        }
        assertEquals("the engine cannot be loaded", failure.message)
        assertEquals(1, engines)
    }

    @Test
    fun `the memory for a long recording is given back after it`() {
        EmotionClassifier(EmotionAsset.open(DirectoryAssetSource(Path(System.getProperty("undertone.asset"))))).use { classifier ->
            val speech = GeneratedAudio.noise(15 * 16_000, peak = 0.5f)
            classifier.classify(speech, length = 16_000)
            val before = Memory.settled().heldBytes

            classifier.classify(speech)

            val grownBytes = Memory.settled().heldBytes - before
            assertTrue(grownBytes < MOST_GROWN_BYTES, "$grownBytes bytes are still held")
        }
    }

    @Test
    fun `a soak of nothing, for no time, or too short for its recordings, is refused`() {
        assertContains(run("--soak-hours", "0", wav("a.wav", twoBursts)).errors.single(), "must be above 0")
        assertContains(run("--soak-hours", "1", wav("b.wav", twoBursts.copyOf(100))).errors.single(), "hold no frame")
        val short = run("--soak-hours", "0.004", wav("c.wav", twoBursts), "${folder / "c.wav"}")
        assertEquals("replay: 0.004 hours are too short to hear these recordings 3 times", short.errors.single())
    }

    private companion object {
        const val LEAKED_SESSIONS = 60 // in each part: those of a tiny model are small
        const val MOST_GROWN_BYTES = 10_000_000 // an arena that stays as it is holds 59 MB more
    }
}
