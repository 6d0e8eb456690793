package app.undertone.replay

import app.undertone.replay.audio.UnreadableAudioException
import app.undertone.replay.audio.readAudio
import java.io.ByteArrayInputStream
import java.nio.ByteBuffer
import java.nio.file.Path
import javax.sound.sampled.AudioFileFormat
import javax.sound.sampled.AudioFormat
import javax.sound.sampled.AudioInputStream
import javax.sound.sampled.AudioSystem
import kotlin.io.path.Path
import kotlin.io.path.name
import kotlin.io.path.readBytes
import kotlin.math.log10
import kotlin.test.Test
import kotlin.test.assertContains
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertTrue

/** Half a second of the generated voice that the golden recordings have, as libsndfile writes it in the encodings of recorders and phones. */
class FileKindsTest : ReplayHarness() {
    private val voice by lazy { readAudio(resource("voice.flac")) }

    @Test
    fun `encodings of WAV decode to what was recorded, as well as each can`() {
        // Name, samples in whole blocks, and dB of signal to noise that libsndfile's own decoder has, less 0.1 for rounding.
        val kinds = listOf(
            Triple("a_law.wav", 8_000, 36.9),
            Triple("mu_law.wav", 8_000, 36.8),
            Triple("ima.wav", 8_136, 28.4),
            Triple("microsoft.wav", 8_096, 20.5),
            Triple("gsm.wav", 8_000, 16.8),
        )
        for ((name, samples, leastDb) in kinds) {
            val pcm = readAudio(resource(name))
            assertEquals(samples, pcm.size, name)
            assertTrue(signalToNoiseDb(pcm) >= leastDb, "$name: ${signalToNoiseDb(pcm)} dB")
        }
    }

    @Test
    fun `an MP3 that counts its frames has as many samples as were encoded, in their places`() {
        val pcm = readAudio(resource("counted.mp3"))

        assertEquals(voice.size, pcm.size)
        assertTrue(signalToNoiseDb(pcm) >= LEAST_MP3_DB, "${signalToNoiseDb(pcm)} dB")
    }

    @Test
    fun `an MP3 of a stream is read to its end, with tags at both ends, and in a WAV`() {
        val stream = resource("uncounted.mp3").readBytes()
        val pcm = readAudio(resource("uncounted.mp3"))

        // What the encoder and the decoder add stays at the start of a stream: nothing says how much it is.
        assertEquals(9_216, pcm.size)
        assertTrue(signalToNoiseDb(pcm.copyOfRange(1_105, pcm.size)) >= LEAST_MP3_DB)
        val id3v2 = "ID3".encodeToByteArray() + byteArrayOf(4, 0, 0, 0, 0, 1, 2) + ByteArray(130)
        val id3v1 = "TAG".encodeToByteArray() + ByteArray(125)
        val wav = wavBytes(FloatArray(stream.size / 2)).also { it[20] = 85 }.dropLast(stream.size / 2 * 2).toByteArray()
        for ((name, bytes) in listOf("tagged.mp3" to id3v2 + id3v2 + stream + id3v1, "b.wav" to wav + stream)) {
            assertEquals(pcm.asList(), readAudio(Path(write(name, bytes))).asList(), name)
        }
    }

    @Test
    fun `an MP3 that counts more frames than there are is truncated, wherever it ends`() {
        val whole = resource("counted.mp3").readBytes()
        for (bytes in listOf(whole.size / 4, whole.size / 2, whole.size - 300)) {
            val failure = assertFailsWith<UnreadableAudioException> { readAudio(Path(write("cut.mp3", whole.copyOf(bytes)))) }
            assertContains(failure.message.orEmpty(), "truncated: its header promises")
        }
    }

    @Test
    fun `a block that is cut is truncated`() {
        for (name in listOf("gsm.wav", "ima.wav", "microsoft.wav")) {
            val whole = resource(name).readBytes()
            val cut = Path(write(name, whole.copyOf(whole.size - 9)))
            val failure = assertFailsWith<UnreadableAudioException> { readAudio(cut) }
            assertContains(failure.message.orEmpty(), "truncated: its header promises")
        }
    }

    @Test
    fun `Vorbis and Opus have as many samples as were encoded, in their places`() {
        for ((name, leastDb) in listOf("vorbis.ogg" to VORBIS_DB, "opus.opus" to OPUS_DB)) {
            val pcm = readAudio(resource(name))
            assertEquals(voice.size, pcm.size, name)
            assertTrue(signalToNoiseDb(pcm) >= leastDb, "$name: ${signalToNoiseDb(pcm)} dB")
        }
    }

    @Test
    fun `an Ogg file that ends within a page is truncated, one that ends after a page is a stream, one without a page in between is damaged`() {
        for (name in listOf("vorbis.ogg", "opus.opus")) {
            val whole = resource(name).readBytes()
            val pages = whole.indices.filter { String(whole, it, minOf(4, whole.size - it), Charsets.ISO_8859_1) == "OggS" } + whole.size
            fun failure(bytes: ByteArray): String {
                val file = Path(write("a.ogg", bytes))
                return assertFailsWith<UnreadableAudioException>(name) { readAudio(file) }.message.orEmpty()
            }

            for (end in listOf(pages[1] / 2, whole.size - 9)) assertContains(failure(whole.copyOf(end)), "truncated")
            assertContains(failure(whole.copyOf(pages[1])), "truncated: it ends within its header")
            assertContains(failure(whole.copyOf(pages[1]) + whole.copyOfRange(pages[2], whole.size)), "damaged")
            val last = pages[pages.size - 2]
            val unmarked = withChecksum(whole.copyOf().also { it[last + 5] = 0 }, last until whole.size)
            assertTrue(readAudio(Path(write("a.ogg", unmarked))).size in voice.size..voice.size + 1_000, name)
        }
    }

    @Test
    fun `an Ogg file of another codec is named as such`() {
        val opus = resource("opus.opus").readBytes().also { "Speex   ".encodeToByteArray().copyInto(it, FIRST_PAGE.first + 28) }
        val failure = assertFailsWith<UnreadableAudioException> { readAudio(Path(write("a.spx", withChecksum(opus, FIRST_PAGE)))) }
        assertContains(failure.message.orEmpty(), "another codec than Vorbis and Opus")
    }

    @Test
    fun `AIFF and AU, as Java writes them, hold the samples that were recorded`() {
        val bytes = ByteBuffer.allocate(2 * voice.size).apply { for (sample in voice) putShort((sample * 32768).toInt().toShort()) }.array()
        for ((kind, name) in listOf(AudioFileFormat.Type.AIFF to "a.aiff", AudioFileFormat.Type.AU to "a.au")) {
            val format = AudioFormat(16_000f, 16, 1, true, true)
            val file = Path(write(name, ByteArray(0)))
            AudioSystem.write(AudioInputStream(ByteArrayInputStream(bytes), format, voice.size.toLong()), kind, file.toFile())
            assertEquals(voice.asList(), readAudio(file).asList(), name)
            val cut = assertFailsWith<UnreadableAudioException> { readAudio(Path(write(name, file.readBytes().copyOf(9_000)))) }
            assertContains(cut.message.orEmpty(), "truncated: its header promises 8000 frames")
        }
    }

    /** [ogg] with the right checksum of a [page] that was changed: CRC-32 of the polynomial 04c11db7, not reflected (RFC 3533, section 6). */
    private fun withChecksum(ogg: ByteArray, page: IntRange): ByteArray {
        ogg.fill(0, page.first + 22, page.first + 26)
        var crc = 0
        for (i in page) {
            crc = crc xor (ogg[i].toInt() shl 24)
            repeat(8) { crc = if (crc < 0) (crc shl 1) xor 0x04c11db7 else crc shl 1 }
        }
        for (byte in 0 until 4) ogg[page.first + 22 + byte] = (crc shr (8 * byte)).toByte()
        return ogg
    }

    private fun resource(name: String): Path = Path.of(javaClass.getResource("/kinds/$name")!!.toURI()).also { check(it.name == name) }

    /** Of the first 6,800 samples of [pcm], beside what was recorded. */
    private fun signalToNoiseDb(pcm: FloatArray): Double {
        var signal = 0.0
        var noise = 0.0
        for (i in 0 until 6_800) {
            signal += voice[i].toDouble() * voice[i]
            noise += (pcm[i] - voice[i]).toDouble().let { it * it }
        }
        return 10 * log10(signal / noise)
    }

    private companion object {
        const val LEAST_MP3_DB = 15.0

        // Of libsndfile's own decoders, less 0.1 and, for a decoder in integers, 0.5.
        const val VORBIS_DB = 26.6
        const val OPUS_DB = 24.0
        val FIRST_PAGE = 0 until 28 + 19
    }
}
