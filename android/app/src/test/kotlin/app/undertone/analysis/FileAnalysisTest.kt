package app.undertone.analysis

import android.content.Context
import android.database.sqlite.SQLiteFullException
import android.media.MediaFormat
import android.net.Uri
import androidx.test.core.app.ApplicationProvider
import app.undertone.asset.AssetProblem
import app.undertone.asset.EngineSource
import app.undertone.asset.PackagedEngines
import app.undertone.engine.EmotionEvent
import app.undertone.engine.EngineListener
import app.undertone.engine.StreamEngine
import app.undertone.engine.android.PackagedAssetSource
import app.undertone.files.OfferedFiles
import app.undertone.files.RecordingFollower
import app.undertone.history.FakeSessionStore
import app.undertone.live.FakeEngines
import app.undertone.model.Emotion
import app.undertone.model.Session
import app.undertone.model.SessionSource
import app.undertone.model.SpokenSegment
import app.undertone.model.zoneOffsetAt
import app.undertone.recording.eventually
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.Before
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import java.io.File
import java.nio.ByteBuffer
import java.nio.ByteOrder
import kotlin.concurrent.thread
import kotlin.math.abs
import kotlin.test.assertEquals
import kotlin.test.assertIs
import kotlin.test.assertTrue

@RunWith(RobolectricTestRunner::class)
class FileAnalysisTest {
    private val context = ApplicationProvider.getApplicationContext<Context>()
    private val sessions = FakeSessionStore()

    /** Two generated sentences: 16 kHz mono. */
    private val speech: ShortArray = File(System.getProperty("undertone.asset"), "golden/two_sentences.wav").readBytes().let { wav ->
        val samples = ByteBuffer.wrap(wav, 44, wav.size - 44).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer()
        ShortArray(samples.remaining()).also { samples.get(it) }
    }

    @Before
    fun offerFiles() = OfferedFiles.install()

    private fun realEngines() = PackagedEngines(PackagedAssetSource(context), Emotion.labels)

    private val follower = RecordingFollower()

    private fun analyse(file: Uri, engines: EngineSource): FileEnd = runBlocking {
        withTimeout(TIMEOUT_MS) { analysis(engines).analyse(file, null, follower) }
    }

    private fun analysis(engines: EngineSource, decoder: AudioDecoder = MediaAudioDecoder(context)) =
        FileAnalysis(decoder, engines, sessions, uptimeMs = { (uptimeMs + 1_000).also { uptimeMs = it } }, nowMs = { NOW_MS })

    /** So much time passes between two looks at the clock that every segment is stored at once. */
    private var uptimeMs = 0L

    /** The only recording, with its segments. */
    private fun stored(): Pair<Session, List<SpokenSegment>> = runBlocking {
        val session = sessions.summaries().first().single().session
        session to sessions.segments(session.id).first().map { it.copy(id = 0) }
    }

    private fun nothingIsStored() = runBlocking { sessions.summaries().first().isEmpty() }

    private fun forget() = runBlocking { sessions.deleteEverything() }

    private fun format(rateHz: Int, channels: Int = 1) = MediaFormat.createAudioFormat("audio/raw", rateHz, channels)

    /** The segments of the same samples through the engine alone. */
    private fun directly(engines: EngineSource, rateHz: Int, pcm: ShortArray = speech): List<SpokenSegment> {
        val segments = mutableListOf<SpokenSegment>()
        val listener = object : EngineListener {
            override fun onEvent(event: EmotionEvent) {
                if (event !is EmotionEvent.Segment) return
                segments += event.estimate.run {
                    SpokenSegment(0, event.startSample / 16, event.endSample / 16, Emotion.entries[labelIndex], probabilities, isUncertain)
                }
            }
        }
        engines.open().use {
            it.start(rateHz, 0, listener)
            it.accept(pcm)
            it.finish()
        }
        return segments
    }

    @Test
    fun `what is stored of a file is what the engine hears in the same samples, at any rate and with any number of channels`() {
        val engines = realEngines()
        val stereo = ShortArray(2 * speech.size) { speech[it / 2] }
        val files = listOf(
            16_000 to OfferedFiles.offerAudio("mono.wav", speech, format(16_000)),
            22_050 to OfferedFiles.offerAudio("stereo.m4a", stereo, format(22_050, channels = 2)),
        )
        for ((rateHz, file) in files) {
            forget()
            val end = assertIs<FileEnd.Done>(analyse(file, engines))
            val (session, segments) = stored()
            assertTrue(segments.isNotEmpty())
            assertEquals(directly(engines, rateHz), segments)
            val lengthMs = speech.size * 1000L / rateHz
            val name = file.lastPathSegment
            val expected = Session(end.sessionId, SessionSource.File, NOW_MS, lengthMs, title = name, isFinished = true, zoneOffset = here)
            assertEquals(expected, session)
        }
    }

    @Test
    fun `segments are stored while the file is analysed`() {
        val long = speech + ShortArray(16_000) + speech
        val seen = mutableListOf<Pair<Int, Boolean>>()
        val engines = Watched(realEngines()) {
            if (follower.sessionId != null) stored().let { (session, all) -> seen += all.size to session.isFinished }
        }
        assertIs<FileEnd.Done>(analyse(OfferedFiles.offerAudio("a.wav", long, format(16_000)), engines))
        assertTrue(seen.first().first in 1 until stored().second.size, "$seen")
        assertTrue(seen.none { (_, isFinished) -> isFinished })
        assertEquals(directly(realEngines(), 16_000, long), stored().second)
    }

    @Test
    fun `a file that is cancelled keeps what was found, as cut off, and goes on behind it when it is asked to`() = runBlocking {
        val long = speech + ShortArray(16_000) + speech
        val file = OfferedFiles.offerAudio("a.wav", long, format(16_000))
        val engines = realEngines()
        val work = launch { analysis(engines).analyse(file, null, follower) }
        follower.onSession = { work.cancel() }
        withTimeout(TIMEOUT_MS) { work.join() }
        val (cut, found) = stored()
        assertTrue(cut.isFinished && cut.isCutOff && cut.lengthMs in 1 until long.size / 16L, "$cut")
        assertTrue(found.isNotEmpty())

        follower.onSession = {}
        assertEquals(FileEnd.Done(cut.id), withTimeout(TIMEOUT_MS) { analysis(engines).analyse(file, cut.id, follower) })
        val (whole, all) = stored()
        assertTrue(whole.isFinished && !whole.isCutOff && whole.lengthMs == long.size / 16L, "$whole")
        assertEquals(found, all.take(found.size))
        assertContinues(directly(engines, 16_000, long), all)
    }

    @Test
    fun `a recording that takes the engine in the middle of a file makes it go on behind what is stored`() {
        val long = speech + ShortArray(16_000) + speech
        val engines = realEngines()
        var isRecorded = false
        lateinit var preempt: () -> Unit
        val preempting = object : EngineSource by engines {
            override fun open(onPreempted: (() -> Unit)?): StreamEngine {
                preempt = onPreempted!!
                return engines.open(onPreempted)
            }
        }
        follower.onSession = {
            isRecorded = true
            preempt()
        }
        assertIs<FileEnd.Done>(analyse(OfferedFiles.offerAudio("a.wav", long, format(16_000)), preempting))
        assertTrue(isRecorded)
        assertTrue(follower.progress.any { it.isWaiting && it.analysedMs > 0 }, "${follower.progress}")
        assertContinues(directly(engines, 16_000, long), stored().second)
    }

    /** Begun anew, the engine finds the same speech: only the place where it begins to listen moves edges by some frames. */
    private fun assertContinues(expected: List<SpokenSegment>, found: List<SpokenSegment>) {
        assertEquals(expected.size, found.size, "$expected\n$found")
        for ((one, other) in expected.zip(found)) {
            assertTrue(abs(one.startMs - other.startMs) <= EDGE_MS && abs(one.endMs - other.endMs) <= EDGE_MS, "$one\n$other")
        }
        for ((one, next) in found.zipWithNext()) assertTrue(one.endMs <= next.startMs, "$one\n$next")
    }

    @Test
    fun `what is deleted while it is analysed is not wanted`() {
        val long = speech + ShortArray(16_000) + speech
        follower.onSession = { runBlocking { sessions.delete(it) } }
        assertEquals(FileEnd.Deleted, analyse(OfferedFiles.offerAudio("a.wav", long, format(16_000)), realEngines()))
    }

    @Test
    fun `a recording takes the engine from a file, which says so and is analysed from its start behind it`() {
        val engines = realEngines()
        val file = OfferedFiles.offerAudio("a.wav", speech, format(16_000))
        var isFirst = true
        val preempting = object : EngineSource by engines {
            override fun open(onPreempted: (() -> Unit)?): StreamEngine {
                val engine = engines.open(onPreempted)
                if (isFirst) {
                    isFirst = false
                    thread { engines.open().close() } // a recording
                    onPreempted!!()
                }
                return engine
            }
        }
        val analysis = FileAnalysis(MediaAudioDecoder(context), preempting, sessions, isRecording = { !isFirst }, nowMs = { NOW_MS })
        val end = runBlocking { withTimeout(TIMEOUT_MS) { analysis.analyse(file, null, follower) } }
        assertTrue(follower.progress.any { it.isWaiting }, "${follower.progress}")
        assertIs<FileEnd.Done>(end)
        assertEquals(directly(engines, 16_000), stored().second)
    }

    @Test
    fun `a result that finds no room is said`() {
        sessions.failure = SQLiteFullException("full")
        val file = OfferedFiles.offerAudio("a.wav", speech, format(16_000))
        assertEquals(FileEnd.Failed(FileProblem.NotStored), analyse(file, realEngines()))
    }

    @Test
    fun `a slow engine makes the decoder wait, and hears every sample`() {
        val engines = FakeEngines(onChunk = { Thread.sleep(1) })
        val file = OfferedFiles.offerAudio("a.wav", speech, format(16_000))
        assertEquals(FileEnd.Failed(FileProblem.NoSpeech), analyse(file, engines))
        assertEquals(speech.asList(), engines.recognised)
        assertTrue(engines.isFinished && engines.isClosed)
        assertTrue(nothingIsStored())
    }

    @Test
    fun `progress names the file, grows by the second and knows the length`() {
        val format = format(16_000).apply { setLong(MediaFormat.KEY_DURATION, 6_000_000) }
        analyse(OfferedFiles.offerAudio("a.wav", speech, format), FakeEngines())
        val progress = follower.progress
        assertEquals(setOf<String?>("a.wav"), follower.names)
        assertTrue(progress.all { it.lengthMs == 6_000L })
        assertEquals(progress.map { it.analysedMs }.sorted(), progress.map { it.analysedMs })
        assertEquals((0L..speech.size / 16_000L).toList(), progress.map { it.analysedMs / 1_000 }.distinct())
    }

    @Test
    fun `a file without samples, one that is too long, and one at a rate that no recorder has are refused`() {
        fun endOf(pcm: ShortArray, format: MediaFormat, engines: EngineSource = FakeEngines()) =
            analyse(OfferedFiles.offerAudio("${pcm.size}-${format.hashCode()}.wav", pcm, format), engines)

        val long = format(16_000).apply { setLong(MediaFormat.KEY_DURATION, 3 * 3_600_000_000L + 1_000) }
        assertEquals(FileEnd.Failed(FileProblem.Empty), endOf(ShortArray(0), format(16_000)))
        assertEquals(FileEnd.Failed(FileProblem.TooLong(limitMs = 10_800_000)), endOf(speech, long))
        assertEquals(FileEnd.Failed(FileProblem.NotAudio), endOf(speech, format(500), realEngines()))
    }

    @Test
    fun `a file that only turns out to be too long is not heard to its end`() {
        val endless = object : DecodedAudio {
            override val name = null
            override val lengthMs = null

            override fun next() = PcmBlock(ShortArray(1_000 * 600), 1_000 * 600, rateHz = 1_000)

            override fun close() = Unit
        }
        val end = runBlocking { analysis(FakeEngines(), { endless }).analyse(Uri.EMPTY, null, follower) }
        assertEquals(FileEnd.Failed(FileProblem.TooLong(limitMs = 10_800_000)), end)
    }

    @Test
    fun `what comes before a file breaks off is stored, and that it is cut short`() {
        fun breaking(atBlock: Int) = AudioDecoder {
            object : DecodedAudio by MediaAudioDecoder(context).open(it) {
                private val whole = MediaAudioDecoder(context).open(it)
                private var blocks = 0

                override fun next(): PcmBlock? = if (blocks++ == atBlock) throw AudioFileException(FileProblem.Damaged) else whole.next()
            }
        }
        val file = OfferedFiles.offerAudio("a.wav", speech + speech, format(16_000))
        val blocks = MediaAudioDecoder(context).open(file).use { audio -> generateSequence { audio.next() }.count() }
        fun endOf(atBlock: Int) = runBlocking {
            withTimeout(TIMEOUT_MS) { analysis(realEngines(), breaking(atBlock)).analyse(file, null, follower) }
        }
        assertIs<FileEnd.Done>(endOf(atBlock = blocks - 1))
        assertTrue(stored().first.isCutOff)
        assertTrue(stored().second.isNotEmpty())
        forget()
        assertEquals(FileEnd.Failed(FileProblem.Damaged), endOf(atBlock = 0))
    }

    @Test
    fun `a model that cannot be used is said`() {
        val file = OfferedFiles.offerAudio("a.wav", speech, format(16_000))
        assertEquals(
            FileEnd.Failed(FileProblem.Engine(AssetProblem.NoRuntime)),
            analyse(file, FakeEngines(problem = AssetProblem.NoRuntime)),
        )
    }

    @Test
    fun `a file that is given up frees the engine, also one that another recording still holds`() = runBlocking {
        val engines = realEngines()
        val file = OfferedFiles.offerAudio("a.wav", speech, format(16_000))
        val begun = launch { analysis(engines).analyse(file, null, follower) }
        eventually { follower.progress.isNotEmpty() }
        begun.cancelAndJoin()
        forget()

        val held = engines.open()
        val waiting = launch { analysis(engines).analyse(file, null, follower) }
        delay(200)
        waiting.cancel()
        withTimeout(TIMEOUT_MS) { waiting.join() }
        held.close()

        engines.open().close() // waits for ever where one of them kept its turn
        assertTrue(nothingIsStored())
    }

    private val here = zoneOffsetAt(NOW_MS)

    private companion object {
        const val NOW_MS = 1_700_000_000_000
        const val TIMEOUT_MS = 60_000L

        /** Eight frames: which of them the speech network rests in depends on where it begins. */
        const val EDGE_MS = 256
    }

    /** Calls [onAccept] before each block of audio. */
    private class Watched(private val engines: EngineSource, private val onAccept: () -> Unit) : EngineSource by engines {
        override fun open(onPreempted: (() -> Unit)?): StreamEngine {
            val engine = engines.open(onPreempted)
            return object : StreamEngine by engine {
                override fun accept(pcm: ShortArray, length: Int) {
                    onAccept()
                    engine.accept(pcm, length)
                }
            }
        }
    }
}
