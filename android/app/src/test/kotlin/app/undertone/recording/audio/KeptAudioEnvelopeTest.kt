package app.undertone.recording.audio

import app.undertone.analysis.AudioDecoder
import app.undertone.analysis.DecodedAudio
import app.undertone.analysis.PcmBlock
import app.undertone.analysis.envelope
import app.undertone.model.SILENCE_DBFS
import app.undertone.model.summary.RibbonWindow
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import java.io.File
import java.io.IOException
import kotlin.math.PI
import kotlin.math.sin
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertTrue

@RunWith(RobolectricTestRunner::class)
class KeptAudioEnvelopeTest {
    @get:Rule
    val folder = TemporaryFolder()

    /** A second of a tone for each of [amplitudes]; full scale = 1. */
    private fun kept(vararg amplitudes: Double): File = folder.newFile().also { file ->
        KeptAudioWriter(file).use { writer ->
            writer.start(16_000)
            for (amplitude in amplitudes) {
                writer.write(ShortArray(16_000) { (32_767 * amplitude * sin(2 * PI * 440 * it / 16_000)).toInt().toShort() }, 16_000)
            }
        }
    }

    @Test
    fun `the level is that of the audio, second by second`() {
        val levels = keptAudioEnvelope(kept(1.0, 0.1, 0.0, 0.01)).columns(RibbonWindow(0, 4_000), columns = 4)
        // A sine's root mean square lies 3 dB below its peak.
        listOf(-3f, -23f, SILENCE_DBFS, -43f).zip(levels.asList()) { expected, level -> assertEquals(expected, level, 0.5f) }
    }

    @Test
    fun `a column has its loudest moment, at any zoom, and silence behind the end`() {
        val envelope = keptAudioEnvelope(kept(0.0, 1.0))
        assertEquals(listOf(-3f, SILENCE_DBFS), envelope.columns(RibbonWindow(0, 4_000), columns = 2).map { if (it > -4f) -3f else it })
        // Narrower than what was measured.
        assertTrue(envelope.columns(RibbonWindow(1_500, 1_540), columns = 20).all { it > -4f })
    }

    @Test
    fun `a long recording is not read whole, and keeps its length`() {
        val file = folder.newFile()
        KeptAudioWriter(file).use { writer ->
            writer.start(16_000)
            writer.skip(16_000L * 7_200)
            repeat(4) { writer.write(ShortArray(16_000) { if (it % 2 == 0) 16_384 else -16_384 }, 16_000) }
        }
        val levels = keptAudioEnvelope(file).columns(RibbonWindow(0, 7_204_000), columns = 7_204)
        assertEquals(SILENCE_DBFS, levels.dropLast(6).max())
        assertTrue(levels.takeLast(6).max() > -7f)
    }

    @Test
    fun `a missing file is said, and one without samples is silent`() {
        assertFailsWith<IOException> { keptAudioEnvelope(folder.root.resolve("gone.wav")) }
        assertEquals(listOf(SILENCE_DBFS), keptAudioEnvelope(kept()).columns(RibbonWindow(0, 1_000), columns = 1).asList())
    }

    @Test
    fun `compressed audio is decoded once, and again only where its levels are of no use`() {
        val audio = folder.newFile("1.m4a").also { it.writeText("moov") }
        val levels = folder.root.resolve("1.m4a.levels")
        var decoded = 0
        fun shown(): List<Float> {
            val envelope = keptLevels(audio) { keptAudioEnvelope(kept(1.0, 0.1, 0.0)).also { decoded++ } }
            return envelope.columns(RibbonWindow(0, 3_000), columns = 3).asList()
        }
        val first = shown()
        repeat(2) { shown().zip(first) { again, once -> assertEquals(once, again, 0.26f) } }
        assertEquals(1, decoded)
        audio.appendText("of another recording")
        assertEquals(first to 2, shown() to decoded)
        for (damaged in listOf(byteArrayOf(), byteArrayOf(0, 0, 0, 2), levels.readBytes().take(9).toByteArray())) {
            levels.writeBytes(damaged)
            decoded = 0
            repeat(2) { shown() }
            assertEquals(1, decoded)
        }
    }

    @Test
    fun `levels that find no room are measured again, and those of audio that is deleted meanwhile do not stay`() {
        val audio = folder.newFile("1.m4a")
        folder.newFolder("1.m4a.levels.part")
        repeat(2) { assertEquals(-3f, keptLevels(audio) { keptAudioEnvelope(kept(1.0)) }.columns(RibbonWindow(0, 1_000), columns = 1)[0], 0.5f) }
        folder.root.resolve("1.m4a.levels.part").delete()
        keptLevels(audio) { keptAudioEnvelope(kept(1.0)).also { audio.delete() } }
        assertEquals(emptyList(), folder.root.list().orEmpty().filter { it.startsWith("1.m4a") })
    }

    @Test
    fun `compressed audio has the same levels, whatever rate it decodes at`() {
        val decoder = AudioDecoder {
            object : DecodedAudio {
                override val name = null
                override val lengthMs = null
                private val loud = listOf(1.0, 0.1, 0.0).map { amplitude ->
                    ShortArray(48_000) { (32_767 * amplitude * sin(2 * PI * 440 * it / 48_000)).toInt().toShort() }
                }
                private val blocks = loud.map { PcmBlock(it, it.size, 48_000) }.iterator()

                override fun next() = if (blocks.hasNext()) blocks.next() else null

                override fun close() = Unit
            }
        }
        val levels = decoder.envelope(File("kept.m4a")).columns(RibbonWindow(0, 4_000), columns = 4)
        listOf(-3f, -23f, SILENCE_DBFS, SILENCE_DBFS).zip(levels.asList()) { expected, level -> assertEquals(expected, level, 0.5f) }
    }
}
