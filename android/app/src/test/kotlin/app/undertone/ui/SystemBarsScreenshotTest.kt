package app.undertone.ui

import androidx.compose.runtime.Composable
import androidx.compose.ui.test.junit4.v2.createComposeRule
import app.undertone.history.HistoryCallbacks
import app.undertone.history.HistoryScreen
import app.undertone.history.HistoryStates
import app.undertone.live.LiveScreen
import app.undertone.live.LiveStates
import app.undertone.session.SessionDetailCallbacks
import app.undertone.session.SessionDetailScreen
import app.undertone.settings.Settings
import app.undertone.settings.SettingsActions
import app.undertone.settings.SettingsLinks
import app.undertone.settings.SettingsScreen
import app.undertone.settings.SettingsUiState
import app.undertone.welcome.WelcomeScreen
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config

/** The main screens between the bars of a phone of 360 x 720 dp: nothing is below them but what scrolls. */
@RunWith(RobolectricTestRunner::class)
class SystemBarsScreenshotTest {
    @get:Rule
    val compose = createComposeRule()

    @Test
    fun ready() = capture("live_ready") { LiveScreen(LiveStates.ready, LiveStates.NoActions) }

    @Test
    fun hearing() = capture("live_hearing") { LiveScreen(LiveStates.hearing, LiveStates.NoActions) }

    @Test
    fun `hearing, dark`() = capture("live_dark", isDark = true) { LiveScreen(LiveStates.angry, LiveStates.NoActions) }

    @Test
    fun `no speech`() = capture("live_no_speech") { LiveScreen(LiveStates.noSpeech, LiveStates.NoActions) }

    @Test
    @Config(qualifiers = ARABIC)
    fun arabic() = capture("live_arabic") { LiveScreen(LiveStates.angry, LiveStates.NoActions) }

    @Test
    @Config(qualifiers = GERMAN)
    fun german() = capture("live_german") { LiveScreen(LiveStates.uncertain, LiveStates.NoActions) }

    @Test
    fun history() = capture("history") { HistoryScreen(HistoryStates.list, HistoryCallbacks()) }

    @Test
    fun page() = capture("page") { SessionDetailScreen(HistoryStates.playing, SessionDetailCallbacks()) }

    @Test
    fun settings() = capture("settings") {
        SettingsScreen(SettingsUiState(Settings()), SettingsActions({}, {}, {}, SettingsLinks({}, {}, {}, {}, {})))
    }

    @Test
    fun welcome() = capture("welcome") { WelcomeScreen(onBegin = {}) }

    private fun capture(name: String, isDark: Boolean = false, screen: @Composable () -> Unit) {
        compose.showWithSystemBars(isDark, screen)
        compose.capture("bars_$name")
    }
}
