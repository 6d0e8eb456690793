package app.undertone.files

import androidx.compose.runtime.Immutable

/** What the Files screen shows. */
@Immutable
data class FileUiState(val step: FileStep = FileStep.Choosing, val name: String? = null)

sealed interface FileStep {
    data object Choosing : FileStep

    /**
     * @param lengthMs null where the file does not state its length, or before it is known.
     * @param isWaiting a recording has the engine; the file follows it.
     */
    data class Hearing(val heardMs: Long, val lengthMs: Long?, val isWaiting: Boolean = false) : FileStep {
        /** In 0..1; null where it cannot be told. */
        val share: Float? get() = lengthMs?.takeIf { it > 0 }?.let { (heardMs.toFloat() / it).coerceAtMost(1f) }
    }

    data class Failed(val problem: FileProblem) : FileStep

    /** Stored as [sessionId]. */
    data class Done(val sessionId: Long) : FileStep
}
