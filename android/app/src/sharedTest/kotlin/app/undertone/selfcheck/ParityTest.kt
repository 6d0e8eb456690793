package app.undertone.selfcheck

import android.content.Context
import androidx.test.core.app.ApplicationProvider
import androidx.test.ext.junit.runners.AndroidJUnit4
import app.undertone.engine.android.PackagedAssetSource
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.runBlocking
import org.junit.Test
import org.junit.runner.RunWith
import kotlin.test.assertEquals
import kotlin.test.assertIs
import kotlin.test.assertTrue

/** The packaged asset on this device's kernels; names without spaces, which older Android does not know. */
@RunWith(AndroidJUnit4::class)
class ParityTest {
    private val context = ApplicationProvider.getApplicationContext<Context>()
    private val source = PackagedAssetSource(context)

    @Test
    fun golden_clips_have_the_logits_that_the_builder_of_the_model_computed() {
        val progress = runBlocking { SelfCheck(source).check().toList() }

        val report = assertIs<SelfCheckProgress.Finished>(progress.last()).report
        println("${phone(context)}: $report")
        assertTrue(report.hasPassed, "$report")
        assertTrue(report.clips >= 8)
        assertTrue(report.loadMs > 0 && report.medianMsPerSecond > 0 && report.slowMsPerSecond >= report.medianMsPerSecond)
        val steps = progress.filterIsInstance<SelfCheckProgress.Running>()
        assertEquals((0..report.clips * 4).toList(), steps.map { it.done })
        assertEquals(setOf(report.clips * 4), steps.map { it.total }.toSet())
    }
}
