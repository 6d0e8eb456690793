package app.undertone.navigation

import android.content.Intent
import android.net.Uri
import android.os.Looper
import androidx.compose.ui.test.SemanticsNodeInteraction
import androidx.compose.ui.test.assertIsDisplayed
import androidx.compose.ui.test.hasClickAction
import androidx.compose.ui.test.hasContentDescription
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.isSelectable
import androidx.compose.ui.test.junit4.v2.createAndroidComposeRule
import androidx.compose.ui.test.onNodeWithContentDescription
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.performScrollTo
import androidx.core.view.WindowCompat
import androidx.test.core.app.ApplicationProvider
import androidx.test.platform.app.InstrumentationRegistry
import app.undertone.MainActivity
import app.undertone.UndertoneApplication
import app.undertone.settings.Settings
import app.undertone.settings.ThemeChoice
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import org.junit.After
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertTrue
import android.provider.Settings as SystemSettings

/** The whole app, from its first run on, with its own settings on the disk. */
@RunWith(RobolectricTestRunner::class)
class UndertoneNavigationTest {
    @get:Rule
    val compose = createAndroidComposeRule<MainActivity>()

    private val app = ApplicationProvider.getApplicationContext<UndertoneApplication>()

    private val stored: Settings
        get() = runBlocking { app.settingsStore.settings.first() }

    /** A model that still loads in the background when the last test ends takes the whole process down with it. */
    @After
    fun awaitModel() {
        runBlocking { app.recorder.prepare() }
    }

    /** What is stored comes from another thread to this one, which has to let it in. */
    private fun awaitStored(isStored: (Settings) -> Boolean) = compose.waitUntil(LONG_MS) {
        shadowOf(Looper.getMainLooper()).idle()
        isStored(stored)
    }

    private fun await(text: String): SemanticsNodeInteraction {
        compose.waitUntil(LONG_MS) { compose.onAllNodes(hasText(text)).fetchSemanticsNodes().isNotEmpty() }
        return compose.onNodeWithText(text)
    }

    private fun openSettings() {
        await("Try it").performClick()
        await("Undertone").assertIsDisplayed()
        compose.onNodeWithContentDescription("Settings").performClick()
        await("Results").assertIsDisplayed()
    }

    @Test
    fun `the first run begins with the welcome page, and only the first`() {
        await("Try it").performClick()
        await("Undertone").assertIsDisplayed()
        awaitStored { it.hasSeenWelcome }
        compose.activityRule.scenario.recreate()
        await("Undertone").assertIsDisplayed()
        compose.onNodeWithText("Try it").assertDoesNotExist()
    }

    @Test
    fun `back does not lead to the welcome page again`() {
        await("Try it").performClick()
        await("Undertone").assertIsDisplayed()
        compose.waitForIdle()
        assertFalse(compose.activity.onBackPressedDispatcher.hasEnabledCallbacks())
    }

    @Test
    fun `up and back lead from the settings to the live screen`() {
        openSettings()
        compose.onNodeWithContentDescription("Back").performClick()
        await("Undertone").assertIsDisplayed()
        compose.onNodeWithContentDescription("Settings").performClick()
        await("Results")
        compose.runOnUiThread { compose.activity.onBackPressedDispatcher.onBackPressed() }
        await("Undertone").assertIsDisplayed()
        assertFalse(compose.activity.isFinishing)
    }

    @Test
    fun `a recreated activity is where it was`() {
        openSettings()
        compose.activityRule.scenario.recreate()
        await("Results").assertIsDisplayed()
    }

    @Test
    fun `a dark theme is stored and changes the system bars' icons`() {
        openSettings()
        fun hasDarkIcons() = WindowCompat.getInsetsController(compose.activity.window, compose.activity.window.decorView).isAppearanceLightStatusBars
        assertTrue(hasDarkIcons())
        compose.onNode(hasText("Dark") and hasClickAction()).performScrollTo().performClick()
        awaitStored { it.theme == ThemeChoice.Dark }
        compose.waitForIdle()
        assertFalse(hasDarkIcons())
    }

    @Test
    fun `every page of the settings opens and leads back`() {
        openSettings()
        for (page in listOf("Storage", "About the model", "Privacy", "Licences", "Self-check")) {
            compose.onNode(hasText(page) and hasClickAction()).performScrollTo().performClick()
            compose.waitUntil(LONG_MS) { compose.onAllNodes(hasText("Results")).fetchSemanticsNodes().isEmpty() }
            compose.onNodeWithContentDescription("Back").performClick()
            await("Results")
        }
    }

    @Test
    fun `the history leads to audio files and back`() {
        await("Try it").performClick()
        compose.onNodeWithContentDescription("History").performClick()
        compose.waitUntil(LONG_MS) { compose.onAllNodes(hasContentDescription("Analyse an audio file")).fetchSemanticsNodes().size == 1 }
        compose.onNodeWithContentDescription("Analyse an audio file").performClick()
        await("Choose files").assertIsDisplayed()
        compose.onNodeWithContentDescription("Back").performClick()
        await("History").assertIsDisplayed()
    }

    @Test
    fun `a file that another app shares is heard, and what cannot be read is said`() {
        await("Try it").performClick()
        val share = Intent(Intent.ACTION_SEND).setType("audio/*").putExtra(Intent.EXTRA_STREAM, Uri.parse("content://other.app/gone.wav"))
        compose.runOnUiThread { InstrumentationRegistry.getInstrumentation().callActivityOnNewIntent(compose.activity, share) }
        await("Choose another file").assertIsDisplayed()
    }

    @Test
    fun `several files that another app shares are listed, each with what became of it`() {
        await("Try it").performClick()
        val files = arrayListOf("gone.mp4", "away.m4a").map { Uri.parse("content://other.app/$it") }
        val share = Intent(Intent.ACTION_SEND_MULTIPLE).setType("*/*").putParcelableArrayListExtra(Intent.EXTRA_STREAM, ArrayList(files))
        compose.runOnUiThread { InstrumentationRegistry.getInstrumentation().callActivityOnNewIntent(compose.activity, share) }
        compose.waitUntil(LONG_MS) { compose.onAllNodes(hasText("It is gone", substring = true)).fetchSemanticsNodes().size == 2 }
        compose.onNodeWithText("Choose more files").assertIsDisplayed()
        compose.onNodeWithContentDescription("Back").performClick()
        await("Undertone").assertIsDisplayed()
    }

    @Test
    fun `a notification of file analysis leads to the files`() {
        await("Try it").performClick()
        val show = Intent(MainActivity.ACTION_SHOW)
        compose.runOnUiThread { InstrumentationRegistry.getInstrumentation().callActivityOnNewIntent(compose.activity, show) }
        await("Choose files").assertIsDisplayed()
    }

    @Test
    fun `the language row opens the system's page for this app`() {
        openSettings()
        compose.onNodeWithText("Language").performScrollTo().performClick()
        val intent = shadowOf(compose.activity).nextStartedActivity
        assertEquals(SystemSettings.ACTION_APP_LOCALE_SETTINGS, intent.action)
        assertEquals("package:app.undertone", intent.dataString)
    }

    @Test
    @Config(qualifiers = "w1280dp-h800dp-land-mdpi")
    fun `on a tablet the rail leads everywhere, and back from each place to recording`() {
        await("Try it").performClick()
        val places = listOf("History" to "Nothing here yet", "Settings" to "Results", "Record" to "Tap and speak")
        for ((place, sign) in places) {
            compose.waitUntil(LONG_MS) { compose.onAllNodes(hasText(place) and isSelectable()).fetchSemanticsNodes().size == 1 }
            compose.onNode(hasText(place) and isSelectable()).performClick()
            if (place != "Record") await(sign)
            compose.onNodeWithContentDescription("Back").assertDoesNotExist()
        }
        await("Undertone").assertIsDisplayed()
        assertFalse(compose.activity.onBackPressedDispatcher.hasEnabledCallbacks())
    }

    private companion object {
        const val LONG_MS = 30_000L
    }
}
