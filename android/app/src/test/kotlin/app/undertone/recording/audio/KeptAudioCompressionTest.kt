package app.undertone.recording.audio

import android.app.Application
import android.media.MediaCodec
import android.media.MediaCrypto
import android.media.MediaFormat
import android.view.Surface
import app.undertone.history.FakeSessionStore
import app.undertone.history.HistorySamples
import app.undertone.model.KeptAudioFormat
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import org.junit.After
import org.junit.Before
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config
import org.robolectric.annotation.Implementation
import org.robolectric.annotation.Implements
import org.robolectric.shadows.ShadowMediaCodec
import org.robolectric.shadows.ShadowMediaCodec.CodecConfig
import java.io.File
import java.io.IOException
import java.nio.ByteBuffer
import kotlin.random.Random
import kotlin.test.assertContentEquals
import kotlin.test.assertEquals

/** The encoder is Robolectric's, with a codec of the test's; its muxer writes what it gets, so that the file is what the codec gave. */
@RunWith(RobolectricTestRunner::class)
@Config(application = Application::class)
class KeptAudioCompressionTest {
    @get:Rule
    val folder = TemporaryFolder()

    @get:Rule
    val noBackup = TemporaryFolder()

    private val store = FakeSessionStore()
    private val noise = Random(3).run { ShortArray(40_001) { nextInt(-32_768, 32_768).toShort() } }
    private val pcm = ByteArray(2 * noise.size) { (noise[it / 2].toInt() shr (it % 2 * 8)).toByte() }
    private var freeBytes = 1_000_000_000L

    /** What reads the file back finds. */
    private var decodedMs: (File) -> Long = { it.length() / 32 }

    @Before
    fun offerCodec() = encodeWith(PassThrough())

    @After
    fun takeCodecBack() = ShadowMediaCodec.clearCodecs()

    private fun encodeWith(codec: CodecConfig.Codec, inputBytes: Int = 4_096) =
        ShadowMediaCodec.addEncoder(MediaFormat.MIMETYPE_AUDIO_AAC, CodecConfig(inputBytes, 300_000, codec))

    private open class PassThrough : CodecConfig.Codec {
        override fun process(input: ByteBuffer, output: ByteBuffer) {
            output.put(input)
        }

        override fun onConfigured(format: MediaFormat?, surface: Surface?, crypto: MediaCrypto?, flags: Int) = Unit
    }

    private fun record(name: String, isFinished: Boolean = true): Long {
        KeptAudioWriter(File(folder.root, name)).use { writer ->
            writer.start(16_000)
            writer.write(noise, noise.size)
        }
        return store.put(HistorySamples.session(audioFile = name, isFinished = isFinished))
    }

    private fun failures(version: String = "1") = CompressionFailures({ File(noBackup.root, "compression.json") }, { version })

    private fun newProcess(version: String = "1") =
        KeptAudioCompression(store, { folder.root }, { freeBytes }, failures(version)) { decodedMs(it) }

    private fun compress(by: KeptAudioCompression = newProcess()) = runBlocking(Dispatchers.Default) { by.compressWaiting() }

    private fun audioOf(id: Long) = runBlocking { store.session(id).first()?.audioFile }

    private val files get() = folder.root.list().orEmpty().sorted()

    private fun assertStays(id: Long, name: String, why: String) {
        assertEquals(name, audioOf(id), why)
        assertEquals(listOf(name), files, why)
        assertContentEquals(pcm, File(folder.root, name).readBytes().drop(44).toByteArray(), why)
    }

    @Test
    fun `every sample is encoded once and in order, whatever the codec's buffers, and only then the WAV goes`() {
        for (inputBytes in listOf(2_048, 777, 3, 200_000)) {
            encodeWith(PassThrough(), inputBytes)
            val id = record("$inputBytes.pending.wav")
            compress()
            assertEquals("$inputBytes.m4a", audioOf(id))
            assertEquals(listOf("$inputBytes.m4a"), files)
            val file = File(folder.root, "$inputBytes.m4a")
            assertContentEquals(pcm, file.readBytes())
            file.delete()
            runBlocking { store.deleteEverything() }
        }
    }

    @Test
    fun `what the codec still holds at the end of the stream is in the file`() {
        encodeWith(
            object : PassThrough() {
                private var held = ByteArray(0)

                override fun process(input: ByteBuffer, output: ByteBuffer) {
                    output.put(held)
                    held = ByteArray(input.remaining()).also(input::get)
                }
            },
        )
        val id = record("1.pending.wav")
        compress()
        assertEquals("1.m4a", audioOf(id))
        assertContentEquals(pcm, File(folder.root, "1.m4a").readBytes())
    }

    @Test
    fun `a codec that throws leaves the WAV whole, is not asked again, and the next process tries again`() {
        var asked = 0
        encodeWith(
            object : PassThrough() {
                override fun process(input: ByteBuffer, output: ByteBuffer) {
                    if (++asked % 5 == 0) throw IllegalStateException("the codec died")
                    super.process(input, output)
                }
            },
        )
        val id = record("1.pending.wav")
        val process = newProcess()
        compress(process)
        assertStays(id, "1.pending.wav", "threw")
        compress(process)
        assertEquals(5, asked)
        encodeWith(PassThrough())
        compress()
        assertEquals("1.m4a" to listOf("1.m4a"), audioOf(id) to files)
    }

    /** Counts what it is asked, and dies of it. */
    private class DyingCodec : PassThrough() {
        var asked = 0

        override fun process(input: ByteBuffer, output: ByteBuffer) {
            asked++
            throw IllegalStateException("the codec died")
        }
    }

    @Test
    fun `a codec that always fails is asked by three processes, and again after an update`() {
        val dying = DyingCodec()
        encodeWith(dying)
        val id = record("1.pending.wav")
        repeat(5) { start ->
            compress()
            assertEquals(minOf(start + 1, 3), dying.asked)
            assertEquals(if (start < 2) emptySet() else setOf("1.pending.wav"), failures().givenUp())
        }
        assertStays(id, "1.pending.wav", "given up")
        assertEquals(emptySet(), failures("2").givenUp())
        compress(newProcess("2"))
        assertEquals(4, dying.asked)

        encodeWith(PassThrough())
        compress(newProcess("3"))
        assertEquals("1.m4a" to listOf("1.m4a"), audioOf(id) to files)
    }

    @Test
    fun `another recording is tried though one is given up, and what is deleted is forgotten`() {
        encodeWith(DyingCodec())
        val bad = record("1.pending.wav")
        repeat(3) { compress() }
        encodeWith(PassThrough())
        val good = record("2.pending.wav")
        compress()
        assertEquals("1.pending.wav" to "2.m4a", audioOf(bad) to audioOf(good))
        runBlocking { store.deleteAudio(bad) }
        compress()
        assertEquals("""{"version":"1","counts":{}}""", File(noBackup.root, "compression.json").readText())
    }

    @Test
    fun `failures that cannot be read are none, and a disk that takes none is no reason to fail`() {
        File(noBackup.root, "compression.json").writeText("[")
        assertEquals(emptySet(), failures().givenUp())
        val nowhere = CompressionFailures({ File(noBackup.root, "compression.json/below") }, { "1" })
        encodeWith(DyingCodec())
        val id = record("1.pending.wav")
        compress(KeptAudioCompression(store, { folder.root }, { freeBytes }, nowhere) { decodedMs(it) })
        assertStays(id, "1.pending.wav", "no place for a count")
    }

    @Test
    fun `a file that does not read back to its end replaces nothing`() {
        val id = record("1.pending.wav")
        val readings = listOf<(File) -> Long>(
            { it.length() / 32 - 151 },
            { 0 },
            { throw IOException("no moov atom") },
            { throw IllegalStateException("the extractor died") },
        )
        readings.forEachIndexed { index, reading ->
            decodedMs = reading
            compress()
            assertStays(id, "1.pending.wav", "reading $index")
        }
    }

    @Test
    @Config(shadows = [HangingCodec::class])
    fun `a codec that never comes to an end leaves the WAV`() {
        val id = record("1.pending.wav")
        compress()
        assertStays(id, "1.pending.wav", "hung")
    }

    @Implements(MediaCodec::class)
    class HangingCodec : ShadowMediaCodec() {
        @Implementation
        override fun native_dequeueOutputBuffer(info: MediaCodec.BufferInfo?, timeoutUs: Long): Int = MediaCodec.INFO_TRY_AGAIN_LATER
    }

    @Test
    fun `what is deleted meanwhile is not there afterwards`() {
        val id = record("1.pending.wav")
        decodedMs = { part ->
            runBlocking { store.deleteAudio(id) }
            File(folder.root, "1.pending.wav").delete()
            part.length() / 32
        }
        compress()
        assertEquals(null to emptyList(), audioOf(id) to files)
    }

    @Test
    fun `a process that dies at any moment leaves one whole file for the next`() {
        // Before the compressed file was whole.
        val early = record("1.pending.wav")
        File(folder.root, "1.m4a.part").writeText("no moov atom")
        // When it had its name, and the recording did not know of it.
        val middle = record("2.pending.wav")
        File(folder.root, "2.m4a").writeText("of the process before")
        // When the recording knew of it, and the WAV was still there.
        val late = record("3.pending.wav")
        File(folder.root, "3.m4a").writeBytes(pcm)
        runBlocking { store.replaceAudio(late, "3.pending.wav", "3.m4a") }
        // When the levels of audio lay beside it, and of some that was deleted.
        listOf("3.m4a.levels", "4.m4a.levels", "3.m4a.levels.part").forEach { File(folder.root, it).writeText("levels") }
        compress()
        assertEquals(listOf("1.m4a", "2.m4a", "3.m4a", "3.m4a.levels"), files)
        File(folder.root, "3.m4a.levels").delete()
        assertEquals(files, listOf(early, middle, late).map(::audioOf))
        for (name in files) assertContentEquals(pcm, File(folder.root, name).readBytes(), name)
    }

    @Test
    fun `a recording that goes on, one that is to stay WAV and one without a file are left alone, and a full disk is no place for a second file`() {
        val open = record("1.pending.wav", isFinished = false)
        val wav = record("2.wav")
        store.put(HistorySamples.session(audioFile = "3.pending.wav"))
        compress()
        assertEquals(listOf("1.pending.wav", "2.wav"), files)
        assertEquals("1.pending.wav" to "2.wav", audioOf(open) to audioOf(wav))

        val full = record("4.pending.wav")
        freeBytes = 40_000_000
        val process = newProcess()
        compress(process)
        assertEquals("4.pending.wav", audioOf(full))
        freeBytes = 41_000_000
        compress(process)
        assertEquals("4.m4a", audioOf(full))
    }

    @Test
    fun `names say what a file is and whether it waits`() {
        assertEquals("5.wav" to null, KeptAudioFormat.Wav.recordedName(5).let { it to KeptAudioFormat.compressedName(it) })
        assertEquals("5.pending.wav" to "5.m4a", KeptAudioFormat.Aac.recordedName(5).let { it to KeptAudioFormat.compressedName(it) })
        assertEquals(listOf(KeptAudioFormat.Wav, KeptAudioFormat.Aac, null), listOf("5.pending.wav", "5.m4a", "5.m4a.part").map(KeptAudioFormat::of))
    }
}
