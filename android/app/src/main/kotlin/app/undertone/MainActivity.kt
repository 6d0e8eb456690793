package app.undertone

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
import androidx.compose.runtime.mutableIntStateOf
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import app.undertone.files.FileViewModel
import app.undertone.files.sharedAudio
import app.undertone.live.LiveViewModel
import app.undertone.navigation.Route
import app.undertone.navigation.UndertoneNavigation
import app.undertone.settings.ThemeChoice
import app.undertone.theme.UndertoneTheme

class MainActivity : ComponentActivity() {
    private val undertone get() = application as UndertoneApplication
    private val main: MainViewModel by viewModels { MainViewModel.factory(undertone.settingsStore) }
    private val live: LiveViewModel by viewModels { undertone.liveFactory }
    private val files: FileViewModel by viewModels { FileViewModel.factory(undertone.files) }

    /** How many files other apps have shared with this activity. */
    private var sharedFiles by mutableIntStateOf(0)

    override fun onCreate(savedInstanceState: Bundle?) {
        enableEdgeToEdge()
        super.onCreate(savedInstanceState)
        if (savedInstanceState == null) take(intent)
        setContent { Screens() }
    }

    override fun onNewIntent(intent: Intent) {
        super.onNewIntent(intent)
        take(intent)
    }

    private fun take(intent: Intent) {
        val file = intent.sharedAudio(packageName) ?: return
        files.open(file)
        sharedFiles++
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
            UndertoneNavigation(undertone, live, files, sharedFiles, start, main::onWelcomeSeen)
        }
    }
}
