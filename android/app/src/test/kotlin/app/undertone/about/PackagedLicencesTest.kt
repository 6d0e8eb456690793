package app.undertone.about

import android.content.Context
import androidx.test.core.app.ApplicationProvider
import kotlinx.coroutines.runBlocking
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import kotlin.test.assertContains
import kotlin.test.assertEquals
import kotlin.test.assertTrue

/** The list that this build made of its libraries. */
@RunWith(RobolectricTestRunner::class)
class PackagedLicencesTest {
    private val context = ApplicationProvider.getApplicationContext<Context>()

    private fun read(vararg corpora: String): Licences {
        val names = corpora.toList()
        val facts = ModelFacts(names, names, speakers = 1, clips = 1, evaluation = null, sizeBytes = 1, sha256 = "", gitCommit = null)
        return runBlocking { PackagedLicences(context.assets, context.resources, { facts }).read() }
    }

    @Test
    fun `libraries that the app is built on are listed under their licence, with their parts`() {
        val apache = read().libraries.getValue("Apache License 2.0")
        for ((group, part) in listOf(
            "androidx.compose.ui" to "ui-android",
            "androidx.room" to "room-runtime-android",
            "org.jetbrains.kotlinx" to "kotlinx-serialization-json-jvm",
        )) {
            assertContains(apache.filter { it.group == group }.flatMap { it.parts }, part)
        }
        assertEquals(apache.map { it.group }.sorted(), apache.map { it.group })
    }

    @Test
    fun `each licence of a library has its text, and so has the speech gate`() {
        val licences = read()
        val titles = licences.texts.map { it.first().substringBefore(',') }
        assertEquals(listOf("Apache License Version 2.0", "MIT License", "BSD 3-Clause License"), titles)
        val known = mapOf(
            "Apache License 2.0" to "Apache License Version 2.0",
            "MIT License" to "MIT License",
            "BSD 3-Clause \"New\" or \"Revised\" License" to "BSD 3-Clause License",
        )
        for (licence in licences.libraries.keys) assertContains(titles, known[licence], "no text of $licence")
        assertTrue(licences.texts.flatten().none { '\n' in it })
    }

    @Test
    fun `corpora have the licence of their publisher, and others none`() {
        assertEquals(
            listOf(
                CorpusLicence("CREMA-D", "Open Database License 1.0"),
                CorpusLicence("AMI Meeting Corpus", "Creative Commons Attribution 4.0 International License"),
                CorpusLicence("Whisper base", "MIT License"),
                CorpusLicence("IEMOCAP", licence = null),
            ),
            read("crema-d", "ami", "openai/whisper-base", "iemocap").corpora,
        )
    }
}
