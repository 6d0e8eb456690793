package app.undertone.files

import app.undertone.analysis.FileFollower
import app.undertone.analysis.FileStep
import java.util.concurrent.CopyOnWriteArrayList

/** Remembers all that it is told of a file. */
class RecordingFollower : FileFollower {
    val progress = CopyOnWriteArrayList<FileStep.Analysing>()
    val names = mutableSetOf<String?>()

    @Volatile
    var sessionId: Long? = null
        private set

    /** Called on the thread of the analysis, before the first segment is stored. */
    var onSession: (Long) -> Unit = {}

    override fun onProgress(name: String?, progress: FileStep.Analysing) {
        names += name
        this.progress += progress
    }

    override fun onSession(sessionId: Long) {
        this.sessionId = sessionId
        onSession.invoke(sessionId)
    }
}
