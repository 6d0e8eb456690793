package app.undertone.replay

import java.nio.file.Files
import java.nio.file.attribute.PosixFilePermission
import kotlin.io.path.createDirectories
import kotlin.io.path.createSymbolicLinkPointingTo
import kotlin.io.path.div
import kotlin.io.path.setPosixFilePermissions
import kotlin.test.Test
import kotlin.test.assertContains
import kotlin.test.assertEquals

class SearchedFoldersTest : ReplayHarness() {
    private val audio by lazy { (folder / "audio").createDirectories() }

    @Test
    fun `a folder that links to itself is searched once, and so is one with two names`() {
        (audio / "deep").createDirectories()
        write("audio/a.wav", wavBytes(speech))
        write("audio/deep/b.wav", wavBytes(speech))
        (audio / "deep" / "round").createSymbolicLinkPointingTo(audio)
        (audio / "other").createSymbolicLinkPointingTo(audio / "deep")

        val outcome = run("--whole", "$audio")

        val remark = "replay: ${audio / "deep" / "round"}: leads back to a folder that it lies in; not entered again"
        assertEquals(0 to listOf(remark), outcome.exitCode to outcome.errors)
        assertEquals(listOf("a.wav", "b.wav"), outcome.lines.map { it.text("file").substringAfterLast('/') }.sorted())
    }

    @Test
    fun `a link to itself, one that leads nowhere and a pipe cost a line each, and the rest is played`() {
        write("audio/a.wav".also { audio }, wavBytes(speech))
        (audio / "itself").createSymbolicLinkPointingTo(audio / "itself")
        (audio / "gone.wav").createSymbolicLinkPointingTo(audio / "nowhere.wav")
        ProcessBuilder("mkfifo", "${audio / "pipe.wav"}").start().waitFor()

        val outcome = run("--whole", "$audio")

        assertEquals(2 to 1, outcome.exitCode to outcome.lines.size)
        val expected = listOf(
            "itself: cannot be searched: ",
            "pipe.wav: is a pipe or a device in a folder; give it by its name",
            "gone.wav: there is no such file",
        )
        for (start in expected) assertEquals(1, outcome.errors.count { it.startsWith("replay: $audio/$start") }, "${outcome.errors}")
        assertEquals(3, outcome.errors.size)
    }

    @Test
    fun `a folder outside that a link names is searched`() {
        val outside = (folder / "outside").createDirectories()
        write("outside/a.wav", wavBytes(speech))
        (audio / "linked").createSymbolicLinkPointingTo(outside)

        assertEquals(listOf("${audio / "linked" / "a.wav"}"), run("--whole", "$audio").lines.map { it.text("file") })
    }

    @Test
    fun `a folder that cannot be entered costs one line, and the rest is played`() {
        val closed = (audio / "closed").createDirectories()
        write("audio/a.wav", wavBytes(speech))
        closed.setPosixFilePermissions(emptySet())

        val outcome = run("--whole", "$audio")

        closed.setPosixFilePermissions(setOf(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_EXECUTE, PosixFilePermission.OWNER_WRITE))
        assertEquals(1, outcome.lines.size)
        if (!isRoot) assertEquals(2 to listOf("replay: $closed: cannot be searched: permission denied"), outcome.exitCode to outcome.errors)
    }

    @Test
    fun `a file that may not be read says so`() {
        val file = write("a.wav", wavBytes(speech))
        Files.setPosixFilePermissions(folder / "a.wav", emptySet())

        if (!isRoot) assertEquals(listOf("replay: $file: permission denied"), run(file).errors)
    }

    @Test
    fun `recordings of other kinds are counted, other files and what macOS keeps beside them are not`() {
        val names = listOf("a.wav", "b.m4a", "c.M4A", "d.webm", "._a.wav", ".b.wav", "notes.txt")
        for (name in names) write("audio/$name".also { audio }, wavBytes(speech))

        val outcome = run("--whole", "$audio")

        assertEquals(0, outcome.exitCode)
        assertEquals(1, outcome.lines.size)
        assertEquals(listOf("replay: $audio: left out 2 .m4a, 1 .webm; convert them to WAV, FLAC or MP3"), outcome.errors)
    }

    @Test
    fun `a device is refused with the reason`() {
        assertContains(run("/dev/null").errors.single(), "/dev/null: a device or terminal, not a recording; give a file or a pipe")
    }

    private val isRoot = System.getProperty("user.name") == "root"
}
