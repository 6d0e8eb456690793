package app.undertone.replay

import app.undertone.engine.testing.GeneratedAudio
import app.undertone.engine.testing.TinyAsset
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.jsonObject
import java.nio.file.Path
import kotlin.io.path.createDirectories
import kotlin.io.path.div
import kotlin.io.path.listDirectoryEntries
import kotlin.io.path.readBytes
import kotlin.io.path.toPath
import kotlin.io.path.writeBytes
import kotlin.random.Random
import kotlin.test.Test
import kotlin.test.assertContains
import kotlin.test.assertEquals
import kotlin.test.assertTrue

class RefusedFilesTest : ReplayHarness() {
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
    fun `more channels than a recorder has are refused`() {
        refuses("its header has 512 channels, and recorders at most 256", wavBytes(*Array(512) { speech.copyOf(4_000) }))
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
        refuses("silent: what is in it lies below -80 dB of full scale", wavBytes(FloatArray(20_000)))
        // Dither, with and without an offset.
        for (offset in listOf(0f, 0.1f)) refuses("silent", wavBytes(FloatArray(20_000) { offset + (it * 7 % 3 - 1) / 32768f }))
    }

    @Test
    fun `a file with NaN or infinity is refused, with the place`() {
        for (bad in listOf(Float.NaN, Float.NEGATIVE_INFINITY)) {
            val damaged = speech.copyOf().also { it[8_000] = bad }
            refuses("damaged: the sample at 0.5 s is $bad", wavBytes(damaged, encoding = WavEncoding.FLOAT_32))
        }
    }

    @Test
    fun `a float file on the scale of 16 bits is refused, one that is too loud is not`() {
        fun scaled(factor: Float) = wavBytes(FloatArray(speech.size) { speech[it] * factor }, encoding = WavEncoding.FLOAT_32)

        refuses("its samples reach 16", scaled(32_768f))
        assertEquals(0, run("--whole", write("loud.wav", scaled(4f))).exitCode)
    }

    @Test
    fun `a header without audio is empty where chunks follow, and a plausible size that is too large is a truncation`() {
        refuses("empty: there is no audio in it", wavBytes(FloatArray(0)) + "LIST".encodeToByteArray() + ByteArray(4))
        refuses("truncated: its header promises 1879048192 bytes", wavBytes(speech, statedBytes = 0x70000000))
    }

    @Test
    fun `whatever bytes are wrong, a file is heard or refused, and the next one is played`() {
        val random = Random(seed = 11)
        val kinds = javaClass.getResource("/kinds")!!.toURI().toPath().listDirectoryEntries().sorted()
        val unfinished = listOf(wavBytes(speech, statedBytes = Int.MAX_VALUE), wavBytes(speech, statedBytes = 0))
        val wholeFiles = listOf(wavBytes(speech), wavBytes(speech, isExtensible = true), flacBytes(speech)) + unfinished +
            listOf(cafBytes(frameBytes(speech)), sphereBytes(frameBytes(speech), "sample_count" to "-i ${speech.size}")) +
            kinds.map { it.readBytes() }
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
        refuses("not WAV, FLAC, MP3, Ogg, AIFF, AU, CAF or SPH, whatever its name says", "Dear diary".encodeToByteArray())
    }

    @Test
    fun `a Git LFS pointer is named as such`() {
        val pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:${"0".repeat(64)}\nsize 73902\n"

        refuses("a Git LFS pointer, not the recording; run git lfs pull", pointer.encodeToByteArray())
    }

    @Test
    fun `a WAV that makes no sense or has an encoding that is not read is refused`() {
        fun changed(offset: Int, vararg bytes: Int) =
            wavBytes(speech).also { wav -> bytes.forEachIndexed { i, byte -> wav[offset + i] = byte.toByte() } }

        refuses("a RIFF file, but not a WAV", changed(8, 'A'.code, 'V'.code, 'I'.code, ' '.code))
        refuses("WAV encoding 64 (G.721) is not supported; convert it to 16-bit PCM", changed(20, 64).also { it[34] = 4 })
        refuses("damaged: its header states 1 channels of 0 bits in 2 bytes", changed(20, 49).also { it[34] = 0 })
        for (adpcm in listOf(2, 17)) refuses("damaged: ", changed(20, adpcm).also { it[34] = 4 })
        refuses("damaged: it has no frame of MPEG audio", changed(20, 85))
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
        val longWindow = TinyAsset(
            manifest = {
                it.replace("\"shortest_window_samples\": 4000", "\"shortest_window_samples\": 30000")
                    .replace("\"early_result_ms\": 1000", "\"early_result_ms\": 2000")
            },
        )
        longWindow.writeTo(asset)

        val line = run(wav("a.wav", GeneratedAudio.bursts(16 * 512, 16 * 512, 32 * 512))).lines.single()

        assertEquals("skipped", line.text("type"))
        assertContains(line.text("reason"), "too short: 12992 samples")
    }

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
        assertTrue(outcome.errors.single().contains(Regex(": (truncated|damaged|not WAV, FLAC)")), "${outcome.errors}")
    }

    private companion object {
        const val DAMAGED_FILES = 960
    }
}
