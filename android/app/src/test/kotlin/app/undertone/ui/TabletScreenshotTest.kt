package app.undertone.ui

import androidx.compose.runtime.Composable
import androidx.compose.ui.test.junit4.v2.createComposeRule
import app.undertone.about.AboutStates
import app.undertone.about.ModelScreen
import app.undertone.files.FileActions
import app.undertone.files.FileScreen
import app.undertone.files.FileStates
import app.undertone.settings.StorageActions
import app.undertone.settings.StorageScreen
import app.undertone.settings.StorageStates
import app.undertone.welcome.WelcomeScreen
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config

/** What stands beside the rail of a tablet and has a way back; and the first page, which has no rail. */
@RunWith(RobolectricTestRunner::class)
@Config(qualifiers = TABLET)
class TabletScreenshotTest {
    @get:Rule
    val compose = createComposeRule()

    @Test
    fun welcome() = capture("welcome", above = null) { WelcomeScreen(onBegin = {}) }

    @Test
    fun files() = capture("files", Destination.History) { FileScreen(FileStates.several, FileActions({}, {}, {}, {}, {}, {})) }

    @Test
    fun storage() = capture("storage", Destination.Settings) { StorageScreen(StorageStates.kept, StorageActions()) }

    @Test
    fun `about the model`() = capture("about_model", Destination.Settings) { ModelScreen(AboutStates.measured, onBack = {}) }

    private fun capture(name: String, above: Destination?, screen: @Composable () -> Unit) {
        compose.show { NavigationFrame(above, onGo = {}, content = screen) }
        compose.capture("${name}_tablet")
    }
}
