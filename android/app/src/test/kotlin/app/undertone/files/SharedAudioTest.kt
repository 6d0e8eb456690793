package app.undertone.files

import android.content.Context
import android.content.Intent
import android.net.Uri
import androidx.test.core.app.ApplicationProvider
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import kotlin.test.assertEquals
import kotlin.test.assertNull

@RunWith(RobolectricTestRunner::class)
class SharedAudioTest {
    private val context = ApplicationProvider.getApplicationContext<Context>()
    private val file = Uri.parse("content://other.app.files/talk.m4a")

    private fun send(file: Uri, type: String = "audio/mp4") = Intent(Intent.ACTION_SEND).setType(type).putExtra(Intent.EXTRA_STREAM, file)

    private fun view(file: Uri) = Intent(Intent.ACTION_VIEW).setDataAndType(file, "audio/mp4")

    private fun Intent.audio() = sharedAudio(context.packageName)

    @Test
    fun `audio that is shared or opened with the app is taken`() {
        assertEquals(file, send(file).audio())
        assertEquals(file, view(file).audio())
        assertEquals(file, Intent(Intent.ACTION_VIEW, file).audio())
    }

    @Test
    fun `what was shared before is not taken again by who comes back from Recents`() {
        for (intent in listOf(send(file), view(file))) {
            assertNull(intent.addFlags(Intent.FLAG_ACTIVITY_LAUNCHED_FROM_HISTORY).audio())
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
            assertNull(send(Uri.parse(other)).audio(), other)
            assertNull(view(Uri.parse(other)).audio(), other)
        }
        assertNull(send(file, type = "video/mp4").audio())
        assertNull(Intent(Intent.ACTION_SEND).setType("audio/mp4").audio())
        assertNull(Intent(Intent.ACTION_MAIN).audio())
        assertNull(Intent(Intent.ACTION_EDIT).setDataAndType(file, "audio/mp4").audio())
    }

    @Test
    fun `the system offers the app for audio content and for nothing else`() {
        fun isOffered(intent: Intent) =
            context.packageManager.queryIntentActivities(intent, 0).any { it.activityInfo.packageName == context.packageName }
        assertEquals(true, isOffered(send(file)))
        assertEquals(true, isOffered(view(file)))
        assertEquals(false, isOffered(send(file, type = "image/png")))
        assertEquals(false, isOffered(view(Uri.parse("file:///sdcard/a.m4a"))))
        assertEquals(false, isOffered(view(Uri.parse("https://example.org/a.m4a"))))
    }
}
