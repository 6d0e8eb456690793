package app.undertone.replay

import app.undertone.engine.testing.GeneratedAudio
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.jsonObject
import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.TimeUnit
import kotlin.io.path.createDirectories
import kotlin.io.path.div
import kotlin.io.path.listDirectoryEntries
import kotlin.io.path.readText
import kotlin.test.Test
import kotlin.test.assertContains
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertTrue

/** What only a process of its own shows: signals, the temporary folder, names in bytes. */
class ProcessTest : ReplayHarness() {
    private val temporaryFolder by lazy { (folder / "tmp").createDirectories() }
    private val errors get() = (folder / "errors.txt").readText()

    private fun start(vararg arguments: String, temporaryFolder: Path = this.temporaryFolder): Process {
        val java = Path.of(System.getProperty("java.home"), "bin/java")
        val options = listOf("-XX:-UsePerfData", "-Djava.io.tmpdir=$temporaryFolder", "-cp", System.getProperty("java.class.path"))
        return ProcessBuilder(listOf("$java") + options + listOf("app.undertone.replay.MainKt", "--asset", "$asset") + arguments)
            .directory(folder.toFile())
            .redirectError((folder / "errors.txt").toFile())
            .apply { environment()["LC_ALL"] = "C.UTF-8" }
            .start()
    }

    @Test
    fun `SIGTERM while it computes ends the run with 143, without a crash and with nothing left behind`() {
        val file = wav("a.wav", GeneratedAudio.bursts(*IntArray(200) { 40 * 512 }))
        val process = start("--frames", "--soak-hours", "1", file)
        process.inputStream.read() // a part of the soak is over

        process.destroy()

        assertTrue(process.waitFor(60, TimeUnit.SECONDS))
        assertEquals(143 to "", process.exitValue() to errors)
        assertEquals(emptyList(), temporaryFolder.listDirectoryEntries())
        assertEquals(emptyList(), folder.listDirectoryEntries("hs_err*"))
    }

    @Test
    fun `a recording may come through a pipe`() {
        val recording = wavBytes(speech, statedBytes = Int.MAX_VALUE)
        val process = start("--whole", "/dev/stdin")
        process.outputStream.use { it.write(recording) }

        val line = process.inputStream.bufferedReader().readLines().single()

        assertEquals(0 to "", process.waitFor() to errors)
        assertEquals(wholeLogits(write("a.wav", recording)), Json.parseToJsonElement(line).jsonObject.logits())
    }

    @Test
    fun `SIGTERM ends the wait for a pipe that nobody fills`() {
        val pipe = folder / "pipe.wav"
        ProcessBuilder("mkfifo", "$pipe").start().waitFor()
        val process = start("--whole", "$pipe")
        assertFalse(process.waitFor(3, TimeUnit.SECONDS))

        process.destroy()

        assertTrue(process.waitFor(60, TimeUnit.SECONDS))
        assertEquals(143 to "", process.exitValue() to errors)
    }

    @Test
    fun `a temporary folder that is missing is named in one line`() {
        val process = start(wav("a.wav", speech), temporaryFolder = folder / "nowhere")

        assertEquals(2, process.waitFor())
        // Newer Java says the same in a line of its own.
        val lines = errors.trim().lines().filterNot { it.startsWith("WARNING") }
        assertEquals(1, lines.size)
        assertContains(lines.single(), "replay: the temporary folder ${folder / "nowhere"} is missing or cannot be written")
    }

    @Test
    fun `a name that is not UTF-8 is read from its folder, and printed so that it can be made again`() {
        val audio = (folder / "audio").createDirectories()
        wav("a.wav", speech)
        // Java makes no such names from text; a shell does.
        ProcessBuilder("sh", "-c", "cp a.wav \"audio/$(printf 'gr\\374n.wav')\"; cp a.wav 'audio/grün.wav'").directory(folder.toFile())
            .apply { environment()["LC_ALL"] = "C.UTF-8" }.start().waitFor()

        val process = start("--whole", "$audio")
        val lines = process.inputStream.bufferedReader().readLines()

        assertEquals(0 to 2, process.waitFor() to lines.size)
        assertEquals(1, lines.count { "/gr\\udcfcn.wav\"" in it })
        assertEquals(1, lines.count { "/grün.wav\"" in it })
        assertTrue(Files.list(audio).use { it.count() } == 2L)
    }
}
