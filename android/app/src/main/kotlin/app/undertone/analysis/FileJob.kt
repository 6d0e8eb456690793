package app.undertone.analysis

import androidx.compose.runtime.Immutable
import kotlinx.serialization.Serializable

/**
 * A file that the user gave, until its result is dismissed.
 *
 * @param uri as the other app gave it.
 * @param name null until the other app says it, and where it says none.
 * @param sessionId of its recording in the history; null while no speech was found.
 * @param starts how often its analysis began since the user asked for it: a file that ends the process each time is not tried for ever.
 */
@Immutable
@Serializable
data class FileJob(
    val id: String,
    val uri: String,
    val name: String? = null,
    val step: FileStep = FileStep.Queued,
    val sessionId: Long? = null,
    val starts: Int = 0,
) {
    /** It is analysed, or will be without anybody's doing. */
    val isPending: Boolean get() = step == FileStep.Queued || step is FileStep.Analysing

    /** The user cancelled it. */
    val isGivenUp: Boolean get() = (step as? FileStep.Stopped)?.cause == StopCause.Cancelled

    /** The user can let it go on: it was stopped, or what kept it from going on may be over. */
    val canContinue: Boolean
        get() = step is FileStep.Stopped || when ((step as? FileStep.Failed)?.problem) {
            FileProblem.NotLoaded, FileProblem.NotStored, is FileProblem.Engine -> true
            else -> false
        }
}

@Immutable
@Serializable
sealed interface FileStep {
    /** Other files come first. */
    @Serializable
    data object Queued : FileStep

    /**
     * @param analysedMs of its audio; 0 while it is being opened.
     * @param lengthMs null where the file does not state its length, or before it is known.
     * @param isWaiting a recording has the engine; the file goes on after it.
     */
    @Serializable
    data class Analysing(val analysedMs: Long = 0, val lengthMs: Long? = null, val isWaiting: Boolean = false) : FileStep {
        /** In 0..1; null where it is not known. */
        val share: Float? get() = lengthMs?.takeIf { it > 0 }?.let { (analysedMs.toFloat() / it).coerceAtMost(1f) }
    }

    /** Not analysed to its end: it can go on from [analysedMs]. */
    @Serializable
    data class Stopped(val cause: StopCause, val analysedMs: Long = 0) : FileStep

    @Serializable
    data class Failed(val problem: FileProblem) : FileStep

    @Serializable
    data object Done : FileStep
}

enum class StopCause {
    /** By the user, on the screen or in the notification. */
    Cancelled,

    /** By the system: the process died several times, or may work behind other apps no longer. */
    Interrupted,
}
