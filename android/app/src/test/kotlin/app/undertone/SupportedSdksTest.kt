package app.undertone

import android.Manifest.permission.RECORD_AUDIO
import android.app.Notification
import android.app.NotificationManager
import android.os.Looper
import androidx.compose.ui.test.SemanticsNodeInteraction
import androidx.compose.ui.test.hasClickAction
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.junit4.v2.createAndroidComposeRule
import androidx.compose.ui.test.onNodeWithContentDescription
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.performScrollTo
import androidx.test.core.app.ApplicationProvider
import app.undertone.engine.android.PlayedAudio
import app.undertone.recording.RecorderState
import app.undertone.recording.RecordingService
import app.undertone.recording.RecordingTile
import app.undertone.recording.RecordingTileTest
import app.undertone.recording.StartRecordingActivity
import app.undertone.recording.eventually
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import org.junit.After
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import org.robolectric.shadows.ShadowAudioRecord
import kotlin.test.assertEquals
import kotlin.test.assertNotNull
import kotlin.test.assertTrue

/** Every screen and the whole way of a recording on each Android whose branches differ; the other tests run on the newest of them. */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [26, 29, 31, 33, 34, 35], shadows = [RecordingTileTest.CollapsingTile::class])
class SupportedSdksTest {
    @get:Rule
    val compose = createAndroidComposeRule<MainActivity>()

    private val app = ApplicationProvider.getApplicationContext<UndertoneApplication>()

    /** A model that still loads in the background when the last test ends takes the whole process down with it. */
    @After
    fun awaitModel() {
        ShadowAudioRecord.clearSource()
        runBlocking { app.recorder.prepare() }
    }

    private fun await(text: String): SemanticsNodeInteraction {
        compose.waitUntil(LONG_MS) { compose.onAllNodes(hasText(text)).fetchSemanticsNodes().isNotEmpty() }
        return compose.onNodeWithText(text)
    }

    private fun back() = compose.onNodeWithContentDescription("Back").performClick()

    private fun waitFor(condition: () -> Boolean) = runBlocking {
        eventually {
            shadowOf(Looper.getMainLooper()).idle()
            delay(1)
            condition()
        }
    }

    @Test
    fun `every screen opens`() {
        await("Try it").performClick()
        await("Undertone")
        compose.onNodeWithContentDescription("History").performClick()
        await("History")
        compose.onNodeWithContentDescription("Analyse an audio file").performClick()
        await("Choose files")
        back()
        await("History")
        back()
        await("Undertone")
        compose.onNodeWithContentDescription("Settings").performClick()
        await("Results")
        for (page in listOf("Storage", "About the model", "Privacy", "Licences", "Self-check")) {
            compose.onNode(hasText(page) and hasClickAction()).performScrollTo().performClick()
            compose.waitUntil(LONG_MS) { compose.onAllNodes(hasText("Results")).fetchSemanticsNodes().isEmpty() }
            back()
            await("Results")
        }
    }

    @Test
    fun `a recording goes from the tile through the service and its notification into the history`() {
        val playing = PlayedAudio(RecordedSpeech.find().pcm)
        ShadowAudioRecord.setSourceProvider { playing }
        shadowOf(app).grantPermissions(RECORD_AUDIO)
        Robolectric.setupService(RecordingTile::class.java).onClick()
        assertTrue(Robolectric.buildActivity(StartRecordingActivity::class.java).create().get().isFinishing)
        val intent = assertNotNull(shadowOf(app).nextStartedService)
        val service = Robolectric.buildService(RecordingService::class.java, intent).create().startCommand(0, 1)
        val notifications = shadowOf(app.getSystemService(NotificationManager::class.java))
        fun shown(): Notification? = notifications.getNotification(RecordingService.NOTIFICATION_ID)
        waitFor { playing.isOver && shown() != null }
        shown()!!.actions.single { it.title.toString() == "Stop" }.actionIntent.send()
        service.get().onStartCommand(shadowOf(app).nextStartedService, 0, 2)
        waitFor { app.recorder.state.value == RecorderState.Idle && shown() == null }
        val session = runBlocking { app.sessionStore.summaries().first() }.single().session
        assertEquals(RecordedSpeech.find().pcm.size / 16L to true, session.lengthMs to session.isFinished)
        assertTrue(runBlocking { app.sessionStore.segments(session.id).first() }.isNotEmpty())
    }

    private companion object {
        const val LONG_MS = 30_000L
    }
}
