package app.undertone.asset

import android.content.Context
import androidx.test.core.app.ApplicationProvider
import app.undertone.engine.EmotionEvent
import app.undertone.engine.EngineListener
import app.undertone.engine.android.PackagedAssetSource
import app.undertone.live.Emotion
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import java.io.File
import kotlin.concurrent.thread
import kotlin.test.assertEquals
import kotlin.test.assertIs
import kotlin.test.assertNull
import kotlin.test.assertTrue

/** The real asset, as the APK carries it. */
@RunWith(RobolectricTestRunner::class)
class PackagedAssetTest {
    @get:Rule
    val folder = TemporaryFolder()

    private val assets = ApplicationProvider.getApplicationContext<Context>().assets
    private val copies: File get() = File(folder.root, "emotion")

    private fun source() = PackagedAssetSource(assets) { copies.toPath() }

    private fun engines(labels: List<String> = Emotion.labels) = PackagedEngines(source(), labels)

    private fun copy(name: String): File = copies.walk().single { it.name == name }

    @Test
    fun `the models are copied out once and the engine runs`() {
        assertNull(engines().prepare())
        val model = copy("model.onnx")
        val madeAt = model.lastModified()
        assertTrue(copies.walk().filter { it.isFile }.all { it.extension == "onnx" })
        assertNull(engines().prepare())
        assertEquals(madeAt, model.lastModified())
    }

    @Test
    fun `a damaged copy is refused by name, and the next attempt replaces it`() {
        assertNull(engines().prepare())
        copy("model.onnx").appendBytes(byteArrayOf(1))
        val engines = engines()
        val problem = assertIs<AssetProblem.Damaged>(engines.prepare())
        assertEquals("model.onnx", problem.file)
        assertNull(engines.prepare())
    }

    @Test
    fun `a half-written copy is not taken for the model`() {
        val path = source().path("model.onnx")!!
        val half = path.resolveSibling("model.onnx.part")
        path.toFile().copyTo(half.toFile())
        path.toFile().delete()
        half.toFile().writeBytes(ByteArray(10))
        assertNull(engines().prepare())
    }

    @Test
    fun `a copy that disappears while the app runs is made again by the next attempt`() {
        val engines = engines()
        assertNull(engines.prepare())
        copies.deleteRecursively()
        // What is loaded goes on; another start of the app meets the loss.
        assertNull(engines.prepare())
        assertNull(engines().prepare())
    }

    @Test
    fun `the copies of another version are removed`() {
        val stale = File(copies, "0123456789abcdef/model.onnx").apply { parentFile!!.mkdirs() }.apply { writeText("old") }
        assertNull(engines().prepare())
        assertEquals(false, stale.exists())
    }

    @Test
    fun `a folder that cannot be written is said as such`() {
        copies.writeText("a file in the way")
        val problem = PackagedEngines(source(), Emotion.labels).prepare()
        assertIs<AssetProblem.NotUnpacked>(problem)
    }

    @Test
    fun `an asset with other labels than the screen shows is refused`() {
        val problem = assertIs<AssetProblem.Damaged>(engines(labels = listOf("calm")).prepare())
        assertEquals("manifest.json", problem.file)
    }

    @Test
    fun `a recording waits for the one before, and starts afresh`() {
        val engines = engines()
        val first = FrameStarts()
        val second = FrameStarts()
        val engine = engines.open()
        engine.start(16_000, 0, first)
        engine.accept(ShortArray(700))
        val next = thread {
            engines.open().use {
                it.start(16_000, 0, second)
                it.accept(ShortArray(1_024))
            }
        }
        next.join(200)
        assertTrue(next.isAlive)
        assertEquals(emptyList(), second.samples)
        engine.close()
        next.join()
        assertEquals(listOf(0L), first.samples)
        assertEquals(listOf(0L, 512L), second.samples)
    }

    @Test
    fun `a microphone at another rate is resampled`() {
        val heard = FrameStarts()
        engines().open().use {
            it.start(48_000, 0, heard)
            it.accept(ShortArray(48_000))
            it.finish()
        }
        assertEquals(16_000 / 512, heard.samples.size)
    }

    private class FrameStarts : EngineListener {
        val samples = mutableListOf<Long>()

        override fun onFrame(startSample: Long, levelDbfs: Float, speechProbability: Float, reachedNetwork: Boolean, isOpen: Boolean) {
            samples += startSample
        }

        override fun onEvent(event: EmotionEvent) = Unit
    }
}
