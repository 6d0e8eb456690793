package app.undertone.history.export

import android.content.ContentResolver
import android.net.Uri
import android.provider.DocumentsContract
import app.undertone.model.storing
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.withContext
import java.io.IOException
import java.io.OutputStream

/**
 * Writes a document that the user chose a place for. Goes on when the screen is left: half a document is worth less than none, and one
 * that failed is deleted.
 *
 * @param write is called off the main thread.
 * @return whether all of it was written.
 */
internal suspend fun ContentResolver.writeDocument(document: Uri, write: suspend (OutputStream) -> Unit): Boolean = withContext(NonCancellable) {
    withContext(Dispatchers.IO) {
        storing(
            onFailure = {
                // What this app may not write is not this app's to delete.
                if (it !is SecurityException) discard(document)
                false
            },
        ) {
            val stream = openOutputStream(document, "wt") ?: throw IOException("$document cannot be opened")
            stream.use { write(it) }
            true
        }
    }
}

private fun ContentResolver.discard(document: Uri) {
    try {
        DocumentsContract.deleteDocument(this, document)
    } catch (_: Exception) {
        // Providers throw what they like here. The failure that led here is the one to tell.
    }
}
