import app.undertone.engine.EmotionEngine
import app.undertone.engine.asset.ClasspathAssetSource
import app.undertone.engine.asset.EmotionAsset
import java.io.File
import kotlin.test.Test
import kotlin.test.assertTrue

class EmotionsTest {
    @Test
    fun `the emotions of a WAV file are printed, a segment a line`() {
        val wav = File.createTempFile("voice", ".wav").also { it.deleteOnExit() }
        // One of the recordings that come with the model.
        javaClass.getResourceAsStream("/app/undertone/emotion/golden/two_sentences.wav")!!.use { wav.outputStream().use(it::copyTo) }

        val out = StringBuilder()
        EmotionEngine(EmotionAsset.open(ClasspathAssetSource())).use { it.printEmotions(wav, out) }

        val lines = out.lines().dropLast(1)
        assertTrue(lines.isNotEmpty())
        assertTrue(lines.all { Regex("""\d+\.\d\d\t\d+\.\d\d\t(angry|happy|neutral|sad)\t[01]\.\d\d""").matches(it) }, "$lines")
    }
}
