package app.undertone

import android.Manifest.permission.POST_NOTIFICATIONS
import android.Manifest.permission.RECORD_AUDIO
import android.app.Notification
import android.app.NotificationManager
import android.os.Build
import android.os.ParcelFileDescriptor.AutoCloseInputStream
import androidx.test.platform.app.InstrumentationRegistry
import app.undertone.model.Session
import app.undertone.recording.RecorderState
import app.undertone.recording.RecordingService
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import org.junit.rules.ExternalResource
import kotlin.test.assertTrue

/** The app on the phone that is connected: with its permissions, past the first run, without recordings. */
class Phone : ExternalResource() {
    private val instrumentation = InstrumentationRegistry.getInstrumentation()
    val app = instrumentation.targetContext.applicationContext as UndertoneApplication

    override fun before() {
        shell("pm grant ${app.packageName} $RECORD_AUDIO")
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.TIRAMISU) shell("pm grant ${app.packageName} $POST_NOTIFICATIONS")
        runBlocking {
            app.settingsStore.update { it.copy(hasSeenWelcome = true) }
            app.sessionStore.deleteEverything()
        }
    }

    override fun after() {
        instrumentation.runOnMainSync { app.recorder.stop() }
        await("the recording is over") { app.recorder.state.value == RecorderState.Idle }
        runBlocking { app.sessionStore.deleteEverything() }
    }

    /** As `adb shell`; returns what it prints. */
    fun shell(command: String): String = AutoCloseInputStream(instrumentation.uiAutomation.executeShellCommand(command)).bufferedReader().readText()

    fun start() {
        instrumentation.runOnMainSync { assertTrue(app.recorder.start()) }
        await("audio comes in") { recording()?.let { it.elapsedMs > 0 } == true }
    }

    fun recording() = app.recorder.state.value as? RecorderState.Recording

    fun sessions(): List<Session> = runBlocking { app.sessionStore.summaries().first().map { it.session } }

    /** The notification of the recording; null where none is shown. */
    fun notification(): Notification? = app.getSystemService(NotificationManager::class.java).activeNotifications
        .firstOrNull { it.id == RecordingService.NOTIFICATION_ID }?.notification

    /** Taps the action whose word is the string [word]. */
    fun press(word: Int) {
        await("the notification offers it") { notification()?.actions.orEmpty().any { it.title == app.getString(word) } }
        notification()!!.actions.first { it.title == app.getString(word) }.actionIntent.send()
    }

    fun await(what: String, isSo: () -> Boolean) {
        val endMs = System.currentTimeMillis() + PATIENCE_MS
        while (!isSo()) {
            check(System.currentTimeMillis() < endMs) { "waited for: $what" }
            Thread.sleep(50)
        }
    }

    private companion object {
        const val PATIENCE_MS = 30_000L
    }
}
