package app.undertone.replay

import java.io.IOException
import java.nio.file.DirectoryIteratorException
import java.nio.file.Files
import java.nio.file.NoSuchFileException
import java.nio.file.Path
import java.nio.file.attribute.BasicFileAttributes
import kotlin.io.path.extension
import kotlin.io.path.isDirectory
import kotlin.io.path.isSymbolicLink
import kotlin.io.path.name
import kotlin.io.path.readAttributes

private const val READ_KINDS = "WAV, FLAC, MP3, Ogg, AIFF, AU, CAF, SPH"
private val audioExtensions = setOf(
    "aif", "aifc", "aiff", "au", "bwf", "caf", "flac", "mp1", "mp2", "mp3", "mpga", "nist", "oga", "ogg", "opus", "snd", "sph", "wav", "wave",
)

/** Recordings that a folder may hold and that are not read here. */
private val otherExtensions = setOf(
    "3g2", "3ga", "3gp", "3gpp", "8svx", "aac", "ac3", "amr", "ape", "avi", "avr", "awb", "dff", "dsf", "dts",
    "flv", "gsm", "iff", "m4a", "m4b", "m4v", "mka", "mkv", "mov", "mp4", "mpc", "mpeg", "mpg", "pcm", "qcp", "ra",
    "raw", "rf64", "sd2", "sf", "spx", "tak", "tta", "voc", "w64", "weba", "webm", "wma", "wmv", "wv",
)

/**
 * [path] itself, or the recordings in and below it, sorted, when it is a folder. Hidden files and folders (.name) are skipped; links are
 * followed, and each real folder is searched once. What cannot be searched costs a line of [problems]; what is audio of another kind is
 * counted in one remark. A link with the name of a recording that leads nowhere is given too, to be named when it is read.
 */
internal fun audioFilesUnder(path: Path, problems: Problems): List<Path> {
    if (!path.isDirectory()) return listOf(path)
    val search = Search(problems).apply { search(path) }
    if (search.others.isNotEmpty()) {
        val kinds = search.others.toSortedMap().entries.joinToString { (extension, count) -> "$count .$extension" }
        problems.remark(path, "left out $kinds; convert them to WAV, FLAC or MP3")
    }
    if (search.files.isEmpty() && search.isWhole) problems.report(path, "there is no recording in this folder that is read here ($READ_KINDS)")
    return search.files.sorted()
}

private class Search(private val problems: Problems) {
    val files = mutableListOf<Path>()
    val others = mutableMapOf<String, Int>()
    var isWhole = true
        private set
    private val searched = mutableSetOf<Any>()
    private val waiting = ArrayDeque<Path>()
    private val linked = ArrayDeque<Path>()

    /** Real folders before links: a recording is named by where it is. */
    fun search(root: Path) {
        waiting.add(root)
        while (waiting.isNotEmpty() || linked.isNotEmpty()) folder(waiting.removeFirstOrNull() ?: linked.removeFirst())
    }

    private fun folder(folder: Path) {
        val entries = try {
            if (!searched.add(identity(folder))) {
                if (folder.toAbsolutePath().parent.toRealPath().startsWith(folder.toRealPath())) {
                    problems.remark(folder, "leads back to a folder that it lies in; not entered again")
                }
                return
            }
            Files.newDirectoryStream(folder).use { it.sorted() }
        } catch (e: IOException) {
            return unsearched(folder, e)
        } catch (e: DirectoryIteratorException) {
            return unsearched(folder, e.cause!!)
        }
        entries.filterNot { it.name.startsWith(".") }.forEach(::sortIn)
    }

    private fun sortIn(entry: Path) {
        val extension = entry.extension.lowercase()
        val attributes = try {
            entry.readAttributes<BasicFileAttributes>()
        } catch (e: IOException) {
            if (extension in audioExtensions) files.add(entry) else if (e !is NoSuchFileException) unsearched(entry, e)
            return
        }
        when {
            attributes.isDirectory -> (if (entry.isSymbolicLink()) linked else waiting).add(entry)
            extension in otherExtensions -> others.merge(extension, 1, Int::plus)
            extension !in audioExtensions -> Unit
            attributes.isRegularFile -> files.add(entry)
            else -> problem(entry, "is a pipe or a device in a folder; give it by its name") // it would be waited for
        }
    }

    private fun identity(folder: Path): Any = folder.readAttributes<BasicFileAttributes>().fileKey() ?: folder.toRealPath()

    private fun unsearched(path: Path, failure: IOException) = problem(path, "cannot be searched: ${reasonOf(failure)}")

    private fun problem(path: Path, reason: String) {
        isWhole = false
        problems.report(path, reason)
    }
}
