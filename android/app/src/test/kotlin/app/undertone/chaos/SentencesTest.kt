package app.undertone.chaos

import android.content.Context
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.ui.platform.LocalConfiguration
import androidx.compose.ui.platform.LocalContext
import androidx.compose.ui.test.junit4.v2.createComposeRule
import androidx.test.core.app.ApplicationProvider
import app.undertone.analysis.FileProblem
import app.undertone.asset.AssetProblem
import app.undertone.files.sentence
import app.undertone.history.HistoryNotice
import app.undertone.history.archive.ArchiveProblem
import app.undertone.history.words
import app.undertone.live.LiveNotice
import app.undertone.live.sentence
import app.undertone.settings.SettingsFailure
import app.undertone.settings.sentence
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import java.time.ZoneOffset
import java.util.Locale
import kotlin.test.assertEquals
import kotlin.test.assertTrue

/** What the chaos ends in, in words. */
@RunWith(RobolectricTestRunner::class)
class SentencesTest {
    @get:Rule
    val compose = createComposeRule()

    private val engine = listOf(
        AssetProblem.Damaged("model.onnx", "no"),
        AssetProblem.NoRuntime,
        AssetProblem.Stopped("no"),
    )
    private val files = listOf(
        FileProblem.Unreadable,
        FileProblem.NotLoaded,
        FileProblem.NotAudio,
        FileProblem.NoChooser,
        FileProblem.Protected,
        FileProblem.Empty,
        FileProblem.TooLarge(1),
        FileProblem.TooLong(7_200_000),
        FileProblem.Damaged,
        FileProblem.NoSpeech,
        FileProblem.NotStored,
    ) + engine.map { FileProblem.Engine(it) }
    private val live = listOf(
        LiveNotice.PermissionDenied(canAskAgain = true),
        LiveNotice.PermissionDenied(canAskAgain = false),
        LiveNotice.MicrophoneBusy,
        LiveNotice.MicrophoneOff,
        LiveNotice.MicrophoneNotAllowed,
        LiveNotice.MicrophoneStopped,
        LiveNotice.NotStored,
        LiveNotice.StartRefused,
    ) + engine.map { LiveNotice.AssetFailed(it) }
    private val history = listOf(
        HistoryNotice.ExportFailed,
        HistoryNotice.NoAudio,
        HistoryNotice.NoPicker,
        HistoryNotice.NotRead,
        HistoryNotice.NotStored,
        HistoryNotice.RecordingGoesOn,
    ) + ArchiveProblem.entries.map { HistoryNotice.NotImported(it) }

    @Composable
    private fun sentences(): Map<Any, String> = buildMap {
        files.forEach { put(it, it.sentence()) }
        live.forEach { put(it, it.sentence()) }
        history.forEach { put(it, it.words(ZoneOffset.UTC)) }
        SettingsFailure.entries.forEach { put(it, it.sentence()) }
    }

    @Test
    fun `each problem has a sentence in each of the three languages`() {
        val context = ApplicationProvider.getApplicationContext<Context>()
        val said = mutableMapOf<String, Map<Any, String>>()
        compose.setContent {
            for (language in LANGUAGES) {
                val configuration = LocalConfiguration.current.let { android.content.res.Configuration(it) }
                configuration.setLocale(Locale.forLanguageTag(language))
                CompositionLocalProvider(
                    LocalContext provides context.createConfigurationContext(configuration),
                    LocalConfiguration provides configuration,
                ) { said[language] = sentences() }
            }
        }
        compose.waitForIdle()
        assertEquals(LANGUAGES.toSet(), said.keys)
        for (problem in said.getValue("en").keys) {
            val sentences = LANGUAGES.map { said.getValue(it).getValue(problem) }
            assertEquals(LANGUAGES.size, sentences.distinct().size, "$problem: $sentences")
            assertTrue(sentences.all { it.length > 15 && it.trim().last() in ".؟" }, "$problem: $sentences")
        }
    }

    private companion object {
        val LANGUAGES = listOf("en", "de", "ar")
    }
}
