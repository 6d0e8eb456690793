package app.undertone.recording.audio

import app.undertone.RecordedSpeech
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder
import java.io.File
import java.nio.ByteBuffer
import java.nio.ByteOrder
import kotlin.concurrent.thread
import kotlin.math.PI
import kotlin.math.abs
import kotlin.math.sin
import kotlin.random.Random
import kotlin.test.assertContentEquals
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertTrue

class KeptAudioWriterTest {
    @get:Rule
    val folder = TemporaryFolder()

    private val file get() = File(folder.root, "audio/1.wav")
    private val noise = Random(3).run { ShortArray(40_000) { nextInt(-32_768, 32_768).toShort() } }

    @Test
    fun `what was written is what is read, whatever the chunks`() {
        KeptAudioWriter(file).use { writer ->
            writer.start(16_000)
            noise.asList().chunked(777).forEach { writer.write(it.toShortArray(), it.size) }
        }
        assertContentEquals(noise, read(file))
        assertEquals(44 + 80_000L, file.length())
    }

    @Test
    fun `a process that dies leaves a valid file that lacks less than a second`() {
        val writer = KeptAudioWriter(file)
        writer.start(16_000)
        noise.asList().chunked(512).forEach { writer.write(it.toShortArray(), it.size) }
        val left = File(folder.root, "left.wav").also { file.copyTo(it) }
        writer.close()

        val recognised = read(left)
        assertTrue(recognised.size in noise.size - 15_999..noise.size, "${recognised.size} samples")
        assertContentEquals(noise.copyOf(recognised.size), recognised)
    }

    @Test
    fun `a loss is silence in its place, at the end too`() {
        KeptAudioWriter(file).use { writer ->
            writer.start(16_000)
            writer.write(noise, 100)
            writer.skip(20_000)
            writer.write(noise, 50)
            writer.skip(30)
        }
        assertContentEquals(noise.copyOf(100) + ShortArray(20_000) + noise.copyOf(50) + ShortArray(30), read(file))
    }

    @Test
    fun `another take goes on behind the first`() {
        KeptAudioWriter(file).use { writer ->
            writer.start(16_000)
            writer.write(noise, 100)
            writer.flush()
            writer.start(16_000)
            writer.write(noise, 200)
        }
        assertContentEquals(noise.copyOf(100) + noise.copyOf(200), read(file))
    }

    @Test
    fun `a microphone at another rate gives the same sound at the rate of the file`() {
        fun tone(rateHz: Int) = ShortArray(rateHz) { (16_384 * sin(2 * PI * 440 * it / rateHz)).toInt().toShort() }
        KeptAudioWriter(file).use { writer ->
            writer.start(48_000)
            tone(48_000).asList().chunked(1_536).forEach { writer.write(it.toShortArray(), it.size) }
        }
        val recognised = read(file)
        val expected = tone(16_000)
        assertEquals(expected.size, recognised.size)
        // Away from the edges, where the filter meets silence; 0.1 % of full scale.
        for (i in 200 until recognised.size - 200) assertTrue(abs(expected[i] - recognised[i]) < 33, "at $i: ${recognised[i]} for ${expected[i]}")
    }

    @Test
    fun `a disk that takes nothing is an error by name`() {
        file.mkdirs()
        val error = assertFailsWith<KeptAudioException> { KeptAudioWriter(file).start(16_000) }
        assertTrue(error.message!!.startsWith("1.wav cannot be written"), error.message)
    }

    @Test
    fun `a writer that is closed while another thread writes leaves a whole file, and writes no more`() {
        val writer = KeptAudioWriter(file)
        writer.start(16_000)
        val writing = thread { repeat(2_000) { writer.write(noise, 512) } }
        while (file.length() < 100_000) Thread.sleep(1)
        writer.close()
        val recognised = read(file)
        file.delete()
        writing.join()
        writer.skip(100)
        writer.flush()
        assertFalse(file.exists())
        for (i in recognised.indices) assertEquals(noise[i % 512], recognised[i])
    }

    @Test
    fun `a recording that never started leaves no file`() {
        KeptAudioWriter(file).close()
        assertFalse(file.exists())
    }

    private fun read(wav: File): ShortArray {
        val header = ByteBuffer.wrap(wav.readBytes()).order(ByteOrder.LITTLE_ENDIAN)
        val names = listOf(0, 8, 12, 36).map { at -> String(CharArray(4) { header.get(at + it).toInt().toChar() }) }
        assertEquals(listOf("RIFF", "WAVE", "fmt ", "data"), names)
        // The canonical header: the size of the format, PCM, mono, 16 kHz, bytes a second, bytes a sample, bits.
        assertEquals(listOf(16, 16_000, 32_000), listOf(16, 24, 28).map(header::getInt))
        assertEquals(listOf<Short>(1, 1, 2, 16), listOf(20, 22, 32, 34).map(header::getShort))
        val samples = RecordedSpeech.readWav(wav)
        assertEquals(36 + 2 * samples.size, header.getInt(4))
        return samples
    }
}
