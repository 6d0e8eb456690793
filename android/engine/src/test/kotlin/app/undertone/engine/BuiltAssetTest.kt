package app.undertone.engine

import app.undertone.engine.asset.DirectoryAssetSource
import app.undertone.engine.asset.EmotionAsset
import app.undertone.engine.gate.SpeechDetector
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.double
import kotlinx.serialization.json.float
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import java.nio.file.Path
import javax.sound.sampled.AudioSystem
import kotlin.io.path.Path
import kotlin.io.path.div
import kotlin.io.path.exists
import kotlin.io.path.readText
import kotlin.math.abs
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertTrue

/** The asset that `make asset` builds, against the golden vectors that Python computed for it. */
class BuiltAssetTest {
    private val directory = Path(System.getProperty("undertone.asset")).also {
        check((it / "manifest.json").exists()) { "there is no emotion asset in $it; run: make asset" }
    }
    private val asset = EmotionAsset.open(DirectoryAssetSource(directory))
    private val golden = Json.parseToJsonElement((directory / "golden.json").readText()).jsonObject
    private val cases = golden.getValue("cases").jsonArray.map { it.jsonObject }

    @Test
    fun `logits are those that Python computed`() {
        val tolerance = golden.getValue("tolerance").jsonPrimitive.double
        EmotionClassifier(asset).use { classifier ->
            for (case in cases) {
                val file = case.getValue("file").jsonPrimitive.content
                val pcm = readPcm16(directory / file)
                assertEquals(case.getValue("samples").jsonPrimitive.content.toInt(), pcm.size, file)

                assertClose(case.getValue("logits").jsonArray, classifier.classify(pcm).logits, tolerance, file)
            }
        }
    }

    @Test
    fun `speech probabilities are those that Python computed`() {
        SpeechDetector(asset).use { detector ->
            for (case in cases) {
                val file = case.getValue("file").jsonPrimitive.content
                val pcm = readPcm16(directory / file)
                detector.reset()

                val probabilities = List(pcm.size / 512) { detector.probability(pcm.copyOfRange(it * 512, (it + 1) * 512)) }

                assertClose(case.getValue("speech_probabilities").jsonArray, probabilities, 1e-5, file)
            }
        }
    }

    @Test
    fun `more threads give the same emotion`() {
        val tolerance = golden.getValue("tolerance").jsonPrimitive.double
        val case = cases.first()
        val pcm = readPcm16(directory / case.getValue("file").jsonPrimitive.content)

        val logits = EmotionClassifier(asset, threads = 2).use { it.classify(pcm).logits }

        assertClose(case.getValue("logits").jsonArray, logits, tolerance, "two threads")
    }

    private fun assertClose(expected: JsonArray, found: List<Float>, tolerance: Double, what: String) {
        assertEquals(expected.size, found.size, what)
        val worst = expected.zip(found).maxOf { (a, b) -> abs(a.jsonPrimitive.float - b) }
        assertTrue(worst <= tolerance, "$what: differs by $worst, more than $tolerance")
    }

    private fun readPcm16(file: Path): FloatArray = AudioSystem.getAudioInputStream(file.toFile()).use { stream ->
        val bytes = stream.readAllBytes()
        FloatArray(bytes.size / 2) { ((bytes[2 * it + 1].toInt() shl 8) or (bytes[2 * it].toInt() and 0xff)) / 32768f }
    }
}
