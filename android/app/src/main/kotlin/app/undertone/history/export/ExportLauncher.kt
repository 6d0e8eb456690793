package app.undertone.history.export

import android.net.Uri
import androidx.activity.compose.rememberLauncherForActivityResult
import androidx.activity.result.contract.ActivityResultContracts.CreateDocument
import androidx.compose.runtime.Composable
import app.undertone.model.KeptAudioFormat
import app.undertone.ui.orMissing

/**
 * Asks where to save kept audio, then calls [onChosen]; not where that is cancelled.
 *
 * @param onMissing the phone has no app that offers places.
 *
 * Returns what asks: it takes the name of the kept file and the suggested one.
 */
@Composable
internal fun rememberAudioLauncher(onMissing: () -> Unit, onChosen: (Uri) -> Unit): (String, String) -> Unit {
    val launchers = KeptAudioFormat.entries.associateWith { format ->
        rememberLauncherForActivityResult(CreateDocument(format.mimeType)) { document -> if (document != null) onChosen(document) }
    }
    return { file, name -> orMissing(onMissing) { KeptAudioFormat.of(file)?.let { launchers.getValue(it).launch(name) } } }
}

/**
 * Asks for a place and a name, then calls [onChosen]. A document that is cancelled is not exported.
 *
 * @param onMissing the phone has no app that offers places.
 *
 * Returns what asks: it takes the format and the suggested name without its extension.
 */
@Composable
internal fun rememberExportLauncher(onMissing: () -> Unit, onChosen: (Uri, ExportFormat) -> Unit): (ExportFormat, String) -> Unit {
    val launchers = ExportFormat.entries.associateWith { format ->
        rememberLauncherForActivityResult(CreateDocument(format.mimeType)) { document -> if (document != null) onChosen(document, format) }
    }
    return { format, name -> orMissing(onMissing) { launchers.getValue(format).launch("$name.${format.extension}") } }
}
