package app.undertone.history.export

import android.content.ContentResolver
import android.net.Uri
import app.undertone.model.SessionStore
import kotlinx.coroutines.flow.first
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
    /** Writes one session, or all where [sessionId] is null, newest first. Returns whether all of it was written: see [writeDocument]. */
    suspend fun write(sessionId: Long?, format: ExportFormat, document: Uri): Boolean = resolver.writeDocument(document) { stream ->
        stream.bufferedWriter().use { write(sessionId, format, it) }
    }

    private suspend fun write(sessionId: Long?, format: ExportFormat, out: Writer) {
        val zone = here()
        val writer = when (format) {
            ExportFormat.Csv -> SessionCsv(out, zone)
            ExportFormat.Json -> SessionJson(out, zone)
        }
        writer.begin()
        val sessions = if (sessionId == null) store.summaries().first().map { it.session } else listOfNotNull(store.session(sessionId).first())
        for (session in sessions) writer.session(session, store.segments(session.id).first(), store.marks(session.id).first())
        writer.end()
    }
}
