package app.undertone

import android.content.ContentProvider
import android.content.ContentValues
import android.content.res.AssetFileDescriptor
import android.database.MatrixCursor
import android.net.Uri
import android.provider.OpenableColumns

/** Another app, in a process of its own, that offers one of the golden recordings: two sentences. */
class SharedClip : ContentProvider() {
    override fun onCreate() = true

    override fun openAssetFile(uri: Uri, mode: String): AssetFileDescriptor {
        val file = context!!.cacheDir.resolve(NAME)
        val undertone = context!!.createPackageContext("app.undertone", 0)
        undertone.assets.open("emotion/golden/$NAME").use { clip -> file.outputStream().use(clip::copyTo) }
        val descriptor = android.os.ParcelFileDescriptor.open(file, android.os.ParcelFileDescriptor.MODE_READ_ONLY)
        return AssetFileDescriptor(descriptor, 0, file.length())
    }

    override fun query(uri: Uri, projection: Array<String>?, selection: String?, args: Array<String>?, order: String?) =
        MatrixCursor(arrayOf(OpenableColumns.DISPLAY_NAME)).apply { addRow(arrayOf(NAME)) }

    override fun getType(uri: Uri) = "audio/wav"

    override fun insert(uri: Uri, values: ContentValues?): Uri? = null

    override fun delete(uri: Uri, selection: String?, args: Array<String>?) = 0

    override fun update(uri: Uri, values: ContentValues?, selection: String?, args: Array<String>?) = 0

    companion object {
        const val NAME = "two_sentences.wav"
        val uri: Uri = Uri.parse("content://other.app.clips/$NAME")
    }
}
