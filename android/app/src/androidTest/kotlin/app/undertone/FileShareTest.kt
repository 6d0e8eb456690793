package app.undertone

import android.content.Intent
import androidx.lifecycle.Lifecycle
import androidx.test.core.app.ActivityScenario
import androidx.test.ext.junit.runners.AndroidJUnit4
import app.undertone.model.SessionSource
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import kotlin.test.assertEquals
import kotlin.test.assertTrue

/** A file of another app through this phone's extractor and codec. */
@RunWith(AndroidJUnit4::class)
class FileShareTest {
    @get:Rule
    val phone = Phone()

    @Test
    fun a_shared_recording_is_analysed_once_and_stored_with_its_speech() {
        val share = Intent(phone.app, MainActivity::class.java)
            .setAction(Intent.ACTION_SEND)
            .setType("audio/wav")
            .putExtra(Intent.EXTRA_STREAM, SharedClip.uri)
        ActivityScenario.launch<MainActivity>(share).use { screen ->
            phone.await("its result is stored") { phone.sessions().any { it.isFinished } }
            screen.recreate()
            val session = phone.sessions().single()
            assertEquals(SessionSource.File to SharedClip.NAME, session.source to session.title)
            assertTrue(runBlocking { phone.app.sessionStore.segments(session.id).first() }.isNotEmpty())
        }
    }

    @Test
    fun several_shared_recordings_are_analysed_behind_other_apps() {
        val clips = arrayListOf(SharedClip.uri, SharedClip.uri.buildUpon().appendQueryParameter("copy", "2").build())
        val share = Intent(phone.app, MainActivity::class.java)
            .setAction(Intent.ACTION_SEND_MULTIPLE)
            .setType("*/*")
            .putParcelableArrayListExtra(Intent.EXTRA_STREAM, clips)
        ActivityScenario.launch<MainActivity>(share).use { screen ->
            phone.await("both are taken") { phone.app.files.jobs.value.size == 2 }
            screen.moveToState(Lifecycle.State.CREATED)
            phone.await("both results are stored") { phone.sessions().count { it.isFinished && !it.isCutOff } == 2 }
        }
    }
}
