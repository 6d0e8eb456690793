package app.undertone.replay

import app.undertone.replay.audio.UnreadableAudioException
import app.undertone.replay.audio.readAudio
import java.nio.ByteBuffer
import java.nio.ByteOrder
import kotlin.io.path.Path
import kotlin.io.path.readBytes
import kotlin.io.path.toPath
import kotlin.test.Test
import kotlin.test.assertContains
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith

/** Recordings of phones and computers by Apple (CAF), and of speech corpora (SPH), by generated headers. */
class CafAndSphereTest : ReplayHarness() {
    private val other = FloatArray(speech.size) { speech[speech.size - 1 - it] / 2 }
    private val orders = listOf(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)

    @Test
    fun `every encoding of CAF and every order of bytes holds the samples of a WAV`() {
        for (encoding in WavEncoding.entries) {
            for (order in orders) {
                val flags = (if (encoding.tag == 3) 1 else 0) + (if (order == ByteOrder.LITTLE_ENDIAN) 2 else 0)
                val audio = frameBytes(speech, other, encoding = encoding, order = order)

                val caf = cafBytes(audio, flags = flags, sampleBits = encoding.bits, channels = 2)

                assertEquals(pcm(wavBytes(speech, other, encoding = encoding)), pcm(caf), "$encoding, $order")
            }
        }
    }

    @Test
    fun `every encoding of SPH and every order of bytes holds the samples of a WAV`() {
        for (encoding in WavEncoding.entries.filter { it.tag == 1 }) {
            for (order in orders) {
                val bytes = encoding.bits / 8
                val byteFormat = "-s$bytes ${if (bytes == 1) "1" else if (order == ByteOrder.LITTLE_ENDIAN) "01" else "10"}"
                val audio = frameBytes(speech, other, encoding = encoding, order = order)

                val fields = arrayOf("sample_n_bytes" to "-i $bytes", "sample_byte_format" to byteFormat, "channel_count" to "-i 2")
                val sphere = sphereBytes(audio, *fields)

                assertEquals(pcm(wavBytes(speech, other, encoding = encoding)), pcm(sphere), "$encoding, $order")
            }
        }
    }

    @Test
    fun `A-law and mu-law hold the samples of a WAV`() {
        val laws = listOf(Triple("a_law", "alaw", listOf("-s4 alaw")), Triple("mu_law", "ulaw", listOf("-s4 ulaw", "-s6 mu-law")))
        for ((name, caf, spheres) in laws) {
            val wav = javaClass.getResource("/kinds/$name.wav")!!.toURI().toPath()
            val expected = readAudio(wav).asList()
            val audio = wav.readBytes().takeLast(expected.size).toByteArray()

            assertEquals(expected, pcm(cafBytes(audio, format = caf, flags = 0, sampleBits = 8)), caf)
            for (coding in spheres) {
                val sphere = sphereBytes(audio, "sample_coding" to coding, "sample_n_bytes" to "-s1 1", "sample_byte_format" to null)
                assertEquals(expected, pcm(sphere), coding)
            }
        }
    }

    @Test
    fun `other rates are resampled as those of a WAV are`() {
        val expected = pcm(wavBytes(speech, rateHz = 8_000))

        assertEquals(expected, pcm(cafBytes(frameBytes(speech), rateHz = 8_000.4)))
        assertEquals(expected, pcm(sphereBytes(frameBytes(speech), "sample_rate" to "-i 8000")))
    }

    @Test
    fun `a CAF whose size was not known ends with its file, in whole frames`() {
        for (stated in listOf(-1L, 0L, 4L)) {
            val unfinished = cafBytes(frameBytes(speech, other), channels = 2, statedBytes = stated)

            assertEquals(pcm(wavBytes(speech, other)), pcm(unfinished + ByteArray(3)), "$stated")
        }
    }

    @Test
    fun `what follows the audio of a CAF is not heard, and without audio it is empty`() {
        val information = ByteBuffer.allocate(16).put("info".encodeToByteArray()).putLong(4).putInt(0).array()

        assertEquals(pcm(wavBytes(speech)), pcm(cafBytes(frameBytes(speech)) + information))
        for (after in listOf(ByteArray(0), information)) {
            val outcome = run(write("empty.caf", cafBytes(ByteArray(0)) + after))
            assertContains(outcome.errors.single(), "empty.caf: empty: there is no audio in it")
        }
    }

    @Test
    fun `an SPH without a count, or with one that nobody records, ends with its file, in whole frames`() {
        for (count in listOf(null, "-i 0", "-i -1", "-i 2147483647", "-i 4294967295", "-i 99999999999999999999", "-i ${speech.size}")) {
            val sphere = sphereBytes(frameBytes(speech), "sample_count" to count) + ByteArray(1)

            assertEquals(pcm(wavBytes(speech)), pcm(sphere), "$count")
        }
    }

    @Test
    fun `the audio of an SPH begins where its header ends`() {
        assertEquals(pcm(wavBytes(speech)), pcm(sphereBytes(frameBytes(speech), headerBytes = 2048)))
    }

    @Test
    fun `a CAF or an SPH that is cut is truncated wherever it ends`() {
        val caf = cafBytes(frameBytes(speech))
        refuses("truncated: its header promises 40000 bytes of audio, 39999 are there; copy it again", caf.copyOf(caf.size - 1))
        refuses("truncated: its header promises 40000 bytes of audio", cafBytes(frameBytes(speech).copyOf(900), statedBytes = 40_004))
        for (bytes in listOf(6, 15, 40, 63, 66, 70)) refuses("truncated: it ends ", caf.copyOf(bytes))
        refuses("truncated: its header promises 40000 bytes of audio, 0 are there", caf.copyOf(81))

        val sphere = sphereBytes(frameBytes(speech), "sample_count" to "-i 20000")
        refuses("truncated: its header promises 20000 samples, 19999 are there; copy it again", sphere.copyOf(sphere.size - 1))
        for (bytes in listOf(8, 500, 1023)) refuses("truncated: it ends within its header", sphere.copyOf(bytes))
        refuses("truncated: its header promises 20000 samples, 0 are there", sphere.copyOf(1024))
    }

    @Test
    fun `other encodings are named`() {
        val audio = frameBytes(speech)

        refuses("CAF encoding aac (AAC) is not supported; convert it to 16-bit PCM", cafBytes(audio, format = "aac ", sampleBits = 0))
        refuses("CAF encoding alac (Apple Lossless) is not supported", cafBytes(audio, format = "alac", sampleBits = 0))
        refuses("CAF encoding a\\nbc (of 16 bits) is not supported", cafBytes(audio, format = "a\nbc"))
        refuses("CAF encoding lpcm (of 12 bits) is not supported", cafBytes(audio, sampleBits = 12))
        refuses("CAF encoding lpcm (of 16 bits) is not supported", cafBytes(audio, flags = 3))
        for (coding in listOf("pcm,embedded-shorten-v2.00", "ulaw,embedded-shorten-v2.00", "PCM")) {
            refuses("SPH encoding $coding is not supported; convert it to 16-bit PCM", sphereBytes(audio, "sample_coding" to "-s9 $coding"))
        }
        refuses("an SPH file with one channel after the other", sphereBytes(audio, "channels_interleaved" to "-s5 FALSE"))
    }

    @Test
    fun `headers that make no sense are damaged`() {
        val audio = frameBytes(speech)
        val caf = cafBytes(audio)
        refuses("damaged: its header states 0 channels of 16 bits in 0 bytes", cafBytes(audio, channels = 0))
        refuses("damaged: its header states 1 channels of 16 bits in 5 bytes", cafBytes(audio, frameBytes = 5))
        refuses("damaged: its audio has -2 bytes", cafBytes(audio, statedBytes = -2))
        refuses("damaged: a part of it has -", caf.copyOf().also { it[56] = -1 })
        refuses("damaged: it does not begin with its format", caf.copyOf().also { it[8] = 0 })
        refuses("its header states a sample rate of 0 Hz", cafBytes(audio, rateHz = Double.NaN))

        refuses("damaged: its header states 0 channels of 2 bytes", sphereBytes(audio, "channel_count" to null))
        refuses("its header has 300 channels", sphereBytes(audio, "channel_count" to "-i 300"))
        refuses("its header has 2147483647 channels", sphereBytes(audio, "channel_count" to "-i 4294967297"))
        refuses("its header states a sample rate of 0 Hz", sphereBytes(audio, "sample_rate" to "-r 16000"))
        for (size in listOf("0", "5")) {
            val sized = sphereBytes(audio, "sample_n_bytes" to "-i $size", "sample_byte_format" to null)
            refuses("damaged: its header states 1 channels of $size bytes", sized)
        }
        for (order in listOf("-s2 11", "-s4 0123", "-s3 01")) {
            refuses("damaged: its header states 1 channels of 2 bytes in the order", sphereBytes(audio, "sample_byte_format" to order))
        }
        refuses("damaged: a transfer as text", sphereBytes(audio).let { it.copyOf(7) + "\r\n".encodeToByteArray() + it.drop(8) })
        refuses("damaged: its header makes no sense", sphereBytes(audio).also { it[7] = 0 })
    }

    private fun pcm(bytes: ByteArray): List<Float> = readAudio(Path(write("a.bin", bytes))).asList()

    private fun refuses(reason: String, bytes: ByteArray) {
        val file = Path(write("bad.bin", bytes))
        val message = assertFailsWith<UnreadableAudioException>(reason) { readAudio(file) }.message.orEmpty()
        assertContains(message, reason)
    }
}
