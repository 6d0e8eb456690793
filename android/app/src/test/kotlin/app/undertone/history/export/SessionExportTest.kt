package app.undertone.history.export

import android.content.ContentProvider
import android.content.ContentValues
import android.content.Context
import android.net.Uri
import android.os.Bundle
import android.os.Looper
import android.os.ParcelFileDescriptor
import androidx.test.core.app.ApplicationProvider
import app.undertone.history.FakeSessionStore
import app.undertone.history.HistorySamples
import app.undertone.model.Mark
import kotlinx.coroutines.runBlocking
import org.junit.Before
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import java.io.File
import java.io.FileNotFoundException
import java.io.IOException
import java.time.ZoneId
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertTrue

@RunWith(RobolectricTestRunner::class)
class SessionExportTest {
    @get:Rule
    val folder = TemporaryFolder()

    private val store = FakeSessionStore()
    private val call = store.put(HistorySamples.session(title = "Call"), HistorySamples.conversation)
    private val export by lazy { SessionExport(store, ApplicationProvider.getApplicationContext<Context>().contentResolver, { HistorySamples.zone }) }

    @Before
    fun offerDocuments() {
        store.put(HistorySamples.session(title = "Walk"), HistorySamples.conversation.take(3))
        DocumentsOnDisk.folder = folder.root
        DocumentsOnDisk.openedOnMainThread = false
        DocumentsOnDisk.failure = null
        Robolectric.setupContentProvider(DocumentsOnDisk::class.java, AUTHORITY)
    }

    private fun document(name: String) = Uri.parse("content://$AUTHORITY/document/$name")

    private fun written(name: String) = folder.root.resolve(name).readText()

    @Test
    fun `one session or all of them are written, away from the main thread`() = runBlocking {
        assertTrue(export.write(call, ExportFormat.Csv, document("one.csv")))
        assertEquals(1 + 8, written("one.csv").trim().lines().size)
        assertTrue(export.write(sessionId = null, ExportFormat.Csv, document("all.csv")))
        assertEquals(1 + 8 + 3, written("all.csv").trim().lines().size)
        assertTrue(export.write(sessionId = null, ExportFormat.Json, document("all.json")))
        assertTrue("Walk" in written("all.json"))
        store.mark(call, listOf(Mark(0, positionMs = 24_000, markedAtMs = 5)))
        assertTrue(export.write(call, ExportFormat.Csv, document("marked.csv")))
        assertTrue(written("marked.csv").lines().single { "24.000,24.000,mark" in it }.startsWith("$call,Call,"))
        assertFalse(DocumentsOnDisk.openedOnMainThread)
    }

    @Test
    fun `a phone that changes its zone while it writes does not change the times of the rest`() = runBlocking {
        val zones = ArrayDeque(listOf("Europe/Berlin", "Asia/Tokyo", "America/New_York").map(ZoneId::of))
        val resolver = ApplicationProvider.getApplicationContext<Context>().contentResolver
        val travelling = SessionExport(store, resolver, here = { zones.removeFirst() })
        assertTrue(travelling.write(sessionId = null, ExportFormat.Csv, document("one.csv")))
        assertTrue("+01:00" in written("one.csv") && "+09:00" !in written("one.csv") && "-05:00" !in written("one.csv"))
        // The app was running all the time: the next document is of the place where it is now.
        assertTrue(travelling.write(sessionId = null, ExportFormat.Csv, document("two.csv")))
        assertTrue("+09:00" in written("two.csv"))
    }

    @Test
    fun `a longer document that was there before leaves nothing behind`() = runBlocking {
        folder.root.resolve("one.csv").writeText("old\n".repeat(10_000))
        assertTrue(export.write(call, ExportFormat.Csv, document("one.csv")))
        assertFalse("old" in written("one.csv"))
    }

    @Test
    fun `a place that cannot be written to is said, without a crash`() = runBlocking {
        folder.root.resolve("full").mkdir()
        assertFalse(export.write(call, ExportFormat.Csv, document("full")))
        assertFalse(export.write(call, ExportFormat.Csv, document("forbidden")))
    }

    @Test
    fun `whatever a provider throws is a document that is not written`() = runBlocking {
        val failures = listOf(
            IllegalArgumentException("no"),
            IllegalStateException("no"),
            UnsupportedOperationException("no"),
            NullPointerException("no"),
            IOException("no"),
        )
        for (failure in failures) {
            DocumentsOnDisk.failure = failure
            assertFalse(export.write(call, ExportFormat.Csv, document("one.csv")), "$failure")
        }
    }

    /** A provider of documents over a folder, as the system's own is over the storage. */
    class DocumentsOnDisk : ContentProvider() {
        override fun onCreate() = true

        override fun openFile(uri: Uri, mode: String): ParcelFileDescriptor {
            openedOnMainThread = openedOnMainThread || Looper.myLooper() == Looper.getMainLooper()
            val name = checkNotNull(uri.lastPathSegment)
            if (name == "forbidden") throw SecurityException(name)
            failure?.let { throw it }
            val file = File(folder, name)
            if (file.isDirectory) throw FileNotFoundException(name)
            return ParcelFileDescriptor.open(file, ParcelFileDescriptor.parseMode(mode))
        }

        override fun call(method: String, arg: String?, extras: Bundle?): Bundle? = null

        override fun query(uri: Uri, projection: Array<String>?, selection: String?, args: Array<String>?, order: String?) = null

        override fun getType(uri: Uri): String? = null

        override fun insert(uri: Uri, values: ContentValues?): Uri? = null

        override fun delete(uri: Uri, selection: String?, args: Array<String>?) = 0

        override fun update(uri: Uri, values: ContentValues?, selection: String?, args: Array<String>?) = 0

        companion object {
            lateinit var folder: File
            var openedOnMainThread = false

            /** What is thrown instead of opening a document; null where the provider behaves. */
            var failure: Exception? = null
        }
    }

    private companion object {
        const val AUTHORITY = "app.undertone.test.documents"
    }
}
