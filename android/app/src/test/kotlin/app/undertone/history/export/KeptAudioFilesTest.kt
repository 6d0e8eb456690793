package app.undertone.history.export

import android.content.ClipData
import android.content.ComponentName
import android.content.Intent
import android.net.Uri
import android.provider.OpenableColumns
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.setValue
import androidx.compose.ui.test.assertIsDisplayed
import androidx.compose.ui.test.junit4.v2.createComposeRule
import androidx.compose.ui.test.onNodeWithContentDescription
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick
import androidx.core.content.FileProvider
import androidx.core.content.IntentCompat
import androidx.test.core.app.ApplicationProvider
import app.undertone.UndertoneApplication
import app.undertone.files.sharedFiles
import app.undertone.history.HistorySamples
import app.undertone.history.HistoryStates
import app.undertone.session.SessionDetailCallbacks
import app.undertone.session.SessionDetailScreen
import app.undertone.theme.UndertoneTheme
import kotlinx.coroutines.runBlocking
import org.junit.Before
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.Shadows.shadowOf
import org.robolectric.util.ReflectionHelpers
import java.io.ByteArrayOutputStream
import java.io.FileNotFoundException
import kotlin.test.assertContentEquals
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertNull
import kotlin.test.assertTrue

/** Through the provider of the manifest, as another app reads it. */
@RunWith(RobolectricTestRunner::class)
class KeptAudioFilesTest {
    @get:Rule
    val compose = createComposeRule()

    private val app = ApplicationProvider.getApplicationContext<UndertoneApplication>()
    private val files = app.keptAudioFiles
    private val session = HistorySamples.session(title = "Interview", audioFile = "1.wav")

    /** The provider remembers where the files of its first app were; each test has an app of its own. */
    @Before
    fun forgetPaths() = ReflectionHelpers.getStaticField<MutableMap<*, *>>(FileProvider::class.java, "sCache").clear()

    private fun keep(name: String) = app.keptAudioFolder().resolve(name).apply {
        parentFile!!.mkdirs()
        writeBytes(ByteArray(100) { it.toByte() })
    }

    private fun sharing() = runBlocking { files.sharing(session, HistorySamples.zone) }

    private val Intent.sent: Intent get() = IntentCompat.getParcelableExtra(this, Intent.EXTRA_INTENT, Intent::class.java)!!

    private val Intent.audio: Uri get() = IntentCompat.getParcelableExtra(this, Intent.EXTRA_STREAM, Uri::class.java)!!

    @Test
    fun `the app that is chosen reads the audio, under the name of the recording, and no other file`() {
        val kept = keep("1.wav")
        keep("2.wav")
        val send = sharing()!!.sent
        assertEquals(Intent.ACTION_SEND to "audio/x-wav", send.action to send.type)
        assertContentEquals(kept.readBytes(), app.contentResolver.openInputStream(send.audio)!!.use { it.readBytes() })
        val name = app.contentResolver.query(send.audio, arrayOf(OpenableColumns.DISPLAY_NAME), null, null, null)!!.use {
            it.moveToFirst()
            it.getString(0)
        }
        assertEquals("Interview.wav", name)
        assertTrue(send.flags and Intent.FLAG_GRANT_READ_URI_PERMISSION != 0 && send.flags and Intent.FLAG_GRANT_WRITE_URI_PERMISSION == 0)
        assertEquals(listOf(send.audio), send.clipData!!.uris())

        app.filesDir.resolve("settings").writeText("secret")
        for (path in listOf("/audio/../../files/settings", "/audio/..%2F..%2Ffiles%2Fsettings", "/files/settings", "/settings")) {
            val other = Uri.parse("content://${send.audio.authority}$path")
            val failure = assertFailsWith<Exception>(path) { app.contentResolver.openInputStream(other) }
            assertTrue(failure is SecurityException || failure is IllegalArgumentException || failure is FileNotFoundException, "$failure")
        }
    }

    private fun ClipData.uris() = (0 until itemCount).map { getItemAt(it).uri }

    @Test
    fun `what this app shares is not offered to itself, and not taken by it`() {
        keep("1.wav")
        val chooser = sharing()!!
        assertEquals(
            listOf("app.undertone.MainActivity"),
            IntentCompat.getParcelableArrayExtra(chooser, Intent.EXTRA_EXCLUDE_COMPONENTS, ComponentName::class.java)!!
                .map { (it as ComponentName).className },
        )
        assertEquals(emptyList(), chooser.sent.sharedFiles(app.packageName))
    }

    @Test
    fun `audio that is gone is neither shared nor saved`() = runBlocking {
        assertNull(sharing())
        val document = Uri.parse("content://documents/audio")
        shadowOf(app.contentResolver).registerOutputStream(document, ByteArrayOutputStream())
        assertFalse(files.save(session, document))
        assertFalse(files.save(session.copy(audioFile = null), document))
    }

    @Test
    fun `audio is saved byte for byte, and a place that cannot be opened is said`() = runBlocking {
        val kept = keep("1.wav")
        val document = Uri.parse("content://documents/audio")
        val out = ByteArrayOutputStream()
        shadowOf(app.contentResolver).registerOutputStream(document, out)
        assertTrue(files.save(session, document))
        assertContentEquals(kept.readBytes(), out.toByteArray())
        assertFalse(files.save(session, Uri.parse("content://no.such.app/audio")))
    }

    @Test
    fun `a name is the recording's own where a file can have it, else when it began`() {
        fun name(title: String?) = session.copy(title = title).audioName(HistorySamples.zone)
        assertEquals("Undertone 2026-11-24 14.03.wav", name(null))
        assertEquals("Undertone 2026-11-24 14.03.wav", name("../ "))
        assertEquals("a b c d.wav", name(" a/b\\c:\nd. "))
        assertEquals("مكالمة الصباح.wav", name("مكالمة الصباح"))
        assertTrue(name("ß".repeat(400)).toByteArray().size < 255)
    }

    @Test
    fun `a recording's menu offers its audio where all of it is kept`() {
        val kept = HistoryStates.paused.copy(session = HistoryStates.paused.session!!.copy(audioFile = "1.wav", isFinished = true))
        var state by mutableStateOf(kept)
        val done = mutableListOf<String>()
        compose.setContent {
            UndertoneTheme(usesDynamicColor = false) {
                SessionDetailScreen(state, SessionDetailCallbacks(onShareAudio = { done += "share" }, onSaveAudio = { done += "save" }))
            }
        }
        for (words in listOf("Share the audio", "Save the audio")) {
            compose.onNodeWithContentDescription("More").performClick()
            compose.onNodeWithText(words).assertIsDisplayed().performClick()
        }
        assertEquals(listOf("share", "save"), done)
        for (without in listOf(kept.session!!.copy(audioFile = null), kept.session.copy(isFinished = false))) {
            state = kept.copy(session = without)
            compose.onNodeWithContentDescription("More").performClick()
            compose.onNodeWithText("Rename").assertIsDisplayed()
            compose.onNodeWithText("Share the audio").assertDoesNotExist()
            compose.onNodeWithText("Save the audio").assertDoesNotExist()
            compose.onNodeWithText("Rename").performClick()
        }
    }
}
