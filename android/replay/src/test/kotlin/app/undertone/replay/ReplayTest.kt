package app.undertone.replay

import app.undertone.engine.DirectoryAssetSource
import app.undertone.engine.EmotionAsset
import app.undertone.engine.EmotionClassifier
import app.undertone.engine.testing.GeneratedAudio
import app.undertone.engine.testing.TinyAsset
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.double
import kotlinx.serialization.json.float
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import org.junit.Rule
import org.junit.rules.TemporaryFolder
import java.io.ByteArrayOutputStream
import java.io.IOException
import java.io.OutputStream
import java.io.PrintStream
import java.nio.file.Path
import kotlin.io.path.createDirectories
import kotlin.io.path.div
import kotlin.io.path.writeBytes
import kotlin.io.path.writeText
import kotlin.math.abs
import kotlin.random.Random
import kotlin.test.Test
import kotlin.test.assertContains
import kotlin.test.assertEquals
import kotlin.test.assertTrue

/** The tiny asset takes loudness for speech; its logits are 100 times the mean, maximum, minimum and mean square. */
class ReplayTest {
    @get:Rule
    val temporary = TemporaryFolder()

    private val folder: Path by lazy { temporary.root.toPath() }
    private val asset: Path by lazy { TinyAsset().writeTo(folder / "asset") }

    /** Quarters of a second of quiet and seconds of speech, by turns, in whole frames; exact in 16 bits. */
    private val twoBursts = GeneratedAudio.bursts(16 * 512, 32 * 512, 48 * 512, 40 * 512, 32 * 512).in16Bits()
    private val speech = GeneratedAudio.noise(20_000, peak = 0.5f).in16Bits()

    @Test
    fun `each burst of speech is one line`() {
        val file = wav("two bursts.wav", twoBursts)

        val outcome = run(file)

        assertEquals(0, outcome.exitCode)
        assertEquals(List(2) { "segment" }, outcome.lines.map { it.text("type") })
        assertEquals(List(2) { file }, outcome.lines.map { it.text("file") })
        assertEquals(listOf(0.212, 2.772), outcome.lines.map { it.number("start_s") })
        assertEquals(listOf(1.536, 4.352), outcome.lines.map { it.number("end_s") })
        assertEquals(List(2) { "happy" }, outcome.lines.map { it.text("label") })
    }

    @Test
    fun `with frames, the speech probability of each frame is a line too`() {
        val lines = run("--frames", wav("a.wav", twoBursts)).lines

        val frames = lines.filter { it.text("type") == "frame" }
        assertEquals(List(168) { it * 512 / 16_000.0 }, frames.map { it.number("time_s") })
        val probabilities = frames.map { it.getValue("speech_probability").jsonPrimitive.float }
        assertTrue(probabilities.take(16).all { it < 0.1f } && probabilities.subList(17, 48).all { it > 0.8f })
        assertEquals(2, lines.count { it.text("type") == "segment" })
    }

    @Test
    fun `a whole file is one segment, with the numbers of the engine to the last digit`() {
        val file = wav("speech.wav", speech)
        val expected = EmotionClassifier(EmotionAsset.open(DirectoryAssetSource(asset))).use { it.classify(speech) }

        val line = run("--whole", file).lines.single()

        assertEquals(listOf("type", "file", "start_s", "end_s", "label", "logits", "probabilities"), line.keys.toList())
        assertEquals(0.0 to 1.25, line.number("start_s") to line.number("end_s"))
        assertEquals(expected.label, line.text("label"))
        assertEquals(expected.logits, line.logits())
        assertEquals(
            listOf("angry", "happy", "neutral", "sad").zip(expected.probabilities),
            line.getValue("probabilities").jsonObject.map { (label, probability) -> label to probability.jsonPrimitive.double },
        )
    }

    @Test
    fun `a whole file with frames prints the same frames as the gate hears`() {
        val file = wav("a.wav", twoBursts)

        fun frames(vararg arguments: String) = run("--frames", *arguments, file).lines.filter { it.text("type") == "frame" }

        assertEquals(frames(), frames("--whole"))
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
    fun `a WAV that was written to a pipe ends with its file`() {
        val piped = write("piped.wav", wavBytes(speech, statedBytes = -1))

        assertEquals(wholeLogits(wav("a.wav", speech)), wholeLogits(piped))
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
    fun `an empty file is refused`() {
        refuses("empty: it has 0 bytes", ByteArray(0))
        refuses("empty: there is no audio in it", wavBytes(FloatArray(0)))
    }

    @Test
    fun `a truncated file is refused wherever it ends`() {
        val wav = wavBytes(speech)
        for (bytes in listOf(1, 4, 11, 12, 30, 44, 63)) refusesAsDamaged(wav.copyOf(bytes))
        refuses("truncated: its header promises 40000 bytes of audio, 39999 are there; copy it again", wav.copyOf(wav.size - 1))

        val flac = flacBytes(speech)
        for (bytes in listOf(1, 4, 20, 41, 43)) refusesAsDamaged(flac.copyOf(bytes))
        refuses("truncated: its header promises 20000 samples, 16384 are there; copy it again", flac.copyOf(flac.size - 10))
    }

    @Test
    fun `a FLAC with a changed sample is refused, and so is one with the MD5 of another`() {
        refuses("damaged: CRC Error", flacBytes(speech).also { it[it.size / 2]++ })
        refuses("damaged: its samples do not have the MD5 in its header", flacBytes(speech).also { it[30]++ })
    }

    @Test
    fun `a tag behind the audio of a FLAC is left alone`() {
        val id3 = "TAG".encodeToByteArray() + ByteArray(125)

        assertEquals(wholeLogits(wav("a.wav", speech)), wholeLogits(write("b.flac", flacBytes(speech) + id3)))
    }

    @Test
    fun `a FLAC with more samples than its header promises is refused`() {
        val promises5000 = flacBytes(speech).also {
            it[24] = (5_000 shr 8).toByte()
            it[25] = 5_000.toByte()
        }

        refuses("damaged: its samples do not have the MD5 in its header", promises5000)
    }

    @Test
    fun `the command prints nothing but JSON, whatever the decoder has to say`() {
        val java = Path.of(System.getProperty("java.home"), "bin/java")
        val command = listOf("$java", "-cp", System.getProperty("java.class.path"), "app.undertone.replay.MainKt", "--whole", "--asset", "$asset")
        val file = write("a.flac", flacBytes(speech, isEscaped = true))

        val process = ProcessBuilder(command + file).redirectError(ProcessBuilder.Redirect.DISCARD).start()
        val lines = process.inputStream.bufferedReader().readLines()

        assertEquals(0, process.waitFor())
        assertEquals(wholeLogits(wav("a.wav", speech)), Json.parseToJsonElement(lines.single()).jsonObject.logits())
    }

    @Test
    fun `a silent file is refused, with and without the gate`() {
        refuses("silent: no sample reaches 1/32768 of full scale", wavBytes(FloatArray(20_000)))
        // Opposite channels cancel out.
        refuses("silent", wavBytes(speech, FloatArray(speech.size) { -speech[it] }))
    }

    @Test
    fun `a file with NaN or infinity is refused, with the place`() {
        for (bad in listOf(Float.NaN, Float.NEGATIVE_INFINITY)) {
            val damaged = speech.copyOf().also { it[8_000] = bad }
            refuses("damaged: the sample at 0.5 s is $bad", wavBytes(damaged, encoding = WavEncoding.FLOAT_32))
        }
    }

    @Test
    fun `whatever bytes are wrong, a file is heard or refused, and the next one is played`() {
        val random = Random(seed = 11)
        val wholeFiles = listOf(wavBytes(speech), wavBytes(speech, isExtensible = true), flacBytes(speech))
        val damaged = (folder / "damaged").createDirectories()
        repeat(DAMAGED_FILES) { number ->
            val bytes = wholeFiles[number % wholeFiles.size].copyOf()
            // Headers are short and decide everything: most of the damage goes there.
            repeat(random.nextInt(1, 4)) { bytes[random.nextInt(if (number % 4 == 0) bytes.size else 80)] = random.nextInt().toByte() }
            (damaged / "%03d.wav".format(number)).writeBytes(bytes.copyOf(if (number % 5 == 0) random.nextInt(bytes.size) else bytes.size))
        }
        (damaged / "last.wav").writeBytes(wavBytes(speech))

        val outcome = run("--whole", "$damaged")

        assertEquals(DAMAGED_FILES + 1, outcome.lines.size + outcome.errors.size)
        assertEquals(emptyList(), outcome.errors.filterNot { it.matches(Regex("replay: .*/\\d{3}\\.wav: [a-zA-Z].+")) })
        assertEquals("${damaged / "last.wav"}", outcome.lines.last().text("file"))
    }

    @Test
    fun `a text file called wav is refused`() {
        refuses("neither WAV nor FLAC, whatever its name says", "Dear diary".encodeToByteArray())
    }

    @Test
    fun `a WAV that makes no sense or is compressed is refused`() {
        fun changed(offset: Int, vararg bytes: Int) = wavBytes(speech).also { wav -> bytes.forEachIndexed { i, byte -> wav[offset + i] = byte.toByte() } }

        refuses("a RIFF file, but not a WAV", changed(8, 'A'.code, 'V'.code, 'I'.code, ' '.code))
        refuses("WAV encoding 7 of 8 bits is not supported", changed(20, 7).also { it[34] = 8 })
        refuses("WAV encoding 1 of 12 bits is not supported", changed(34, 12))
        refuses("damaged: its header states 0 channels", changed(22, 0))
        refuses("damaged: its header states 1 channels of 16 bits in 3 bytes", changed(32, 3))
        refuses("its header states a sample rate of 0 Hz", changed(24, 0, 0, 0, 0))
        refuses("damaged: its audio comes before its format", changed(12, 'x'.code))
    }

    @Test
    fun `a whole file shorter than the shortest window is refused, with the gate it just has no segment`() {
        val file = wav("short.wav", speech.copyOf(3_999))

        assertEquals(Outcome(0, emptyList(), emptyList()), run(file))
        assertEquals(listOf("replay: $file: too short: 3999 samples, the model needs 4000 at 16000 Hz"), run("--whole", file).errors)
    }

    @Test
    fun `speech that the model cannot judge is a line of its own`() {
        TinyAsset(manifest = { it.replace("\"shortest_window_samples\": 4000", "\"shortest_window_samples\": 30000") }).writeTo(asset)

        val line = run(wav("a.wav", GeneratedAudio.bursts(16 * 512, 16 * 512, 32 * 512))).lines.single()

        assertEquals("skipped", line.text("type"))
        assertContains(line.text("reason"), "too short: 12992 samples")
    }

    @Test
    fun `a folder without audio is refused`() {
        val empty = (folder / "empty").createDirectories()

        assertEquals(listOf("replay: $empty: there is no .wav or .flac file in this folder"), run("$empty").errors)
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
    fun `wrong arguments are told in one line`() {
        val hint = "; `replay --help` shows what there is"

        assertEquals(Outcome(2, emptyList(), listOf("replay: missing argument FILE$hint")), call())
        assertEquals(Outcome(2, emptyList(), listOf("replay: no such option --loud$hint")), call("--loud", "a.wav"))
    }

    @Test
    fun `help names every option`() {
        val out = ByteArrayOutputStream()

        assertEquals(0, replay(listOf("--help"), PrintStream(out), System.err))
        for (option in listOf("--whole", "--frames", "--asset", "WAV or FLAC")) assertContains(out.toString(), option)
    }

    @Test
    fun `an output that cannot be written is an error`() {
        val fullDisk = PrintStream(object : OutputStream() {
            override fun write(byte: Int) = throw IOException("No space left on device")
        })
        val err = ByteArrayOutputStream()

        val exitCode = replay(listOf("--whole", "--asset", "$asset", wav("a.wav", speech)), fullDisk, PrintStream(err))

        assertEquals(2 to "replay: the output cannot be written; is the disk full?", exitCode to err.toString().trim())
    }

    private companion object {
        const val DAMAGED_FILES = 600
    }

    private data class Outcome(val exitCode: Int, val lines: List<JsonObject>, val errors: List<String>)

    private fun run(vararg arguments: String): Outcome =
        if ("--asset" in arguments) call(*arguments) else call("--asset", "$asset", *arguments)

    private fun call(vararg arguments: String): Outcome {
        val (out, err) = List(2) { ByteArrayOutputStream() }
        val exitCode = replay(arguments.toList(), PrintStream(out, false, Charsets.UTF_8), PrintStream(err, true, Charsets.UTF_8))
        fun ByteArrayOutputStream.lines() = toString(Charsets.UTF_8).lines().filter { it.isNotEmpty() }
        return Outcome(exitCode, out.lines().map { Json.parseToJsonElement(it).jsonObject }, err.lines())
    }

    private fun write(name: String, bytes: ByteArray): String = "${(folder / name).also { it.writeBytes(bytes) }}"

    private fun wav(name: String, pcm: FloatArray): String = write(name, wavBytes(pcm))

    private fun wholeLogits(file: String): List<Float> = run("--whole", file).lines.single().logits()

    /** One line that starts with the reason, both with and without the gate, and no output. */
    private fun refuses(reason: String, bytes: ByteArray) {
        val file = write("bad.wav", bytes)
        for (mode in listOf(emptyArray(), arrayOf("--whole"))) {
            val outcome = run(*mode, file)
            assertEquals(2 to emptyList(), outcome.exitCode to outcome.lines)
            assertTrue(outcome.errors.single().startsWith("replay: $file: $reason"), "${outcome.errors} instead of $reason")
        }
    }

    private fun refusesAsDamaged(bytes: ByteArray) {
        val outcome = run(write("cut.wav", bytes))
        assertEquals(2 to emptyList(), outcome.exitCode to outcome.lines)
        assertTrue(outcome.errors.single().contains(Regex(": (truncated|damaged|neither WAV nor FLAC)")), "${outcome.errors}")
    }

    private fun assertClose(expected: List<Float>, found: List<Float>, tolerance: Float, what: String) {
        val worst = expected.zip(found).maxOf { (a, b) -> abs(a - b) }
        assertTrue(worst <= tolerance, "$what: differs by $worst, more than $tolerance")
    }

    private fun FloatArray.in16Bits() = FloatArray(size) { (this[it] * 32768).toInt() / 32768f }

    private fun JsonObject.text(name: String) = getValue(name).jsonPrimitive.content

    private fun JsonObject.number(name: String) = getValue(name).jsonPrimitive.double

    private fun JsonObject.logits() = getValue("logits").jsonArray.map { it.jsonPrimitive.float }
}
