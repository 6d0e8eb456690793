package app.undertone

import android.app.NotificationManager
import android.content.Intent
import android.graphics.Color
import android.os.Bundle
import androidx.activity.ComponentActivity
import androidx.activity.SystemBarStyle
import androidx.activity.compose.setContent
import androidx.activity.enableEdgeToEdge
import androidx.activity.viewModels
import androidx.compose.foundation.isSystemInDarkTheme
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import app.undertone.files.sharedFiles
import app.undertone.live.LiveViewModel
import app.undertone.navigation.AskedRoute
import app.undertone.navigation.Route
import app.undertone.navigation.UndertoneNavigation
import app.undertone.recording.RecordingService
import app.undertone.settings.ThemeChoice
import app.undertone.theme.UndertoneTheme

class MainActivity : ComponentActivity() {
    private val undertone get() = application as UndertoneApplication
    private val main: MainViewModel by viewModels { MainViewModel.factory(undertone.settingsStore) }
    private val live: LiveViewModel by viewModels { undertone.liveFactory }

    /** Where a notification, or another app that shares files, leads. */
    private var asked by mutableStateOf<AskedRoute?>(null)

    override fun onCreate(savedInstanceState: Bundle?) {
        enableEdgeToEdge()
        super.onCreate(savedInstanceState)
        if (savedInstanceState == null) take(intent)
        setContent { Screens() }
    }

    /** Here the system lets the work go on that it ended behind other apps. */
    override fun onStart() {
        super.onStart()
        undertone.isOnScreen = true
        // What it says is on the screen.
        getSystemService(NotificationManager::class.java).cancel(RecordingService.SAVED_ID)
        undertone.files.goOnOnScreen()
    }

    override fun onStop() {
        undertone.isOnScreen = false
        super.onStop()
    }

    override fun onNewIntent(intent: Intent) {
        super.onNewIntent(intent)
        take(intent)
    }

    private fun take(intent: Intent) {
        val files = intent.sharedFiles(packageName)
        if (files.isNotEmpty()) undertone.files.add(files)
        val isFromNotification = intent.action == ACTION_SHOW && intent.flags and Intent.FLAG_ACTIVITY_LAUNCHED_FROM_HISTORY == 0
        val sessionId = intent.getLongExtra(EXTRA_SESSION, 0)
        when {
            isFromNotification && sessionId > 0 -> asked = AskedRoute(Route.HistoryDetail(sessionId))
            isFromNotification || files.isNotEmpty() -> asked = AskedRoute(Route.Files)
        }
    }

    /** Nothing is drawn before the settings are read, some milliseconds: the theme would change before the eye. */
    @Composable
    private fun Screens() {
        val settings = main.settings.collectAsStateWithLifecycle().value ?: return
        val isDark = when (settings.theme) {
            ThemeChoice.System -> isSystemInDarkTheme()
            ThemeChoice.Light -> false
            ThemeChoice.Dark -> true
        }
        LaunchedEffect(isDark) {
            val bars = SystemBarStyle.auto(Color.TRANSPARENT, Color.TRANSPARENT) { isDark }
            enableEdgeToEdge(bars, bars)
        }
        val startsWithWelcome = rememberSaveable { !settings.hasSeenWelcome }
        UndertoneTheme(isDark, settings.usesDynamicColor) {
            val start = if (startsWithWelcome) Route.Welcome else Route.Live
            UndertoneNavigation(undertone, live, asked, start, main::onWelcomeSeen)
        }
    }

    companion object {
        /** Of a notification: shows the recording that [EXTRA_SESSION] names, else the Files page. */
        internal const val ACTION_SHOW = "app.undertone.SHOW"
        internal const val EXTRA_SESSION = "app.undertone.SESSION"
    }
}
