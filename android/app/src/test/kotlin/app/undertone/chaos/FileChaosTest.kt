package app.undertone.chaos

import android.content.Context
import android.media.MediaFormat
import android.net.Uri
import androidx.test.core.app.ApplicationProvider
import app.undertone.analysis.FileAnalysis
import app.undertone.analysis.FileEnd
import app.undertone.analysis.FileFollower
import app.undertone.analysis.FileProblem
import app.undertone.analysis.FileStep
import app.undertone.analysis.MediaAudioDecoder
import app.undertone.asset.EngineSource
import app.undertone.engine.EngineListener
import app.undertone.engine.StreamEngine
import app.undertone.files.OfferedFiles
import app.undertone.history.FakeSessionStore
import app.undertone.live.FakeEngines
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.After
import org.junit.Before
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config
import kotlin.test.assertEquals
import kotlin.test.assertIs

/** A file from another app: provider, extractor, codec, engine and storage fail in turn, each in every way. */
@RunWith(RobolectricTestRunner::class)
@Config(shadows = [FailingMedia.Extractor::class, FailingMedia.Codec::class])
class FileChaosTest {
    private val context = ApplicationProvider.getApplicationContext<Context>()
    private val media = FailingMedia.failing
    private val engine = Failing()
    private val sessions = FakeSessionStore()
    private val audio = ShortArray(48_000) { (it % 200).toShort() }

    @Before
    fun offerFiles() = OfferedFiles.install()

    @After
    fun behave() {
        media.let(null)
        OfferedFiles.install()
    }

    private fun offered(): Uri = OfferedFiles.offerAudio("talk.wav", audio, MediaFormat.createAudioFormat("audio/raw", 16_000, 1))

    private fun endOf(file: Uri): FileEnd = runBlocking {
        withTimeout(TIMEOUT_MS) { FileAnalysis(MediaAudioDecoder(context), FailingEngines(engine), sessions).analyse(file, null, Nobody) }
    }

    private object Nobody : FileFollower {
        override fun onProgress(name: String?, progress: FileStep.Analysing) = Unit

        override fun onSession(sessionId: Long) = Unit
    }

    /** Says what became of the file where [failure] is thrown. */
    private fun outcomes(failures: List<Exception>, fail: (Exception?) -> Unit): Map<Exception, FileEnd> = failures.associateWith {
        val file = offered()
        fail(it)
        runCatching { endOf(file) }.getOrElse { crash -> throw AssertionError("$it ends the app", crash) }.also { fail(null) }
    }

    @Test
    fun `whatever extractor and codec throw, wherever, ends in a problem or in the file's results`() {
        assertIs<FileEnd.Done>(endOf(offered()))
        for (part in FailingMedia.parts) {
            val failures = FAILURES
            for ((failure, last) in outcomes(failures) { media.let(part.takeIf { _ -> it != null }, it) }) {
                val isHarmless = part.startsWith("release of")
                if (isHarmless) assertIs<FileEnd.Done>(
                    last,
                    "$part throws $failure",
                ) else assertIs<FileEnd.Failed>(last, "$part throws $failure")
            }
        }
    }

    @Test
    fun `whatever the engine throws is said as the engine's problem`() {
        for (part in listOf("open", "start", "accept", "finish")) {
            for ((failure, last) in outcomes(FAILURES) { engine.let(part.takeIf { _ -> it != null }, it) }) {
                if (part == "start" && failure is IllegalArgumentException) continue // a rate that no recorder has
                assertIs<FileProblem.Engine>(assertIs<FileEnd.Failed>(last, "$part throws $failure").problem, "$part throws $failure")
            }
        }
    }

    @Test
    fun `whatever storage throws is said as a result that is not stored`() {
        for ((failure, last) in outcomes(STORAGE_FAILURES) { sessions.failure = it }) {
            assertEquals(FileEnd.Failed(FileProblem.NotStored), last, "$failure")
        }
    }

    @Test
    fun `whatever a provider throws when it is asked for the file or its name is said, or does not matter`() {
        for ((failure, last) in outcomes(FAILURES) { OfferedFiles.failure = it }) assertIs<FileEnd.Failed>(last, "$failure")
        for ((failure, last) in outcomes(FAILURES) { OfferedFiles.queryFailure = it }) assertIs<FileEnd.Done>(last, "$failure")
    }

    /** The engine of [FakeEngines], each call of which can be made to fail. */
    private class FailingEngines(private val failing: Failing) : EngineSource by FakeEngines(lastSegment = lastSegment) {
        override fun open(onPreempted: (() -> Unit)?): StreamEngine = failing.at("open") {
            val engine = FakeEngines(lastSegment = lastSegment).open(onPreempted)
            object : StreamEngine by engine {
                override fun start(inputRateHz: Int, startedAtMs: Long, listener: EngineListener, isLate: () -> Boolean) =
                    failing.at("start") { engine.start(inputRateHz, startedAtMs, listener, isLate) }

                override fun accept(pcm: ShortArray, length: Int) = failing.at("accept") { engine.accept(pcm, length) }

                override fun finish() = failing.at("finish") { engine.finish() }
            }
        }
    }

    private companion object {
        const val TIMEOUT_MS = 60_000L
    }
}
