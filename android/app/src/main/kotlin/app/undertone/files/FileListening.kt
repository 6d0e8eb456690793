package app.undertone.files

import android.net.Uri
import kotlinx.coroutines.flow.Flow

/** Hears audio files. */
fun interface FileListening {
    /** Hears [file] as fast as the phone can and stores what was heard; whoever stops collecting cancels it, and nothing is stored. */
    fun hear(file: Uri): Flow<FileProgress>
}

/** How far a file is heard. [Done] or [Failed] is the last. */
sealed interface FileProgress {
    /** @param lengthMs null where the file does not state its length. */
    data class Hearing(val name: String?, val heardMs: Long, val lengthMs: Long?) : FileProgress

    /** A recording has the engine. The file is analysed from its start when that is over. */
    data class Waiting(val name: String?) : FileProgress

    data class Done(val sessionId: Long) : FileProgress

    data class Failed(val problem: FileProblem) : FileProgress
}
