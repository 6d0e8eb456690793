package app.undertone.settings

import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.setValue
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.SemanticsProperties
import androidx.compose.ui.semantics.getOrNull
import androidx.compose.ui.test.SemanticsMatcher
import androidx.compose.ui.test.assertIsDisplayed
import androidx.compose.ui.test.assertIsOff
import androidx.compose.ui.test.assertIsSelected
import androidx.compose.ui.test.hasClickAction
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.isSelectable
import androidx.compose.ui.test.junit4.v2.createComposeRule
import androidx.compose.ui.test.onNodeWithContentDescription
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.performScrollTo
import androidx.compose.ui.unit.Density
import androidx.compose.ui.unit.dp
import app.undertone.engine.android.MicrophoneDevice
import app.undertone.engine.android.MicrophoneSource
import app.undertone.model.KeptAudioFormat
import app.undertone.theme.UndertoneTheme
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config
import kotlin.test.assertEquals
import kotlin.test.assertTrue

@RunWith(RobolectricTestRunner::class)
class SettingsAccessibilityTest {
    @get:Rule
    val compose = createComposeRule()

    private var state by mutableStateOf(SettingsUiState(Settings(), devices = listOf(MicrophoneDevice("Phone", 15))))
    private val taps = mutableListOf<String>()

    private fun show(fontScale: Float = 1f) = compose.setContent {
        CompositionLocalProvider(LocalDensity provides Density(LocalDensity.current.density, fontScale)) {
            UndertoneTheme(usesDynamicColor = false) {
                SettingsScreen(
                    state,
                    SettingsActions(
                        onChange = { state = state.copy(settings = it(checkNotNull(state.settings))) },
                        onTrial = { taps += "trial" },
                        onLanguage = { taps += "language" },
                        links = SettingsLinks(
                            { taps += "back" },
                            { taps += "model" },
                            { taps += "privacy" },
                            { taps += "licences" },
                            { taps += "check" },
                            { taps += "storage" },
                        ),
                    ),
                )
            }
        }
    }

    /** What has to be tapped first: the row whose dialog has the choice. */
    private val asks = mapOf(
        "When they pause" to "When a result appears",
        "Unprocessed" to "Processing",
        "Phone" to "Device",
        "Uncompressed" to "Audio format",
    )

    private fun tap(text: String) = compose.onNode(hasText(text) and hasClickAction()).performScrollTo().performClick()

    @Test
    @Config(qualifiers = "w360dp-h2400dp-mdpi")
    fun `everything that can be tapped is at least 48 dp and says what it is`() {
        show()
        val nodes = compose.onAllNodes(hasClickAction()).fetchSemanticsNodes()
        assertTrue(nodes.size > 15)
        nodes.forEach { node ->
            val words = node.config.getOrNull(SemanticsProperties.Text).orEmpty().joinToString() +
                node.config.getOrNull(SemanticsProperties.ContentDescription).orEmpty().joinToString()
            val height = with(compose.density) { node.touchBoundsInRoot.height.toDp() }
            assertTrue(height >= 48.dp, "$words is $height")
            assertTrue(words.isNotBlank(), "a tappable thing without words")
            assertTrue(node.config.getOrNull(SemanticsProperties.Role) in listOf(Role.Button, Role.RadioButton, Role.Switch), words)
        }
    }

    @Test
    fun `each choice changes its setting and nothing else`() {
        show()
        val choices = listOf<Pair<String, (Settings) -> Settings>>(
            "When they pause" to { it.copy(showsEarlyResults = false) },
            "High" to { it.copy(sensitivity = Sensitivity.High) },
            "Unprocessed" to { it.copy(source = MicrophoneSource.Unprocessed) },
            "Phone" to { it.copy(device = MicrophoneDevice("Phone", 15)) },
            "Keep the audio" to { it.copy(keepsAudio = true) },
            "Uncompressed" to { it.copy(keptAudioFormat = KeptAudioFormat.Wav) },
            "Emotion in the notification" to { it.copy(namesEmotionInNotification = true) },
            "Dark" to { it.copy(theme = ThemeChoice.Dark) },
            "Match my wallpaper" to { it.copy(usesDynamicColor = false) },
        )
        var expected = Settings()
        for ((label, change) in choices) {
            asks[label]?.let(::tap)
            tap(label)
            expected = change(expected)
            assertEquals(expected, state.settings, label)
        }
    }

    @Test
    fun `what is chosen is said, and audio is not kept unless it is chosen`() {
        show()
        for (label in listOf("Normal", "System default")) compose.onNode(hasText(label) and hasClickAction()).assertIsSelected()
        for ((title, label) in listOf(
            "When a result appears" to "While somebody speaks",
            "Processing" to "Tuned for speech",
            "Device" to "Automatic",
        )) {
            val row = compose.onNode(hasText(title) and hasText(label) and hasClickAction()).performScrollTo()
            row.performClick()
            compose.onNode(hasText(label) and isSelectable()).assertIsSelected()
            compose.onNodeWithText("Cancel").performClick()
        }
        compose.onNode(hasText("Keep the audio") and hasClickAction()).assertIsOff()
        compose.onNodeWithText("Audio format").assertDoesNotExist()
        compose.onNode(hasText("Emotion in the notification") and hasClickAction()).assertIsOff()
    }

    @Test
    fun `microphones of one name are told apart, and one that older settings know by name is chosen`() {
        val devices = listOf(MicrophoneDevice("Phone", 15), MicrophoneDevice("Phone", 11))
        state = SettingsUiState(Settings(device = MicrophoneDevice("Phone", type = null)), devices = devices)
        show()
        tap("Device")
        compose.onNode(hasText("Phone") and hasText("Built in")).assertIsSelected()
        compose.onNode(hasText("Phone") and hasText("USB")).performClick()
        assertEquals(devices[1], state.settings?.device)
    }

    @Test
    fun `the chosen microphone stays in the list when it is not connected`() {
        state = SettingsUiState(Settings(device = MicrophoneDevice("Headset", 3)), devices = listOf(MicrophoneDevice("Phone", 15)))
        show()
        tap("Device")
        compose.onNode(hasText("Headset") and hasText("Not connected")).assertIsSelected()
        compose.onNodeWithText("Automatic").performClick()
        compose.onNodeWithText("Headset").assertDoesNotExist()
    }

    @Test
    fun `the links lead where they say`() {
        show()
        for (link in listOf("Test the microphone", "Language", "Storage", "About the model", "Privacy", "Licences", "Self-check")) tap(link)
        compose.onNodeWithContentDescription("Back").performClick()
        assertEquals(listOf("trial", "language", "storage", "model", "privacy", "licences", "check", "back"), taps)
    }

    @Test
    fun `while a file has the engine the meter does not claim that nobody speaks`() {
        state = state.copy(trial = MicrophoneTrial(isOn = true, levelDbfs = -24f))
        show()
        compose.onNodeWithContentDescription("no speech", substring = true).assertExists()
        state = state.copy(trial = MicrophoneTrial(isOn = true, levelDbfs = -24f, waitingMs = 3_000))
        compose.onNodeWithContentDescription("waiting", substring = true).assertExists()
        compose.onNodeWithContentDescription("no speech", substring = true).assertDoesNotExist()
    }

    @Test
    fun `sections are headings`() {
        show()
        for (title in listOf("Settings", "Results", "Microphone", "Recordings", "Appearance", "About")) {
            compose.onNode(hasText(title) and SemanticsMatcher.keyIsDefined(SemanticsProperties.Heading)).assertExists()
        }
    }

    @Test
    fun `at 200 percent the last row can be reached`() {
        show(fontScale = 2f)
        compose.onNodeWithText("Self-check").performScrollTo().assertIsDisplayed()
    }
}
