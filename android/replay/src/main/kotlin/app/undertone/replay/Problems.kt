package app.undertone.replay

import app.undertone.engine.AudioException
import app.undertone.replay.audio.UnreadableAudioException
import java.io.IOException
import java.io.PrintStream
import java.nio.file.AccessDeniedException
import java.nio.file.FileSystemException
import java.nio.file.NoSuchFileException
import java.nio.file.Path

/** Prints one line on [err] for each path whose audio cannot be played. */
internal class Problems(private val err: PrintStream) {
    var areThere: Boolean = false
        private set

    /** What [work] on [path] gives, or null after a line that says why it gives nothing. */
    fun <T> orNull(path: Path, work: () -> T): T? {
        val reason = try {
            return work()
        } catch (e: UnreadableAudioException) {
            e.message
        } catch (e: AudioException) {
            e.message
        } catch (_: OutOfMemoryError) {
            "too long for the memory that Java may use; JAVA_OPTS=-Xmx8g lets it use 8 GB"
        }
        report(path, reason.orEmpty())
        return null
    }

    /** A line that says what is wrong with [path]. */
    fun report(path: Path, reason: String) {
        remark(path, reason)
        areThere = true
    }

    /** A line on [path] that is no problem. */
    fun remark(path: Path, text: String) = err.println("replay: ${inOneLine(escapedSurrogates(path.reversibleName()))}: $text")
}

/** What the system said, without the path and in words. */
internal fun reasonOf(failure: IOException): String = when (failure) {
    is AccessDeniedException -> "permission denied"
    is NoSuchFileException -> "there is no such file"
    is FileSystemException -> failure.reason?.replaceFirstChar { it.lowercase() } ?: failure.javaClass.simpleName
    else -> failure.message ?: failure.javaClass.simpleName
}
