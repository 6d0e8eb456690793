package app.undertone.ui

import android.app.Application
import android.content.Context
import android.content.res.Configuration
import android.content.res.Resources
import androidx.test.core.app.ApplicationProvider
import app.undertone.model.Emotion
import app.undertone.model.summary.Story
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

    private fun resourcesIn(language: String): Resources {
        val configuration = Configuration(context.resources.configuration)
        configuration.setLocale(Locale.forLanguageTag(language))
        return context.createConfigurationContext(configuration).resources
    }

    private fun Story.sentenceIn(language: String): String = sentence(resourcesIn(language))

    @Test
    fun `the silence that ended a recording is said with the plural of each language, as a sentence with a capital`() {
        val facts = mapOf(
            "en" to listOf("stopped after 1 minute without speech", "stopped after 5 minutes without speech"),
            "de" to listOf("beendet nach 1 Minute ohne Sprache", "beendet nach 5 Minuten ohne Sprache"),
        )
        for ((language, expected) in facts) {
            val resources = resourcesIn(language)
            assertEquals(expected, listOf(1, 5).map { resources.stoppedAfterSilence(it) })
            val sentences = expected.map { it.first().uppercase() + it.drop(1) }
            assertEquals(sentences, listOf(1, 5).map { resources.stoppedAfterSilenceSentence(it) })
        }
        val arabic = listOf(1, 2, 5, 15).map { resourcesIn("ar").stoppedAfterSilenceSentence(it) }
        assertEquals(listOf("دقيقة", "دقيقتين", "دقائق", "دقيقة"), arabic.map { sentence -> sentence.split(' ').single { it.startsWith("دق") } })
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
