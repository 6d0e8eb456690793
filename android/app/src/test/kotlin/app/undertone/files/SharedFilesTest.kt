package app.undertone.files

import android.content.Context
import android.content.Intent
import android.net.Uri
import androidx.test.core.app.ApplicationProvider
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import kotlin.test.assertEquals

@RunWith(RobolectricTestRunner::class)
class SharedFilesTest {
    private val context = ApplicationProvider.getApplicationContext<Context>()
    private val file = Uri.parse("content://other.app.files/talk.m4a")

    private fun send(file: Uri, type: String = "audio/mp4") = Intent(Intent.ACTION_SEND).setType(type).putExtra(Intent.EXTRA_STREAM, file)

    private fun view(file: Uri) = Intent(Intent.ACTION_VIEW).setDataAndType(file, "audio/mp4")

    private fun sendAll(files: List<Uri>, type: String) =
        Intent(Intent.ACTION_SEND_MULTIPLE).setType(type).putParcelableArrayListExtra(Intent.EXTRA_STREAM, ArrayList(files))

    private fun Intent.files() = sharedFiles(context.packageName)

    @Test
    fun `audio and video that is shared or opened with the app is taken`() {
        for (type in listOf("audio/mp4", "video/mp4", "application/ogg", "*/*")) {
            assertEquals(listOf(file), send(file, type).files(), type)
            assertEquals(listOf(file), Intent(Intent.ACTION_VIEW).setDataAndType(file, type).files(), type)
        }
        assertEquals(listOf(file), Intent(Intent.ACTION_VIEW, file).files())
    }

    @Test
    fun `of several files that are shared together all are taken, but for those that may not be`() {
        val film = Uri.parse("content://other.app.files/film.mp4")
        val own = Uri.parse("content://${context.packageName}.exports/a.wav")
        assertEquals(listOf(file, film), sendAll(listOf(file, own, film), "*/*").files())
        assertEquals(emptyList(), Intent(Intent.ACTION_SEND_MULTIPLE).setType("audio/*").files())
    }

    @Test
    fun `what was shared before is not taken again by who comes back from Recents`() {
        for (intent in listOf(send(file), view(file))) {
            assertEquals(emptyList(), intent.addFlags(Intent.FLAG_ACTIVITY_LAUNCHED_FROM_HISTORY).files())
        }
    }

    @Test
    fun `paths, files of this app and other kinds of files are not`() {
        val own = context.packageName
        val others = listOf(
            "file:///data/data/$own/databases/history",
            "https://example.org/a.mp3",
            "content://$own.exports/a.wav",
            "content://10@$own.exports/a.wav",
            "content://$own/a.wav",
            "content:///a.wav",
        )
        for (other in others) {
            assertEquals(emptyList(), send(Uri.parse(other)).files(), other)
            assertEquals(emptyList(), view(Uri.parse(other)).files(), other)
        }
        assertEquals(emptyList(), send(file, type = "image/png").files())
        assertEquals(emptyList(), Intent(Intent.ACTION_SEND).setType("audio/mp4").files())
        assertEquals(emptyList(), Intent(Intent.ACTION_MAIN).files())
        assertEquals(emptyList(), Intent(Intent.ACTION_EDIT).setDataAndType(file, "audio/mp4").files())
    }

    @Test
    fun `the system offers the app for audio and video content, one or several, and for nothing else`() {
        fun isOffered(intent: Intent) =
            context.packageManager.queryIntentActivities(intent, 0).any { it.activityInfo.packageName == context.packageName }
        assertEquals(true, isOffered(send(file)))
        assertEquals(true, isOffered(view(file)))
        for (type in listOf("audio/mpeg", "video/mp4", "application/ogg")) {
            assertEquals(true, isOffered(send(file, type)), type)
            assertEquals(true, isOffered(sendAll(listOf(file, file), type)), type)
            assertEquals(true, isOffered(Intent(Intent.ACTION_VIEW).setDataAndType(file, type)), type)
        }
        assertEquals(false, isOffered(send(file, type = "image/png")))
        assertEquals(false, isOffered(sendAll(listOf(file), "image/png")))
        assertEquals(false, isOffered(view(Uri.parse("file:///sdcard/a.m4a"))))
        assertEquals(false, isOffered(view(Uri.parse("https://example.org/a.m4a"))))
    }
}
