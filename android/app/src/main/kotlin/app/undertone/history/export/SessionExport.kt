package app.undertone.history.export

import android.content.ContentResolver
import android.net.Uri
import android.provider.DocumentsContract
import app.undertone.history.SessionStore
import app.undertone.history.storing
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.withContext
import java.io.IOException
import java.io.Writer
import java.time.ZoneId

/**
 * Writes sessions into documents that the user chose a place for.
 *
 * @param here the zone of sessions that do not say theirs; asked once a document, so that all of it has the same.
 */
class SessionExport(
    private val store: SessionStore,
    private val resolver: ContentResolver,
    private val here: () -> ZoneId = ZoneId::systemDefault,
) {
    /**
     * Writes one session, or all where [sessionId] is null, newest first. Goes on when the screen is left: half a document is worth less
     * than none, and one that failed is deleted.
     *
     * Returns whether all of it was written.
     */
    suspend fun write(sessionId: Long?, format: ExportFormat, document: Uri): Boolean = withContext(NonCancellable) {
        withContext(Dispatchers.IO) {
            storing(
                onFailure = {
                    // What this app may not write is not this app's to delete.
                    if (it !is SecurityException) discard(document)
                    false
                },
            ) {
                val stream = resolver.openOutputStream(document, "wt") ?: throw IOException("$document cannot be opened")
                stream.bufferedWriter().use { write(sessionId, format, it) }
                true
            }
        }
    }

    private suspend fun write(sessionId: Long?, format: ExportFormat, out: Writer) {
        val zone = here()
        val writer = when (format) {
            ExportFormat.Csv -> SessionCsv(out, zone)
            ExportFormat.Json -> SessionJson(out, zone)
        }
        writer.begin()
        val sessions = if (sessionId == null) store.summaries().first().map { it.session } else listOfNotNull(store.session(sessionId).first())
        for (session in sessions) writer.session(session, store.segments(session.id).first())
        writer.end()
    }

    private fun discard(document: Uri) {
        try {
            DocumentsContract.deleteDocument(resolver, document)
        } catch (_: Exception) {
            // Providers throw what they like here. The failure that led here is the one to tell.
        }
    }
}
