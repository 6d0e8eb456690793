package app.undertone.ui

import android.app.Application
import android.content.Context
import android.content.res.Configuration
import androidx.test.core.app.ApplicationProvider
import app.undertone.model.Emotion
import app.undertone.model.Story
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config
import java.util.Locale
import kotlin.test.assertEquals
import kotlin.test.assertTrue

@RunWith(RobolectricTestRunner::class)
@Config(application = Application::class)
class StoryWordsTest {
    private val context = ApplicationProvider.getApplicationContext<Context>()

    private fun Story.sentenceIn(language: String): String {
        val configuration = Configuration(context.resources.configuration)
        configuration.setLocale(Locale.forLanguageTag(language))
        return sentence(context.createConfigurationContext(configuration).resources)
    }

    @Test
    fun `one emotion in all of the speech is said without a percentage, in each language`() {
        val sentences = mapOf(
            "en" to listOf("angry", "happy", "neutral", "sad").map { "Sounded $it throughout" },
            "de" to listOf("wütend", "fröhlich", "neutral", "traurig").map { "Klang durchweg $it" },
            "ar" to listOf("غاضبًا", "سعيدًا", "محايدًا", "حزينًا").map { "بدا الصوت $it طوال الوقت" },
        )
        for ((language, expected) in sentences) {
            assertEquals(expected, Emotion.entries.map { Story.Throughout(it).sentenceIn(language) }, language)
        }
    }

    @Test
    fun `below a whole the percentage is said, and never 100, in each language`() {
        for (language in listOf("en", "de", "ar")) {
            for (emotion in Emotion.entries) {
                val sentence = Story.Mostly(emotion, percent = 99).sentenceIn(language)
                // In Arabic the sign stands on the other side, and the digits are those of the language.
                assertTrue(Regex("99|٩٩").containsMatchIn(sentence) && Regex("[%٪]").containsMatchIn(sentence), sentence)
            }
        }
    }
}
