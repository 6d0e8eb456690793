package app.undertone.ui

import androidx.compose.runtime.Composable
import androidx.compose.ui.test.junit4.v2.createComposeRule
import app.undertone.files.FileActions
import app.undertone.files.FileScreen
import app.undertone.files.FileStates
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
import app.undertone.settings.StorageActions
import app.undertone.settings.StorageScreen
import app.undertone.settings.StorageStates
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
    fun `history, dark`() = capture("history_dark", isDark = true) { HistoryScreen(HistoryStates.list, HistoryCallbacks()) }

    @Test
    @Config(qualifiers = ARABIC)
    fun `history, Arabic`() = capture("history_arabic") { HistoryScreen(HistoryStates.list, HistoryCallbacks()) }

    @Test
    fun page() = capture("page") { SessionDetailScreen(HistoryStates.playing, SessionDetailCallbacks()) }

    @Test
    fun `page, dark`() = capture("page_dark", isDark = true) { SessionDetailScreen(HistoryStates.playing, SessionDetailCallbacks()) }

    @Test
    fun `page, large font`() = capture("page_large_font", fontScale = 2f) { SessionDetailScreen(HistoryStates.playing, SessionDetailCallbacks()) }

    @Test
    fun files() = capture("files") { FileScreen(FileStates.several, FileActions({}, {}, {}, {}, {}, {})) }

    @Test
    fun storage() = capture("storage") { StorageScreen(StorageStates.kept, StorageActions()) }

    @Test
    fun settings() = capture("settings") {
        SettingsScreen(SettingsUiState(Settings()), SettingsActions({}, {}, {}, SettingsLinks({}, {}, {}, {}, {})))
    }

    @Test
    fun welcome() = capture("welcome") { WelcomeScreen(onBegin = {}) }

    private fun capture(name: String, isDark: Boolean = false, fontScale: Float = 1f, screen: @Composable () -> Unit) {
        compose.showWithSystemBars(isDark, fontScale, screen)
        compose.capture("bars_$name")
    }
}
