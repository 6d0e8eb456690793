package app.undertone.replay

import app.undertone.engine.EmotionClassifier
import app.undertone.engine.asset.DirectoryAssetSource
import app.undertone.engine.asset.EmotionAsset
import app.undertone.engine.testing.GeneratedAudio
import kotlinx.serialization.json.double
import kotlinx.serialization.json.float
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import java.io.ByteArrayOutputStream
import java.io.IOException
import java.io.OutputStream
import java.io.PrintStream
import kotlin.io.path.createDirectories
import kotlin.io.path.div
import kotlin.io.path.writeText
import kotlin.math.abs
import kotlin.test.Test
import kotlin.test.assertContains
import kotlin.test.assertEquals
import kotlin.test.assertTrue

class ReplayTest : ReplayHarness() {
    @Test
    fun `each burst of speech is one line`() {
        val file = wav("two bursts.wav", twoBursts)

        val outcome = run(file)

        assertEquals(0, outcome.exitCode)
        // A burst is just over a second long: one early result, then the segment.
        assertEquals(listOf("early", "segment", "early", "segment"), outcome.lines.map { it.text("type") })
        assertEquals(List(4) { file }, outcome.lines.map { it.text("file") })
        val segments = outcome.lines.filter { it.text("type") == "segment" }
        assertEquals(listOf(0.212, 2.804), segments.map { it.number("start_s") })
        assertEquals(listOf(1.536, 4.352), segments.map { it.number("end_s") })
        assertEquals(listOf(3_392.0, 44_864.0), segments.map { it.number("start_sample") })
        assertEquals(listOf("1970-01-01T00:00:00.212Z", "1970-01-01T00:00:02.804Z"), segments.map { it.text("time") })
        assertEquals(List(2) { "happy" }, segments.map { it.text("label") })
        assertEquals(List(2) { "happy" }, segments.map { it.getValue("smoothed").jsonObject.text("label") })
    }

    @Test
    fun `with frames, the speech probability of each frame is a line too`() {
        val lines = run("--frames", wav("a.wav", twoBursts)).lines

        val frames = lines.filter { it.text("type") == "frame" }
        assertEquals(List(168) { it * 512 / 16_000.0 }, frames.map { it.number("time_s") })
        val probabilities = frames.map { it.getValue("speech_probability").jsonPrimitive.float }
        assertTrue(probabilities.take(16).all { it < 0.1f } && probabilities.subList(17, 48).all { it > 0.8f })
        val reachedNetwork = frames.map { it.text("reached_network").toBoolean() }
        assertTrue(reachedNetwork.subList(0, 58).all { it } && reachedNetwork.subList(59, 96).none { it })
        assertEquals(2, lines.count { it.text("type") == "segment" })
    }

    @Test
    fun `a whole file is one segment, with the numbers of the engine to the last digit`() {
        val file = wav("speech.wav", speech)
        val expected = EmotionClassifier(EmotionAsset.open(DirectoryAssetSource(asset))).use { it.classify(speech) }

        val line = run("--whole", file).lines.single()

        assertEquals(
            "type file start_s end_s start_sample end_sample label is_uncertain logits probabilities".split(" "),
            line.keys.toList(),
        )
        assertEquals(0.0 to 1.25, line.number("start_s") to line.number("end_s"))
        assertEquals(expected.label, line.text("label"))
        assertEquals(expected.logits, line.logits())
        assertEquals(
            listOf("angry", "happy", "neutral", "sad").zip(expected.probabilities),
            line.getValue("probabilities").jsonObject.map { (label, probability) -> label to probability.jsonPrimitive.double },
        )
    }

    @Test
    fun `a whole file with frames gives every frame to the network, and the gate those that stand out`() {
        val file = wav("a.wav", twoBursts)

        fun frames(vararg arguments: String) = run("--frames", *arguments, file).lines.filter { it.text("type") == "frame" }

        val whole = frames("--whole")
        assertTrue(whole.all { it.text("reached_network") == "true" })
        frames().forEachIndexed { index, gated ->
            // Before the gate a stream loses its offset, which loud noise seems to have for a moment; well inside speech the network rests.
            val last = whole.subList(maxOf(0, index - RESTING_FRAMES), index + 1).map { it.number("speech_probability") }
            if (gated.text("reached_network") == "true") {
                assertTrue(last.any { abs(it - gated.number("speech_probability")) < 0.01 }, "$gated instead of $last")
            }
        }
    }

    @Test
    fun `every encoding of WAV gives the same numbers`() {
        for (encoding in WavEncoding.entries) {
            for (isExtensible in listOf(false, true)) {
                val file = write("a.wav", wavBytes(speech, encoding = encoding, isExtensible = isExtensible))

                // 8 bits round to the next 1/128; logits are 100 times the samples.
                val tolerance = if (encoding == WavEncoding.PCM_8) 0.5f else 0f
                assertClose(wholeLogits(wav("16 bits.wav", speech)), wholeLogits(file), tolerance, "$encoding")
            }
        }
    }

    @Test
    fun `channels are averaged`() {
        val stereo = write("stereo.wav", wavBytes(speech, FloatArray(speech.size), encoding = WavEncoding.FLOAT_32))
        val half = write("half.wav", wavBytes(FloatArray(speech.size) { speech[it] / 2 }, encoding = WavEncoding.FLOAT_32))

        assertEquals(wholeLogits(half), wholeLogits(stereo))
    }

    @Test
    fun `a recording at another rate is resampled, and keeps its times`() {
        for (rateHz in listOf(8_000, 22_050, 44_100, 48_000)) {
            val tone = GeneratedAudio.sine(rateHz, frequencyHz = 1_000.0, rateHz = rateHz)

            val line = run("--whole", write("tone.wav", wavBytes(tone, rateHz = rateHz))).lines.single()

            assertEquals(1.0, line.number("end_s"), "$rateHz Hz")
            assertEquals(100 * 0.125f, line.logits()[3], 0.1f, "mean square at $rateHz Hz")
        }
    }

    @Test
    fun `FLAC gives the same numbers as WAV, whatever the file is called`() {
        val other = GeneratedAudio.noise(20_000, peak = 0.3f, seed = 2).in16Bits()

        assertEquals(wholeLogits(wav("a.wav", speech)), wholeLogits(write("b.wav", flacBytes(speech))))
        assertEquals(
            wholeLogits(write("c.wav", wavBytes(speech, other))),
            wholeLogits(write("d.flac", flacBytes(speech, other))),
        )
    }

    @Test
    fun `a WAV whose header was written before its size was known ends with its file`() {
        // What espeak-ng, Oboe, ffmpeg and SoX write, a size less its header, and a recorder that was killed.
        for (stated in listOf(0x7ffff000, Int.MAX_VALUE, -1, Int.MIN_VALUE, 0x7fffffff - 36, -37, 0)) {
            val unfinished = write("unfinished.wav", wavBytes(speech, statedBytes = stated))

            assertEquals(wholeLogits(wav("a.wav", speech)), wholeLogits(unfinished), "$stated")
        }
    }

    @Test
    fun `a FLAC of unknown length ends with its file`() {
        // The number of samples and the MD5 are the last 20 bytes of the stream information.
        val piped = flacBytes(speech).also { flac -> for (i in 22 until 42) flac[i] = 0 }

        assertEquals(wholeLogits(wav("a.wav", speech)), wholeLogits(write("piped.flac", piped)))
    }

    @Test
    fun `channels that cancel out are heard by the louder one, and a dead one is averaged`() {
        val inverted = FloatArray(speech.size) { -speech[it] }
        val fainter = FloatArray(speech.size) { -speech[it] * 0.9f }

        for (channels in listOf(arrayOf(speech, inverted), arrayOf(speech, fainter), arrayOf(fainter, speech))) {
            val file = write("antiphase.wav", wavBytes(*channels, encoding = WavEncoding.FLOAT_32))
            assertEquals(wholeLogits(wav("a.wav", speech)), wholeLogits(file))
        }
        val half = write("half.wav", wavBytes(FloatArray(speech.size) { speech[it] / 2 }, encoding = WavEncoding.FLOAT_32))
        val dead = write("dead.wav", wavBytes(FloatArray(speech.size), speech, encoding = WavEncoding.FLOAT_32))
        assertEquals(wholeLogits(half), wholeLogits(dead))
    }

    @Test
    fun `a folder is searched for audio, in order of names, and other files are left alone`() {
        (folder / "audio" / "deep").createDirectories()
        for (name in listOf("b.WAV", "a.wav", "deep/c.flac")) {
            write("audio/$name", if (name.endsWith("flac")) flacBytes(speech) else wavBytes(speech))
        }
        write("audio/notes.txt", "not audio".encodeToByteArray())

        val files = run("--whole", "${folder / "audio"}").lines.map { it.text("file") }

        assertEquals(listOf("a.wav", "b.WAV", "deep/c.flac").map { "${folder / "audio" / it}" }, files)
    }

    @Test
    fun `good files are played although others are bad, and the exit code is 2`() {
        val files = listOf(wav("a.wav", speech), write("b.wav", ByteArray(0)), wav("c.wav", speech), "${folder / "d.wav"}")

        val outcome = run("--whole", *files.toTypedArray())

        assertEquals(listOf(files[0], files[2]), outcome.lines.map { it.text("file") })
        assertEquals(
            listOf("replay: ${files[1]}: empty: it has 0 bytes", "replay: ${files[3]}: there is no such file"),
            outcome.errors,
        )
        assertEquals(2, outcome.exitCode)
    }

    @Test
    fun `after a bad file the next one is heard as if it were the first`() {
        val bad = write("bad.wav", wavBytes(FloatArray(8_000) { Float.NaN }, encoding = WavEncoding.FLOAT_32))
        val open = wav("open.wav", twoBursts.copyOf(40 * 512))
        val good = wav("good.wav", twoBursts)

        val alone = run("--frames", good).lines

        assertEquals(alone, run("--frames", bad, open, good).lines.takeLast(alone.size))
    }

    @Test
    fun `a folder without audio is refused`() {
        val empty = (folder / "empty").createDirectories()

        val kinds = "WAV, FLAC, MP3, Ogg, AIFF, AU, CAF, SPH"
        assertEquals(listOf("replay: $empty: there is no recording in this folder that is read here ($kinds)"), run("$empty").errors)
    }

    @Test
    fun `without an asset the command to run is named`() {
        val nowhere = folder / "nowhere"

        val outcome = run("--asset", "$nowhere", wav("a.wav", speech))

        assertEquals(
            Outcome(2, emptyList(), listOf("replay: the asset in $nowhere cannot be used: manifest.json: is missing; run: make asset")),
            outcome,
        )
    }

    @Test
    fun `a spoiled asset is refused before anything is played`() {
        (asset / "model.onnx").writeText("not a model")

        val outcome = run(wav("a.wav", speech))

        assertEquals(2, outcome.exitCode)
        assertContains(outcome.errors.single(), "replay: the asset in $asset cannot be used: model.onnx: has 11 bytes")
    }

    @Test
    fun `the asset of the checkout around is used by default`() {
        val built = (folder / "checkout/android/app/src/main/assets/emotion").createDirectories()
        val inside = (folder / "checkout/android/replay").createDirectories()

        assertEquals(built, builtAssetFolder(listOf(folder / "elsewhere", inside)))
    }

    @Test
    fun `an empty name and one that begins with a dash are refused in words`() {
        val hint = "; `replay --help` shows what there is"

        assertEquals(Outcome(2, emptyList(), listOf("replay: invalid value for FILE: an empty name is no file or folder$hint")), run(""))
        assertContains(run("-x.wav").errors.single(), Regex("^replay: no such option -x"))
    }

    @Test
    fun `wrong arguments are told in one line`() {
        val hint = "; `replay --help` shows what there is"

        assertEquals(Outcome(2, emptyList(), listOf("replay: missing argument FILE$hint")), call())
        assertEquals(Outcome(2, emptyList(), listOf("replay: no such option --loud$hint")), call("--loud", "a.wav"))
    }

    @Test
    fun `help names every option`() {
        val out = ByteArrayOutputStream()

        assertEquals(0, replay(listOf("--help"), PrintStream(out), System.err))
        val options = listOf("--whole", "--realtime", "--frames", "--csv", "--report", "--soak-hours", "--no-session-adaptation", "--asset")
        for (told in options + "WAV, FLAC, MP3, Ogg, AIFF, AU, CAF or SPH") assertContains(out.toString(), told)
    }

    @Test
    fun `an output that nobody reads any longer ends the run in silence, as a shell has it`() {
        val closed = object : OutputStream() {
            override fun write(byte: Int) = throw IOException("Broken pipe")
        }
        val err = ByteArrayOutputStream()

        val exitCode = replay(listOf("--whole", "--asset", "$asset", wav("a.wav", speech)), closed, PrintStream(err))

        assertEquals(141 to "", exitCode to err.toString())
    }

    @Test
    fun `an output that cannot be written is an error`() {
        val fullDisk = object : OutputStream() {
            override fun write(byte: Int) = throw IOException("No space left on device")
        }
        val err = ByteArrayOutputStream()

        val exitCode = replay(listOf("--whole", "--asset", "$asset", wav("a.wav", speech)), fullDisk, PrintStream(err))

        assertEquals(2 to "replay: the output cannot be written: No space left on device", exitCode to err.toString().trim())
    }

    private companion object {
        /** As many at most take the probability of the one before. */
        const val RESTING_FRAMES = 3
    }
}
