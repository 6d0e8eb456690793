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
        (audio / "loop").createSymbolicLinkPointingTo(audio / "loop")

        val outcome = run("--whole", "$audio")

        assertEquals(0 to emptyList(), outcome.exitCode to outcome.errors)
        assertEquals(listOf("a.wav", "b.wav"), outcome.lines.map { it.text("file").substringAfterLast('/') }.sorted())
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
        for (name in listOf("a.wav", "b.m4a", "c.M4A", "d.webm", "._a.wav", "notes.txt")) write("audio/$name".also { audio }, wavBytes(speech))

        val outcome = run("--whole", "$audio")

        assertEquals(0, outcome.exitCode)
        assertEquals(1, outcome.lines.size)
        assertEquals(listOf("replay: $audio: left out 2 .m4a, 1 .webm; convert them to WAV or FLAC"), outcome.errors)
    }

    @Test
    fun `a device is refused with the reason`() {
        assertContains(run("/dev/null").errors.single(), "/dev/null: a pipe or device; write it to a file and give that")
    }

    private val isRoot = System.getProperty("user.name") == "root"
}
