package app.undertone

import org.junit.Test
import org.w3c.dom.Element
import java.io.File
import javax.xml.parsers.DocumentBuilderFactory
import kotlin.test.assertEquals
import kotlin.test.assertTrue

/** The texts of `res/values` against those of each language that the app offers. */
class TranslationTest {
    /** @param forms what is said, by quantity; a plain string has one. */
    private data class Text(val forms: Map<String, String>) {
        /** `%1$s` and `%d` name the same argument. Some quantities are said without the number. */
        val arguments: Set<String> get() = forms.values.flatMap { form -> ARGUMENT.findAll(form).map { it.value.replace("1$", "") } }.toSet()
    }

    private fun texts(folder: String): Map<String, Text> =
        File("src/main/res/$folder").listFiles { it.name.startsWith("strings") }.orEmpty().flatMap { file ->
            val root = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file).documentElement
            root.children().filter { it.getAttribute("translatable") != "false" }.map { element ->
                val forms = if (element.tagName == "plurals") {
                    element.children().associate { it.getAttribute("quantity") to it.textContent }
                } else {
                    mapOf("" to element.textContent)
                }
                element.getAttribute("name") to Text(forms)
            }
        }.toMap()

    private fun Element.children() = (0 until childNodes.length).map(childNodes::item).filterIsInstance<Element>()

    @Test
    fun `every text is there in every language, with the same arguments`() = LANGUAGES.keys.forEach { language ->
        val (original, translated) = texts("values") to texts("values-$language")
        assertTrue(original.size > 100)
        assertEquals(original.keys, translated.keys, language)
        original.forEach { (name, text) -> assertEquals(text.arguments, translated.getValue(name).arguments, "$name in $language") }
    }

    @Test
    fun `counts have every form of their language`() = LANGUAGES.forEach { (language, quantities) ->
        val plurals = texts("values-$language").filterValues { "" !in it.forms }
        assertTrue(plurals.isNotEmpty())
        plurals.forEach { (name, text) -> assertEquals(quantities, text.forms.keys, "$name in $language") }
    }

    @Test
    fun `the system's list offers just these languages`() {
        val locales = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(File("src/main/res/xml/locales_config.xml"))
        val offered = locales.documentElement.children().map { it.getAttribute("android:name") }
        assertEquals(listOf("en") + LANGUAGES.keys, offered)
    }

    @Test
    fun `a tablet is not called a phone, in any language`() = PHONES.forEach { (folder, phone) ->
        val ofPhone = texts(folder).filterValues { text -> text.forms.values.any(phone::containsMatchIn) }
        val ofTablet = texts("$folder-sw600dp")
        assertTrue(ofPhone.isNotEmpty())
        assertEquals(ofPhone.keys, ofTablet.keys, folder)
        ofTablet.forEach { (name, text) ->
            assertEquals(ofPhone.getValue(name).arguments, text.arguments, "$name in $folder")
            assertEquals(ofPhone.getValue(name).forms.keys, text.forms.keys, "$name in $folder")
            assertTrue(text.forms.values.none(phone::containsMatchIn), "$name in $folder: ${text.forms}")
        }
    }

    private companion object {
        /** The plural categories of each, by CLDR. */
        val LANGUAGES = mapOf("de" to setOf("one", "other"), "ar" to setOf("zero", "one", "two", "few", "many", "other"))
        val PHONES = mapOf(
            "values" to Regex("""\bphones?\b""", RegexOption.IGNORE_CASE),
            "values-de" to Regex("Handy"),
            "values-ar" to Regex("هاتف|هواتف"),
        )
        val ARGUMENT = Regex("""%(\d+\$)?,?(\.\d)?[dsf]""")
    }
}
