package app.undertone

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
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import app.undertone.live.LiveViewModel
import app.undertone.navigation.Route
import app.undertone.navigation.UndertoneNavigation
import app.undertone.settings.ThemeChoice
import app.undertone.theme.UndertoneTheme

class MainActivity : ComponentActivity() {
    private val undertone get() = application as UndertoneApplication
    private val main: MainViewModel by viewModels { MainViewModel.factory(undertone.settings) }
    private val live: LiveViewModel by viewModels { undertone.liveFactory }

    override fun onCreate(savedInstanceState: Bundle?) {
        enableEdgeToEdge()
        super.onCreate(savedInstanceState)
        setContent { Screens() }
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
            UndertoneNavigation(undertone, live, if (startsWithWelcome) Route.Welcome else Route.Live, main::onWelcomeSeen)
        }
    }

    override fun onStop() {
        super.onStop()
        // Nobody is recorded out of sight; a rotated screen is still in sight.
        if (!isChangingConfigurations) live.stop()
    }
}
