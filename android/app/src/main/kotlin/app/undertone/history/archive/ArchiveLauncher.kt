package app.undertone.history.archive

import android.net.Uri
import androidx.activity.compose.rememberLauncherForActivityResult
import androidx.activity.result.contract.ActivityResultContracts.CreateDocument
import androidx.activity.result.contract.ActivityResultContracts.OpenDocument
import androidx.compose.runtime.Composable
import app.undertone.ui.orMissing

/** Asks for a place or for a file. */
internal class ArchiveLauncher(val export: (name: String) -> Unit, val import: () -> Unit)

/**
 * Asks where the history goes, or which file it comes from; nothing happens where that is cancelled.
 *
 * @param onMissing the phone has no app that offers places.
 */
@Composable
internal fun rememberArchiveLauncher(onMissing: () -> Unit, onExport: (Uri) -> Unit, onImport: (Uri) -> Unit): ArchiveLauncher {
    val create = rememberLauncherForActivityResult(CreateDocument(ArchiveLayout.MIME_TYPE)) { if (it != null) onExport(it) }
    val open = rememberLauncherForActivityResult(OpenDocument()) { if (it != null) onImport(it) }
    return ArchiveLauncher(
        export = { name -> orMissing(onMissing) { create.launch(name) } },
        import = { orMissing(onMissing) { open.launch(ARCHIVE_MIME_TYPES) } },
    )
}

/** What providers take a zip for that they did not write themselves. */
private val ARCHIVE_MIME_TYPES = arrayOf(ArchiveLayout.MIME_TYPE, "application/x-zip-compressed", "application/octet-stream")
