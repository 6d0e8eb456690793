package app.undertone.replay

import java.nio.file.Path
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
    }
}
