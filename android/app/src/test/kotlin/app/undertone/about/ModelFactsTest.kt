package app.undertone.about

import app.undertone.engine.asset.AssetManifest
import app.undertone.engine.asset.AssetSource
import app.undertone.engine.asset.DirectoryAssetSource
import app.undertone.engine.asset.EmotionAsset
import kotlinx.coroutines.runBlocking
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.jsonObject
import org.junit.Test
import java.io.File
import java.io.FileNotFoundException
import java.io.InputStream
import java.nio.file.Path
import kotlin.test.assertEquals
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertTrue

/** The manifest of the built asset, and variants of it. */
class ModelFactsTest {
    private val source = DirectoryAssetSource(Path.of(System.getProperty("undertone.asset")))
    private val manifest = EmotionAsset.open(source).manifest

    /** The manifest of the built asset with another value in [field]. */
    private fun manifestWith(field: String, json: String): AssetManifest {
        val changed = object : AssetSource by source {
            override fun open(name: String): InputStream {
                if (name != "manifest.json") return source.open(name)
                val fields = Json.parseToJsonElement(source.open(name).use { it.readBytes() }.decodeToString()).jsonObject
                return JsonObject(fields + (field to Json.parseToJsonElement(json))).toString().encodeToByteArray().inputStream()
            }
        }
        return EmotionAsset.open(changed).manifest
    }

    private val results = """
        {"split": "held back", "clips": 20, "speakers": ["a", "b"], "unweighted_accuracy": 0.7,
         "recalls": {"sad": 0.4, "angry": 0.1, "happy": 0.2, "neutral": 0.3}, "expected_calibration_error": null,
         "uncertainty": {"coverage": 0.9, "risk": 0.2}, "confusion": [[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12], [13, 14, 15, 16]]}
    """

    @Test
    fun `the built asset says what its model learned from and how it was evaluated`() {
        val facts = manifest.facts()
        assertTrue(facts.corpora.isNotEmpty())
        assertTrue(facts.clips!! > 0 && facts.speakers!! > 0)
        assertEquals(File(System.getProperty("undertone.asset"), "model.onnx").length(), facts.sizeBytes)
        assertEquals(12, facts.sha256.length)
        val evaluation = assertNotNull(facts.evaluation)
        assertTrue(evaluation.clips > 0 && evaluation.speakers > 0 && evaluation.unweightedAccuracy in 0.0..1.0)
    }

    @Test
    fun `recalls are in the order of the labels, and the rest as it was written`() {
        val evaluation = manifestWith("results", results).facts().evaluation
        val confusion = List(4) { row -> List(4) { 4 * row + it + 1 } }
        assertEquals(Evaluation(20, 2, 0.7, listOf(0.1, 0.2, 0.3, 0.4), calibrationError = null, 0.9, 0.2, confusion), evaluation)
    }

    @Test
    fun `speech without labels and the teacher are sources too, each once`() {
        val training = """{"corpora": ["crema-d"], "teacher": "a/b", "unlabelled_speech": {"corpora": ["emogator", "crema-d"]}}"""
        val facts = manifestWith("training", training).facts()
        assertEquals(listOf("crema-d"), facts.corpora)
        assertEquals(listOf("crema-d", "emogator", "a/b"), facts.sources)
    }

    @Test
    fun `what was not measured is not shown`() {
        assertNull(manifestWith("results", "{}").facts().evaluation)
        assertNull(manifestWith("results", """{"split": "none"}""").facts().evaluation)
        assertNull(manifestWith("results", results.replace("\"sad\"", "\"calm\"")).facts().evaluation)
        assertNull(manifestWith("results", results.replace("[1, 2, 3, 4],", "")).facts().evaluation?.confusion)
        assertNull(manifestWith("results", results.replace("[1, 2, 3, 4]", "[1, 2, 3]")).facts().evaluation?.confusion)
        assertEquals(emptyList(), manifestWith("training", "{}").facts().sources)
    }

    @Test
    fun `an asset that cannot be trusted has no facts`() = runBlocking {
        val empty = object : AssetSource {
            override fun open(name: String) = throw FileNotFoundException(name)
        }
        assertNull(AssetModelFacts(empty).read())
    }
}
