package app.undertone.settings

import androidx.compose.ui.test.hasClickAction
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.junit4.v2.createComposeRule
import androidx.compose.ui.test.performScrollTo
import androidx.compose.ui.unit.LayoutDirection
import app.undertone.engine.android.MicrophoneDevice
import app.undertone.page.capture
import app.undertone.page.show
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config

/** The Settings screen as pictures in `src/test/screenshots`, most of them so high that nothing has to scroll. */
@RunWith(RobolectricTestRunner::class)
class SettingsScreenshotTest {
    @get:Rule
    val compose = createComposeRule()

    private val chosen = SettingsUiState(
        Settings(sensitivity = Sensitivity.High, device = MicrophoneDevice("Headset", 3), keepsAudio = true),
        devices = listOf(MicrophoneDevice("Phone", 15), MicrophoneDevice("Car microphone", 7)),
        trial = MicrophoneTrial(isOn = true, levelDbfs = -24f, isGateOpen = true),
        deletion = Deletion.Done,
    )

    @Test
    @Config(qualifiers = "w360dp-h2060dp-mdpi")
    fun light() = capture("light", SettingsUiState(Settings(), devices = listOf(MicrophoneDevice("Phone", 15))))

    @Test
    @Config(qualifiers = "w360dp-h2060dp-mdpi")
    fun dark() = capture("dark", chosen, isDark = true)

    @Test
    @Config(qualifiers = "w360dp-h4000dp-mdpi")
    fun `large font`() = capture("large_font", chosen, fontScale = 2f)

    @Test
    @Config(qualifiers = "w720dp-h360dp-land-hdpi")
    fun landscape() = capture("landscape", chosen)

    @Test
    @Config(qualifiers = "w800dp-h1100dp-mdpi")
    fun tablet() = capture("tablet", chosen.copy(trial = MicrophoneTrial(isRefused = true)))

    @Test
    @Config(qualifiers = "de-w360dp-h2060dp-mdpi")
    fun german() = capture("german", chosen)

    @Test
    @Config(qualifiers = "ar-ldrtl-w360dp-h2060dp-mdpi")
    fun arabic() = capture("arabic", chosen, direction = LayoutDirection.Rtl)

    @Test
    fun phone() = capture("phone", chosen, scrolledTo = "Keep the audio")

    private fun capture(
        name: String,
        state: SettingsUiState,
        isDark: Boolean = false,
        fontScale: Float = 1f,
        direction: LayoutDirection = LayoutDirection.Ltr,
        scrolledTo: String? = null,
    ) {
        compose.show(isDark, fontScale, direction) {
            SettingsScreen(state, SettingsActions({}, {}, {}, {}, {}, SettingsLinks({}, {}, {}, {}, {})))
        }
        if (scrolledTo != null) compose.onNode(hasText(scrolledTo) and hasClickAction()).performScrollTo()
        compose.capture("settings_$name")
    }
}
