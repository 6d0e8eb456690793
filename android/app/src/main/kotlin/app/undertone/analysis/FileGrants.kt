package app.undertone.analysis

import android.content.ContentResolver
import android.content.Intent.FLAG_GRANT_READ_URI_PERMISSION
import android.net.Uri

/**
 * Keeps the right to read files for as long as they are analysed, where their app lets it be kept: documents that were chosen stay readable
 * over a restart of the phone. That to read a shared file ends with the screen that it was shared to; [FileAnalysisService] holds it.
 */
class FileGrants(private val resolver: ContentResolver) {
    fun hold(file: Uri) = quietly { resolver.takePersistableUriPermission(file, FLAG_GRANT_READ_URI_PERMISSION) }

    /** An app may keep a few hundred only. */
    fun release(file: Uri) = quietly { resolver.releasePersistableUriPermission(file, FLAG_GRANT_READ_URI_PERMISSION) }

    /** Not every file's right can be kept, and that of some apps cannot even be asked for: whoever reads the file learns what comes of it. */
    private inline fun quietly(work: () -> Unit) = try {
        work()
    } catch (_: RuntimeException) {
        Unit
    }
}
