package app.undertone.files

import android.content.ContentProvider
import android.content.ContentValues
import android.content.Context
import android.content.res.AssetFileDescriptor
import android.database.MatrixCursor
import android.media.MediaFormat
import android.net.Uri
import android.os.ParcelFileDescriptor
import android.provider.OpenableColumns
import androidx.test.core.app.ApplicationProvider
import org.robolectric.Robolectric
import org.robolectric.shadows.ShadowMediaExtractor
import org.robolectric.shadows.util.DataSource
import java.io.File
import java.io.FileNotFoundException
import java.nio.ByteBuffer
import java.nio.ByteOrder

/** Another app that offers files by content URI. */
class OfferedFiles : ContentProvider() {
    override fun onCreate() = true

    override fun openFile(uri: Uri, mode: String): ParcelFileDescriptor {
        if (uri.lastPathSegment == "secret.wav") throw SecurityException("not granted")
        failure?.let { throw it }
        pipe?.let { return it() }
        val file = fileOf(uri)
        if (!file.exists()) throw FileNotFoundException(uri.toString())
        return ParcelFileDescriptor.open(file, ParcelFileDescriptor.MODE_READ_ONLY)
    }

    override fun openAssetFile(uri: Uri, mode: String): AssetFileDescriptor? {
        val bytes = statedBytes ?: return super.openAssetFile(uri, mode)
        return AssetFileDescriptor(openFile(uri, mode), 0, bytes)
    }

    override fun query(uri: Uri, projection: Array<String>?, selection: String?, args: Array<String>?, order: String?) =
        MatrixCursor(arrayOf(OpenableColumns.DISPLAY_NAME)).apply {
            queryFailure?.let { throw it }
            if (fileOf(uri).exists()) addRow(arrayOf(uri.lastPathSegment))
        }

    override fun getType(uri: Uri) = "audio/wav"

    override fun insert(uri: Uri, values: ContentValues?): Uri? = null

    override fun delete(uri: Uri, selection: String?, args: Array<String>?) = 0

    override fun update(uri: Uri, values: ContentValues?, selection: String?, args: Array<String>?) = 0

    companion object {
        private const val AUTHORITY = "other.app.files"

        /** What the app throws instead of opening a file; null where it behaves. */
        var failure: Exception? = null

        /** What the app throws instead of saying a file's name; null where it behaves. */
        var queryFailure: Exception? = null

        /** What it gives out in the place of any file; null where that is the file. */
        var pipe: (() -> ParcelFileDescriptor)? = null

        /** The length that it states of any file; null where that is the file's. */
        var statedBytes: Long? = null
        private val context get() = ApplicationProvider.getApplicationContext<Context>()

        fun install() {
            failure = null
            queryFailure = null
            pipe = null
            statedBytes = null
            Robolectric.setupContentProvider(OfferedFiles::class.java, AUTHORITY)
        }

        fun uri(name: String): Uri = Uri.parse("content://$AUTHORITY/$name")

        private fun fileOf(uri: Uri) = File(context.cacheDir, uri.lastPathSegment!!)

        /** A file of which the system's extractor knows nothing. */
        fun offer(name: String, bytes: ByteArray = byteArrayOf(1, 2, 3)): Uri = uri(name).also { fileOf(it).writeBytes(bytes) }

        /** A file in which the system's extractor finds [pcm] as its track; the decoder passes it through. */
        fun offerAudio(name: String, pcm: ShortArray, format: MediaFormat): Uri {
            val bytes = ByteBuffer.allocate(pcm.size * Short.SIZE_BYTES).order(ByteOrder.nativeOrder())
            bytes.asShortBuffer().put(pcm)
            return offerAudio(name, bytes.array(), format)
        }

        fun offerAudio(name: String, samples: ByteArray, format: MediaFormat): Uri = offer(name).also {
            ShadowMediaExtractor.addTrack(DataSource.toDataSource(context, it, null), format, samples)
        }
    }
}
