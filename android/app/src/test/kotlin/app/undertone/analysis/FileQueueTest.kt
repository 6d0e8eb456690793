package app.undertone.analysis

import android.app.Application
import android.content.Context
import android.media.MediaFormat
import android.net.Uri
import androidx.lifecycle.ViewModelProvider
import androidx.lifecycle.ViewModelStore
import androidx.test.core.app.ApplicationProvider
import app.undertone.asset.EngineSource
import app.undertone.asset.PackagedEngines
import app.undertone.engine.android.PackagedAssetSource
import app.undertone.files.FileViewModel
import app.undertone.files.HeldEngines
import app.undertone.files.OfferedFiles
import app.undertone.history.room.RoomSessionStore
import app.undertone.model.Emotion
import app.undertone.model.Session
import app.undertone.model.SessionStore
import app.undertone.recording.eventually
import app.undertone.settings.FakeSettings
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.job
import kotlinx.coroutines.runBlocking
import org.junit.After
import org.junit.Before
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config
import java.io.File
import java.nio.ByteBuffer
import java.nio.ByteOrder
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertIs
import kotlin.test.assertTrue

/** Files in the background: real engine, database and list of jobs on the disk. */
@RunWith(RobolectricTestRunner::class)
@Config(application = Application::class)
class FileQueueTest {
    @get:Rule
    val folder = TemporaryFolder()

    private val context = ApplicationProvider.getApplicationContext<Context>()
    private val list get() = folder.root.resolve("files.json")
    private val engines by lazy { PackagedEngines(PackagedAssetSource(context), Emotion.labels) }
    private val processes = mutableListOf<Process>()

    /** Two generated sentences, and again after a second of silence: 16 kHz mono. */
    private val speech: ShortArray = File(System.getProperty("undertone.asset"), "golden/two_sentences.wav").readBytes().let { wav ->
        val samples = ByteBuffer.wrap(wav, 44, wav.size - 44).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer()
        val once = ShortArray(samples.remaining()).also { samples.get(it) }
        once + ShortArray(16_000) + once
    }

    @Before
    fun offerFiles() = OfferedFiles.install()

    @After
    fun endProcesses() = runBlocking {
        for (process in processes) process.end()
    }

    /** What a process has of its own; two of them see the same disk. */
    private inner class Process(engines: EngineSource) {
        val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default)
        val store = RoomSessionStore(context) { folder.root }
        val served = mutableListOf<List<Uri>>()
        var awake = 0
        private val analysis = FileAnalysis(MediaAudioDecoder(context), engines, store, uptimeMs = { (uptimeMs + 1_000).also { uptimeMs = it } })
        private var uptimeMs = 0L
        val queue = FileQueue(
            analysis,
            FileGrants(context.contentResolver),
            FileJobFile { list },
            scope,
            serve = { served += it },
            nameOf = { context.contentResolver.nameOf(it) },
            stayAwake = {
                awake++
                AutoCloseable { awake-- }
            },
        )

        init {
            processes += this
        }

        suspend fun end() {
            scope.coroutineContext.job.cancelAndJoin()
            store.close()
        }
    }

    private fun file(name: String) = OfferedFiles.offerAudio(name, speech, MediaFormat.createAudioFormat("audio/raw", 16_000, 1))

    private suspend fun SessionStore.sessions(): List<Session> = summaries().first().map { it.session }.sortedBy { it.id }

    private suspend fun FileQueue.awaitAll(isOver: (FileJob) -> Boolean) = eventually { jobs.value.isNotEmpty() && jobs.value.all(isOver) }

    @Test
    fun `a file whose screen is gone is analysed to its end, and in the history`() = runBlocking {
        val held = HeldEngines(engines)
        val process = Process(held)
        val activity = ViewModelStore()
        val screen = ViewModelProvider(activity, FileViewModel.factory(process.queue, FakeSettings()))[FileViewModel::class.java]
        screen.add(listOf(file("a.wav")))
        eventually { held.isHeld }
        assertEquals(1, process.awake)
        activity.clear()
        held.go()
        process.queue.awaitAll { it.step == FileStep.Done }
        val session = process.store.sessions().single()
        assertTrue(session.isFinished && !session.isCutOff && session.lengthMs == speech.size / 16L, "$session")
        assertTrue(process.store.segments(session.id).first().size >= 2)
        assertEquals(0, process.awake)
    }

    @Test
    fun `two files become two recordings, one after the other, and the service is given the right to read both`() = runBlocking {
        val held = HeldEngines(engines)
        val process = Process(held)
        val files = listOf(file("a.wav"), file("b.mp4"))
        process.queue.add(files)
        eventually { held.isHeld && process.queue.jobs.value.all { it.name != null } }
        val (first, second) = process.queue.jobs.value
        assertIs<FileStep.Analysing>(first.step)
        assertEquals(FileStep.Queued to "b.mp4", second.step to second.name)
        process.queue.add(listOf(files[1])) // it is there already
        held.go()
        process.queue.awaitAll { it.step == FileStep.Done }
        assertEquals(listOf("a.wav", "b.mp4"), process.store.sessions().map { it.title })
        assertEquals(process.store.sessions().map { it.id }, process.queue.jobs.value.map { it.sessionId })
        assertEquals(files, process.served.first())
        process.queue.dismiss()
        assertEquals(emptyList(), process.queue.jobs.value)
    }

    @Test
    fun `a file that is cancelled is stored as cut off, the next one follows, and it can be continued`() = runBlocking {
        val held = HeldEngines(engines)
        val process = Process(held)
        process.queue.add(listOf(file("a.wav"), file("b.wav"), file("c.wav")))
        eventually { held.isHeld }
        val (first, _, third) = process.queue.jobs.value
        process.queue.cancel(third.id)
        process.queue.cancel(first.id)
        held.go()
        process.queue.awaitAll { !it.isPending }
        assertEquals(listOf(StopCause.Cancelled, null), process.queue.jobs.value.map { (it.step as? FileStep.Stopped)?.cause })
        assertEquals(listOf("a.wav" to true, "b.wav" to false), process.store.sessions().map { it.title to it.isCutOff })
        assertTrue(process.store.sessions().all { it.isFinished })

        process.queue.resume(first.id)
        process.queue.awaitAll { it.step == FileStep.Done }
        assertEquals(listOf("a.wav" to false, "b.wav" to false), process.store.sessions().map { it.title to it.isCutOff })
    }

    @Test
    fun `a file that was analysed when the process died goes on in the next one, without any segment lost or twice`() = runBlocking {
        val held = HeldEngines(PackagedEngines(PackagedAssetSource(context), Emotion.labels))
        val dead = Process(held)
        dead.queue.add(listOf(file("a.wav"), file("b.wav")))
        eventually { held.isHeld && list.exists() && list.readText().contains("\"sessionId\":") }
        val id = dead.store.sessions().single().id
        val found = dead.store.segments(id).first()
        assertTrue(found.isNotEmpty())

        val next = Process(engines)
        assertTrue(next.queue.goOn())
        next.queue.awaitAll { it.step == FileStep.Done }
        val (first, second) = next.store.sessions()
        assertEquals(id to "b.wav", first.id to second.title)
        assertTrue(first.isFinished && !first.isCutOff && first.lengthMs == speech.size / 16L, "$first")
        val all = next.store.segments(id).first()
        assertEquals(found, all.take(found.size))
        assertEquals(next.store.segments(second.id).first().size, all.size)
        for ((one, other) in all.zipWithNext()) assertTrue(one.endMs <= other.startMs, "$one $other")
        held.go()
    }

    @Test
    fun `a file that ended the process several times waits until the user continues it`() = runBlocking {
        val uri = file("a.wav").toString()
        FileJobFile { list }.write(listOf(FileJob("a", uri, "a.wav", FileStep.Analysing(), starts = 3), FileJob("b", file("b.wav").toString())))
        val process = Process(engines)
        process.queue.goOn()
        eventually { process.queue.jobs.value.none { it.isPending } }
        val (first, second) = process.queue.jobs.value
        assertEquals(FileStep.Stopped(StopCause.Interrupted) to FileStep.Done, first.step to second.step)
        process.queue.dismiss()
        assertEquals(listOf(first), process.queue.jobs.value)
        process.queue.resume("a")
        process.queue.awaitAll { it.step == FileStep.Done }
        assertEquals(listOf("b.wav", "a.wav"), process.store.sessions().map { it.title })
    }

    @Test
    fun `what the system interrupts waits for the app to be on screen`() = runBlocking {
        val held = HeldEngines(engines)
        val process = Process(held)
        process.queue.add(listOf(file("a.wav"), file("b.wav")))
        eventually { held.isHeld }
        process.queue.interrupt()
        held.go()
        process.queue.awaitAll { (it.step as? FileStep.Stopped)?.cause == StopCause.Interrupted }
        assertTrue(process.store.sessions().single().run { isFinished && isCutOff })
        process.queue.goOnOnScreen()
        process.queue.awaitAll { it.step == FileStep.Done }
        assertEquals(2, process.served.size)
        assertFalse(process.store.sessions().any { it.isCutOff })
    }

    @Test
    fun `the right to read a chosen document is kept until it is analysed`() = runBlocking {
        val held = HeldEngines(engines)
        val process = Process(held)
        val file = file("a.wav")
        process.queue.add(listOf(file))
        fun kept() = context.contentResolver.persistedUriPermissions.map { it.uri }
        assertEquals(listOf(file), kept())
        held.go()
        process.queue.awaitAll { it.step == FileStep.Done }
        assertEquals(emptyList(), kept())
    }

    @Test
    fun `a list that no version can read is an empty one`() {
        list.writeText("[{\"id\":")
        assertEquals(emptyList(), FileJobFile { list }.read())
        val jobs = listOf(FileJob("a", "content://other/a", "a.wav", FileStep.Failed(FileProblem.TooLong(1)), sessionId = 3, starts = 1))
        FileJobFile { list }.write(jobs)
        assertEquals(jobs, FileJobFile { list }.read())
    }
}
