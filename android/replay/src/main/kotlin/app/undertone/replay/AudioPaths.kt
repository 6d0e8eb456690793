package app.undertone.replay

import java.io.IOException
import java.nio.file.DirectoryIteratorException
import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.attribute.BasicFileAttributes
import kotlin.io.path.extension
import kotlin.io.path.isDirectory
import kotlin.io.path.isRegularFile
import kotlin.io.path.name
import kotlin.io.path.readAttributes

private val audioExtensions = setOf("wav", "flac")

/** Recordings that a folder may hold and that are not read here. */
private val otherExtensions = setOf(
    "3gp", "aac", "aif", "aifc", "aiff", "amr", "au", "caf", "m4a", "mka", "mkv", "mov", "mp2", "mp3", "mp4", "oga", "ogg", "opus", "sph",
    "webm", "wma",
)

/**
 * [path] itself, or the .wav and .flac files in and below it, sorted, when it is a folder. Links are followed, and each real folder is
 * searched once. What cannot be searched costs a line of [problems]; what is audio of another kind is counted in one remark.
 */
internal fun audioFilesUnder(path: Path, problems: Problems): List<Path> {
    if (!path.isDirectory()) return listOf(path)
    val search = Search(problems).apply { folder(path) }
    if (search.others.isNotEmpty()) {
        val kinds = search.others.toSortedMap().entries.joinToString { (extension, count) -> "$count .$extension" }
        problems.remark(path, "left out $kinds; convert them to WAV or FLAC")
    }
    if (search.files.isEmpty() && search.isWhole) problems.report(path, "there is no .wav or .flac file in this folder")
    return search.files.sorted()
}

private class Search(private val problems: Problems) {
    val files = mutableListOf<Path>()
    val others = mutableMapOf<String, Int>()
    var isWhole = true
        private set
    private val searched = mutableSetOf<Any>()

    fun folder(folder: Path) {
        val entries = try {
            if (!searched.add(identity(folder))) return
            Files.newDirectoryStream(folder).use { it.sorted() }
        } catch (e: IOException) {
            return unsearched(folder, e)
        } catch (e: DirectoryIteratorException) {
            return unsearched(folder, e.cause!!)
        }
        for (entry in entries) {
            when {
                entry.isDirectory() -> folder(entry)
                entry.name.startsWith("._") -> Unit // what macOS keeps beside a file on other file systems
                !entry.isRegularFile() -> Unit
                entry.extension.lowercase() in audioExtensions -> files.add(entry)
                entry.extension.lowercase() in otherExtensions -> others.merge(entry.extension.lowercase(), 1, Int::plus)
            }
        }
    }

    private fun identity(folder: Path): Any = folder.readAttributes<BasicFileAttributes>().fileKey() ?: folder.toRealPath()

    private fun unsearched(folder: Path, failure: IOException) {
        isWhole = false
        problems.report(folder, "cannot be searched: ${reasonOf(failure)}")
    }
}
