package app.undertone.files

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
import app.undertone.history.Session
import app.undertone.history.SessionSource
import app.undertone.history.SpokenSegment
import app.undertone.live.Emotion
import app.undertone.live.FakeEngines
import app.undertone.model.zoneOffsetAt
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.last
import kotlinx.coroutines.flow.toList
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
import kotlin.test.assertEquals
import kotlin.test.assertIs
import kotlin.test.assertTrue

@RunWith(RobolectricTestRunner::class)
class FileSessionTest {
    private val context = ApplicationProvider.getApplicationContext<Context>()
    private val sessions = StoredSessions()

    /** Two generated sentences: 16 kHz mono. */
    private val speech: ShortArray = File(System.getProperty("undertone.asset"), "golden/two_sentences.wav").readBytes().let { wav ->
        val samples = ByteBuffer.wrap(wav, 44, wav.size - 44).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer()
        ShortArray(samples.remaining()).also { samples.get(it) }
    }

    @Before
    fun offerFiles() = OfferedFiles.install()

    private fun realEngines() = PackagedEngines(PackagedAssetSource(context), Emotion.labels)

    private fun hear(file: Uri, engines: EngineSource): List<FileProgress> = runBlocking {
        withTimeout(TIMEOUT_MS) { session(engines).hear(file).toList() }
    }

    private fun session(engines: EngineSource, decoder: AudioDecoder = MediaAudioDecoder(context)) =
        FileSession(decoder, engines, sessions, nowMs = { NOW_MS })

    private fun format(rateHz: Int, channels: Int = 1) = MediaFormat.createAudioFormat("audio/raw", rateHz, channels)

    /** The segments of the same samples through the engine alone. */
    private fun directly(engines: EngineSource, rateHz: Int): List<SpokenSegment> {
        val segments = mutableListOf<SpokenSegment>()
        val listener = object : EngineListener {
            override fun onEvent(event: EmotionEvent) {
                if (event !is EmotionEvent.Segment) return
                segments += event.smoothed.run {
                    SpokenSegment(0, event.startSample / 16, event.endSample / 16, Emotion.entries[labelIndex], probabilities, isUncertain)
                }
            }
        }
        engines.open().use {
            it.start(rateHz, 0, listener)
            it.accept(speech)
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
            sessions.segments.clear()
            val last = assertIs<FileProgress.Done>(hear(file, engines).last())
            assertTrue(sessions.segments.isNotEmpty())
            assertEquals(directly(engines, rateHz), sessions.segments.toList())
            val lengthMs = speech.size * 1000L / rateHz
            val stored = Session(0, SessionSource.File, NOW_MS, lengthMs, title = file.lastPathSegment, isFinished = true, zoneOffset = here)
            assertEquals(stored, sessions.sessions[last.sessionId.toInt() - 1])
        }
    }

    @Test
    fun `a recording takes the engine from a file, which says so and is analysed from its start behind it`() {
        val engines = realEngines()
        val file = OfferedFiles.offerAudio("a.wav", speech, format(16_000))
        var isFirst = true
        val preempting = object : EngineSource by engines {
            override fun open(onPreempted: (() -> Unit)?): StreamEngine {
                if (!isFirst) Thread.sleep(200) // progress is conflated: who waits is seen waiting
                val engine = engines.open(onPreempted)
                if (isFirst) {
                    isFirst = false
                    thread { engines.open().close() } // a recording
                    onPreempted!!()
                }
                return engine
            }
        }
        val session = FileSession(MediaAudioDecoder(context), preempting, sessions, isRecording = { !isFirst }, nowMs = { NOW_MS })
        val progress = runBlocking { withTimeout(TIMEOUT_MS) { session.hear(file).toList() } }
        assertTrue(FileProgress.Waiting(file.lastPathSegment) in progress, "$progress")
        assertIs<FileProgress.Done>(progress.last())
        assertEquals(directly(engines, 16_000), sessions.segments.toList())
    }

    @Test
    fun `a result that finds no room is said`() {
        sessions.failure = SQLiteFullException("full")
        val file = OfferedFiles.offerAudio("a.wav", speech, format(16_000))
        assertEquals(FileProgress.Failed(FileProblem.NotStored), hear(file, realEngines()).last())
    }

    @Test
    fun `a slow engine makes the decoder wait, and hears every sample`() {
        val engines = FakeEngines(onChunk = { Thread.sleep(1) })
        val file = OfferedFiles.offerAudio("a.wav", speech, format(16_000))
        assertEquals(FileProgress.Failed(FileProblem.NoSpeech), hear(file, engines).last())
        assertEquals(speech.asList(), engines.heard)
        assertTrue(engines.isFinished && engines.isClosed)
        assertTrue(sessions.sessions.isEmpty())
    }

    @Test
    fun `progress names the file, grows by the second and knows the length`() {
        val format = format(16_000).apply { setLong(MediaFormat.KEY_DURATION, 6_000_000) }
        val progress = hear(OfferedFiles.offerAudio("a.wav", speech, format), FakeEngines(onChunk = { Thread.sleep(1) }))
            .filterIsInstance<FileProgress.Hearing>()
        assertTrue(progress.all { it.name == "a.wav" && it.lengthMs == 6_000L })
        assertEquals(progress.map { it.heardMs }.sorted(), progress.map { it.heardMs })
        assertEquals(speech.size / 16_000L, progress.last().heardMs / 1_000)
    }

    @Test
    fun `a file without samples, one that is too long, and one at a rate that no recorder has are refused`() {
        fun lastOf(pcm: ShortArray, format: MediaFormat, engines: EngineSource = FakeEngines()) =
            hear(OfferedFiles.offerAudio("${pcm.size}-${format.hashCode()}.wav", pcm, format), engines).last()

        val long = format(16_000).apply { setLong(MediaFormat.KEY_DURATION, 3 * 3_600_000_000L + 1_000) }
        assertEquals(FileProgress.Failed(FileProblem.Empty), lastOf(ShortArray(0), format(16_000)))
        assertEquals(FileProgress.Failed(FileProblem.TooLong(limitMs = 10_800_000)), lastOf(speech, long))
        assertEquals(FileProgress.Failed(FileProblem.NotAudio), lastOf(speech, format(500), realEngines()))
    }

    @Test
    fun `a file that only turns out to be too long is not heard to its end`() {
        val endless = object : DecodedAudio {
            override val name = null
            override val lengthMs = null

            override fun next() = PcmBlock(ShortArray(1_000 * 600), 1_000 * 600, rateHz = 1_000)

            override fun close() = Unit
        }
        val last = runBlocking { session(FakeEngines(), { endless }).hear(Uri.EMPTY).last() }
        assertEquals(FileProgress.Failed(FileProblem.TooLong(limitMs = 10_800_000)), last)
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
        fun lastOf(atBlock: Int) = runBlocking { withTimeout(TIMEOUT_MS) { session(realEngines(), breaking(atBlock)).hear(file).last() } }
        assertIs<FileProgress.Done>(lastOf(atBlock = blocks - 1))
        assertTrue(sessions.sessions.single().isCutOff)
        assertTrue(sessions.segments.isNotEmpty())
        assertEquals(FileProgress.Failed(FileProblem.Damaged), lastOf(atBlock = 0))
    }

    @Test
    fun `a model that cannot be used is said`() {
        val file = OfferedFiles.offerAudio("a.wav", speech, format(16_000))
        assertEquals(
            FileProgress.Failed(FileProblem.Engine(AssetProblem.NoRuntime)),
            hear(file, FakeEngines(problem = AssetProblem.NoRuntime)).last(),
        )
    }

    @Test
    fun `a file that is given up frees the engine, also one that another recording still holds, and stores nothing`() = runBlocking {
        val engines = realEngines()
        val file = OfferedFiles.offerAudio("a.wav", speech, format(16_000))
        session(engines).hear(file).first()

        val held = engines.open()
        val waiting = launch { session(engines).hear(file).collect {} }
        delay(200)
        waiting.cancel()
        withTimeout(TIMEOUT_MS) { waiting.join() }
        held.close()

        engines.open().close() // waits for ever where one of them kept its turn
        assertTrue(sessions.sessions.isEmpty())
    }

    private val here = zoneOffsetAt(NOW_MS)

    private companion object {
        const val NOW_MS = 1_700_000_000_000
        const val TIMEOUT_MS = 60_000L
    }
}
