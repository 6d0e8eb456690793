package app.undertone.replay

import app.undertone.engine.AudioException
import java.io.PrintStream
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
        err.println("replay: $path: $reason")
        areThere = true
        return null
    }
}
