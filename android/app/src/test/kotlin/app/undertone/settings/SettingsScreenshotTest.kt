package app.undertone.settings

import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.setValue
import androidx.compose.ui.semantics.SemanticsActions
import androidx.compose.ui.test.hasClickAction
import androidx.compose.ui.test.hasScrollAction
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.junit4.v2.createComposeRule
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.performScrollTo
import androidx.compose.ui.test.performSemanticsAction
import androidx.compose.ui.unit.LayoutDirection
import app.undertone.engine.VoiceProcessing
import app.undertone.engine.android.MicrophoneDevice
import app.undertone.ui.ARABIC
import app.undertone.ui.Destination
import app.undertone.ui.GERMAN
import app.undertone.ui.LANDSCAPE
import app.undertone.ui.NavigationFrame
import app.undertone.ui.capture
import app.undertone.ui.captureScreen
import app.undertone.ui.show
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.annotation.Config

/** The Settings screen as pictures in `src/test/screenshots`, most of them so high that nothing has to scroll. */
@RunWith(RobolectricTestRunner::class)
class SettingsScreenshotTest {
    @get:Rule
    val compose = createComposeRule()

    private val chosen = SettingsUiState(
        Settings(sensitivity = Sensitivity.High, device = MicrophoneDevice("Headset", 3), keepsAudio = true),
        devices = listOf(MicrophoneDevice("Phone", 15), MicrophoneDevice("Car microphone", 7)),
        trial = MicrophoneTrial(isOn = true, levelDbfs = -24f, isGateOpen = true, processing = VoiceProcessing.entries.toSet()),
    )

    private val waiting = chosen.copy(trial = MicrophoneTrial(isOn = true, levelDbfs = -24f, waitingMs = 3_000))

    @Test
    @Config(qualifiers = "w360dp-h1920dp-mdpi")
    fun light() = capture("light", SettingsUiState(Settings(), devices = listOf(MicrophoneDevice("Phone", 15))))

    @Test
    @Config(qualifiers = "w360dp-h2140dp-mdpi")
    fun dark() = capture("dark", chosen, isDark = true)

    @Test
    @Config(qualifiers = "w360dp-h4300dp-mdpi")
    fun `large font`() = capture("large_font", chosen, fontScale = 2f)

    @Test
    @Config(qualifiers = "w720dp-h360dp-land-hdpi")
    fun landscape() = capture("landscape", chosen)

    @Test
    @Config(qualifiers = "w800dp-h1100dp-mdpi")
    fun tablet() {
        compose.show {
            NavigationFrame(Destination.Settings, onGo = {}) {
                SettingsScreen(chosen.copy(trial = MicrophoneTrial(isRefused = true)), SettingsActions({}, {}, {}, SettingsLinks({}, {}, {}, {}, {})))
            }
        }
        compose.capture("settings_tablet")
    }

    @Test
    @Config(qualifiers = "de-w360dp-h2240dp-mdpi")
    fun german() = capture("german", chosen)

    @Test
    @Config(qualifiers = "ar-ldrtl-w360dp-h2140dp-mdpi")
    fun arabic() = capture("arabic", chosen, direction = LayoutDirection.Rtl)

    @Test
    fun phone() = capture("phone", chosen, scrolledTo = "Keep the audio")

    @Test
    fun `device dialog`() = captureDialog("device", chosen, "Device")

    @Test
    fun `result dialog, large font`() = captureDialog("result_large_font", chosen, "When a result appears", fontScale = 2f)

    @Test
    fun `sound dialog`() = captureDialog("source", chosen, "Processing")

    @Test
    fun `format dialog`() = captureDialog("audio_format", chosen, "Audio format")

    @Test
    fun `silence dialog`() = captureDialog("silence", chosen.copy(settings = Settings(stopsAfterSilenceMin = 5)), "Stop when nobody speaks")

    @Test
    @Config(qualifiers = "+ar")
    fun `silence dialog, Arabic`() = captureDialog("silence_arabic", chosen, "الإيقاف حين لا يتكلم أحد")

    @Test
    fun `microphones of one name`() {
        // A wired headset has no name of its own: Android gives it the phone's.
        val devices = listOf("Pixel 8" to 15, "Pixel 8" to 3, "Yeti Stereo Microphone" to 11, "Jabra Elite 4" to 7)
            .map { (name, type) -> MicrophoneDevice(name, type) }
        captureDialog("device_kinds", chosen.copy(chosen.settings?.copy(device = devices[1]), devices), "Device")
    }

    @Test
    @Config(qualifiers = GERMAN)
    fun `microphone denied, German`() {
        val denied = chosen.copy(settings = Settings(sensitivity = Sensitivity.Low), trial = MicrophoneTrial(isDenied = true))
        capture("denied_german", denied, scrolledTo = "Einstellungen öffnen")
    }

    @Test
    fun `microphone test that waits`() = capture("waiting", waiting, scrolledTo = "Stop the test")

    @Test
    @Config(qualifiers = GERMAN)
    fun `microphone test that waits, German`() = capture("waiting_german", waiting, scrolledTo = "Test beenden")

    @Test
    @Config(qualifiers = ARABIC)
    fun `microphone test that waits, Arabic`() =
        capture("waiting_arabic", waiting, direction = LayoutDirection.Rtl, scrolledTo = "إنهاء الاختبار")

    @Test
    fun `no page for the language`() {
        var state by mutableStateOf(chosen)
        compose.show { SettingsScreen(state, SettingsActions({}, {}, {}, SettingsLinks({}, {}, {}, {}, {}))) }
        // Its row is at the end of the page.
        compose.onNode(hasScrollAction()).performSemanticsAction(SemanticsActions.ScrollBy) { it(0f, 10_000f) }
        compose.waitForIdle()
        state = chosen.copy(failure = SettingsFailure.NoLanguagePage)
        compose.waitForIdle()
        compose.capture("settings_no_language_page")
    }

    @Test
    fun storage() = captureStorage("full", StorageStates.kept)

    @Test
    fun `storage, dark`() = captureStorage("dark", StorageStates.kept.copy(keptAudioDays = 30), isDark = true)

    @Test
    fun `storage, nothing kept`() = captureStorage("empty", StorageStates.nothingKept)

    @Test
    @Config(qualifiers = LANDSCAPE)
    fun `storage, landscape`() = captureStorage("landscape", StorageStates.kept)

    @Test
    fun `storage, large font`() = captureStorage("large_font", StorageStates.kept, fontScale = 2f)

    @Test
    @Config(qualifiers = GERMAN)
    fun `storage, German`() = captureStorage("german", StorageStates.kept.copy(keptAudioDays = 7))

    @Test
    @Config(qualifiers = ARABIC)
    fun `storage, Arabic`() = captureStorage("arabic", StorageStates.kept.copy(keptAudioDays = 30))

    @Test
    fun `storage, not compressed`() = captureStorage("not_compressed", StorageStates.uncompressed)

    @Test
    @Config(qualifiers = ARABIC)
    fun `storage, not compressed, Arabic`() = captureStorage("not_compressed_arabic", StorageStates.uncompressed)

    @Test
    fun `storage, a question`() = captureStorage("delete_audio", StorageStates.kept.copy(question = StorageQuestion.DeleteAudio))

    private fun captureStorage(name: String, state: StorageUiState, isDark: Boolean = false, fontScale: Float = 1f) {
        RuntimeEnvironment.setFontScale(fontScale)
        compose.show(isDark, fontScale) { StorageScreen(state, StorageActions()) }
        compose.waitForIdle()
        captureScreen("storage_$name")
    }

    private fun captureDialog(name: String, state: SettingsUiState, row: String, fontScale: Float = 1f) {
        RuntimeEnvironment.setFontScale(fontScale)
        compose.show(isDark = false, fontScale) { SettingsScreen(state, SettingsActions({}, {}, {}, SettingsLinks({}, {}, {}, {}, {}))) }
        compose.onNode(hasText(row) and hasClickAction()).performScrollTo().performClick()
        compose.waitForIdle()
        captureScreen("settings_$name")
    }

    private fun capture(
        name: String,
        state: SettingsUiState,
        isDark: Boolean = false,
        fontScale: Float = 1f,
        direction: LayoutDirection = LayoutDirection.Ltr,
        scrolledTo: String? = null,
    ) {
        compose.show(isDark, fontScale, direction) {
            SettingsScreen(state, SettingsActions({}, {}, {}, SettingsLinks({}, {}, {}, {}, {})))
        }
        if (scrolledTo != null) compose.onNode(hasText(scrolledTo) and hasClickAction()).performScrollTo()
        compose.capture("settings_$name")
    }
}
