package app.undertone.asset

import android.app.Application
import android.content.ComponentCallbacks2
import android.content.Context
import androidx.test.core.app.ApplicationProvider
import app.undertone.engine.EmotionEvent
import app.undertone.engine.EngineListener
import app.undertone.engine.android.PackagedAssetSource
import app.undertone.engine.asset.AssetSource
import app.undertone.model.Emotion
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import java.io.InputStream
import java.nio.ByteBuffer
import kotlin.concurrent.thread
import kotlin.test.assertEquals
import kotlin.test.assertIs
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertTrue

/** The real asset, as the APK carries it. */
@RunWith(RobolectricTestRunner::class)
class PackagedAssetTest {
    private val context = ApplicationProvider.getApplicationContext<Context>()
    private val source = PackagedAssetSource(context)

    private fun engines(labels: List<String> = Emotion.labels) = PackagedEngines(source, labels)

    @Test
    fun `the models are mapped, not copied, and the engine runs`() {
        for (model in listOf("model.onnx", "speech_gate.onnx")) {
            val mapped = assertNotNull(source.map(model))
            assertTrue(mapped.isDirect && mapped.isReadOnly)
            assertEquals(ByteBuffer.wrap(source.open(model).use { it.readBytes() }), mapped)
        }
        assertNull(engines().prepare())
        assertEquals(emptyList(), context.noBackupFilesDir.walk().filter { it.extension == "onnx" }.toList())
    }

    @Test
    fun `models that the APK holds compressed are read`() {
        val compressed = object : AssetSource by source {
            override fun map(name: String): ByteBuffer? = null
        }
        assertNull(PackagedEngines(compressed, Emotion.labels).prepare())
    }

    @Test
    fun `a damaged model is refused by name, and the next attempt reads it again`() {
        var isDamaged = true
        val flaky = object : AssetSource by source {
            override fun map(name: String): ByteBuffer? = null

            override fun open(name: String): InputStream =
                if (name == "model.onnx" && isDamaged) ByteArray(10).inputStream() else source.open(name)
        }
        val engines = PackagedEngines(flaky, Emotion.labels)
        assertEquals("model.onnx", assertIs<AssetProblem.Damaged>(engines.prepare()).file)
        isDamaged = false
        assertNull(engines.prepare())
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
    fun `a recording goes on when the system wants memory, and the models are loaded again after it`() {
        val engines = engines()
        val recognised = FrameStarts()
        engines.open().use {
            it.start(16_000, 0, recognised)
            it.accept(ShortArray(512))
            engines.free()
            it.accept(ShortArray(512))
        }
        assertEquals(listOf(0L, 512L), recognised.samples)
        assertNull(engines.prepare())
    }

    @Test
    fun `an app that never recorded has nothing to free`() {
        ApplicationProvider.getApplicationContext<Application>().onTrimMemory(ComponentCallbacks2.TRIM_MEMORY_BACKGROUND)
    }

    @Test
    fun `a microphone at another rate is resampled`() {
        val recognised = FrameStarts()
        engines().open().use {
            it.start(48_000, 0, recognised)
            it.accept(ShortArray(48_000))
            it.finish()
        }
        assertEquals(16_000 / 512, recognised.samples.size)
    }

    private class FrameStarts : EngineListener {
        val samples = mutableListOf<Long>()

        override fun onFrame(startSample: Long, levelDbfs: Float, speechProbability: Float, reachedNetwork: Boolean, isOpen: Boolean) {
            samples += startSample
        }

        override fun onEvent(event: EmotionEvent) = Unit
    }
}
