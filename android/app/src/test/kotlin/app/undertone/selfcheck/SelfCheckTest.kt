package app.undertone.selfcheck

import android.content.Context
import androidx.test.core.app.ApplicationProvider
import app.undertone.asset.AssetProblem
import app.undertone.engine.asset.AssetSource
import app.undertone.engine.asset.DirectoryAssetSource
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.last
import kotlinx.coroutines.runBlocking
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import java.io.File
import java.security.MessageDigest
import kotlin.test.assertContains
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertIs
import kotlin.test.assertTrue

/** The real asset and variants of it; that the real one passes is said by ParityTest. */
@RunWith(RobolectricTestRunner::class)
class SelfCheckTest {
    private val folder = File(System.getProperty("undertone.asset"))
    private val real = DirectoryAssetSource(folder.toPath())

    private fun check(source: AssetSource): SelfCheckProgress = runBlocking { SelfCheck(source).check().last() }

    /** The asset with another `golden.json`, which its manifest vouches for. */
    private fun withGolden(change: (String) -> String): AssetSource {
        val golden = File(folder, "golden.json").readText()
        val changed = change(golden)
        check(changed != golden)
        fun sha256(text: String) = MessageDigest.getInstance("SHA-256").digest(text.encodeToByteArray()).toHexString()
        val manifest = File(folder, "manifest.json").readText()
            .replace(sha256(golden), sha256(changed))
            .replace("\"size_bytes\": ${golden.length}", "\"size_bytes\": ${changed.length}")
        return object : AssetSource by real {
            override fun open(name: String) = when (name) {
                "manifest.json" -> manifest.encodeToByteArray().inputStream()
                "golden.json" -> changed.encodeToByteArray().inputStream()
                else -> real.open(name)
            }
        }
    }

    @Test
    fun `logits that differ are not passed, with the largest difference`() {
        val first = Regex("\"logits\": \\[\\s*(-?[0-9.]+)")
        val source = withGolden { golden ->
            val logit = first.find(golden)!!.groupValues[1].toFloat()
            first.replaceFirst(golden, "\"logits\": [${logit + 0.01f}")
        }
        val report = assertIs<SelfCheckProgress.Finished>(check(source)).report
        assertFalse(report.hasPassed)
        assertEquals(0.01, report.largestLogitError, 0.001)
        assertEquals(0, report.wrongLabels)
    }

    @Test
    fun `an emotion that differs is counted`() {
        val logits = Regex("\"logits\": \\[[^]]*]")
        val source = withGolden { it.replaceFirst(logits, "\"logits\": [-9, -9, -9, 9]") }
        val report = assertIs<SelfCheckProgress.Finished>(check(source)).report
        assertFalse(report.hasPassed)
        assertEquals(1, report.wrongLabels)
    }

    @Test
    fun `a damaged asset ends the check with the file's name`() {
        val damaged = object : AssetSource by real {
            override fun open(name: String) = if (name == "golden.json") ByteArray(3).inputStream() else real.open(name)
        }
        assertEquals("golden.json", assertIs<AssetProblem.Damaged>(assertIs<SelfCheckProgress.Failed>(check(damaged)).problem).file)
        val unreadable = withGolden { "{}" }
        assertEquals("golden.json", assertIs<AssetProblem.Damaged>(assertIs<SelfCheckProgress.Failed>(check(unreadable)).problem).file)
    }

    @Test
    fun `a check that is given up ends`() = runBlocking {
        assertEquals(SelfCheckProgress.Running(0, 32, 8), SelfCheck(real).check().first())
    }

    @Test
    fun `progress is that of the samples, and then that of the measuring`() {
        val shares = listOf(0, 2, 8, 20, 32).map { SelfCheckProgress.Running(done = it, total = 32, clips = 8).share }
        assertEquals(listOf(0f, 0.25f, 0f, 0.5f, 1f), shares)
    }

    @Test
    fun `percentiles are values that were measured`() {
        val values = (1..20).map { it.toDouble() }.shuffled()
        assertEquals(10.0, percentile(values, 0.5))
        assertEquals(19.0, percentile(values, 0.95))
        assertEquals(4.0, percentile(listOf(4.0), 0.95))
    }

    @Test
    fun `the shared text says the verdict and all that was measured`() {
        val context = ApplicationProvider.getApplicationContext<Context>()
        val text = SelfCheckStates.passed.asText(SelfCheckStates.phone, context.resources)
        assertEquals(12, text.lines().size)
        listOf("Passed: This phone", "0.000003 (0.0001 allowed)", "0 samples of 8", "412.3\u00a0ms", "96\u00a0MB", "arm64-v8a", "bc0425ecc56f")
            .forEach { assertContains(text, it) }
        assertTrue(phone(context).model.isNotBlank() && phone(context).appVersion.isNotBlank())
    }
}
