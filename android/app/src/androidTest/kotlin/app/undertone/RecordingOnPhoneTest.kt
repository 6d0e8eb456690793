package app.undertone

import androidx.lifecycle.Lifecycle
import androidx.test.core.app.ActivityScenario
import androidx.test.ext.junit.runners.AndroidJUnit4
import app.undertone.recording.RecorderState
import app.undertone.recording.RecordingPhase
import org.junit.Assume.assumeTrue
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertNull
import kotlin.test.assertTrue

/** The microphone service with this phone's audio driver; names without spaces, which older Android does not know. */
@RunWith(AndroidJUnit4::class)
class RecordingOnPhoneTest {
    @get:Rule
    val phone = Phone()

    @Test
    fun a_recording_goes_on_behind_other_apps_and_is_stored_when_it_is_stopped() {
        ActivityScenario.launch(MainActivity::class.java).use { screen ->
            phone.start()
            screen.moveToState(Lifecycle.State.CREATED)
            val elapsedMs = phone.recording()!!.elapsedMs
            phone.await("it goes on out of sight") { phone.recording()!!.elapsedMs >= elapsedMs + 3_000 }
            phone.press(R.string.stop_recording)
            phone.await("it is over") { phone.app.recorder.state.value == RecorderState.Idle }
            phone.await("its notification is gone") { phone.notification() == null }
            val session = phone.sessions().single()
            assertTrue(session.lengthMs >= 3_000 && session.isFinished && !session.isCutOff, "$session")
        }
    }

    @Test
    fun the_notification_pauses_and_resumes_it() {
        ActivityScenario.launch(MainActivity::class.java).use {
            phone.start()
            phone.press(R.string.pause_recording)
            phone.await("it is paused") { phone.recording()?.phase == RecordingPhase.Paused }
            val pausedMs = phone.recording()!!.elapsedMs
            Thread.sleep(2_000)
            assertTrue(phone.recording()!!.elapsedMs <= pausedMs + 500, "the microphone is not free")
            phone.press(R.string.resume_recording)
            phone.await("it listens again") { phone.recording()?.run { phase == RecordingPhase.Listening && elapsedMs > pausedMs + 500 } == true }
        }
        assertEquals(1, phone.sessions().size)
    }

    @Test
    fun a_rotated_screen_changes_nothing_about_it() {
        ActivityScenario.launch(MainActivity::class.java).use { screen ->
            phone.start()
            val startedAtMs = phone.recording()!!.startedAtMs
            repeat(3) { screen.recreate() }
            assertEquals(startedAtMs, phone.recording()!!.startedAtMs)
            val elapsedMs = phone.recording()!!.elapsedMs
            phone.await("it goes on") { phone.recording()!!.elapsedMs > elapsedMs }
        }
    }

    @Test
    fun the_tile_starts_and_stops_it() {
        val tile = "${phone.app.packageName}/.recording.RecordingTile"
        phone.shell("cmd statusbar add-tile $tile")
        try {
            phone.shell("cmd statusbar click-tile $tile")
            // A locked phone asks for its code first.
            assumeTrue(runCatching { phone.await("the tile started it") { phone.recording() != null } }.isSuccess)
            phone.await("audio comes in") { phone.recording()!!.elapsedMs > 0 }
            phone.shell("cmd statusbar click-tile $tile")
            phone.await("the tile stopped it") { phone.app.recorder.state.value == RecorderState.Idle }
        } finally {
            phone.shell("cmd statusbar remove-tile $tile")
        }
        assertNull(phone.notification())
        assertFalse(phone.sessions().isEmpty())
    }
}
