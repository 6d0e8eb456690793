package app.undertone.replay

import java.io.UncheckedIOException
import java.nio.file.FileVisitOption
import java.nio.file.Files
import java.nio.file.Path
import kotlin.io.path.extension
import kotlin.io.path.isDirectory
import kotlin.io.path.isRegularFile

private val audioExtensions = setOf("wav", "flac")

/**
 * [path] itself, or the .wav and .flac files in and below it, sorted, when it is a folder.
 *
 * @throws UnreadableAudioException when a folder holds none or cannot be read.
 */
internal fun audioFilesUnder(path: Path): List<Path> {
    if (!path.isDirectory()) return listOf(path)
    val files = try {
        Files.walk(path, FileVisitOption.FOLLOW_LINKS).use { paths ->
            paths.filter { it.extension.lowercase() in audioExtensions && it.isRegularFile() }.sorted().toList()
        }
    } catch (e: UncheckedIOException) {
        throw UnreadableAudioException("cannot be searched (${e.cause})", e)
    }
    if (files.isEmpty()) throw UnreadableAudioException("there is no .wav or .flac file in this folder")
    return files
}
