package app.undertone.analysis

import android.content.Context
import android.media.AudioFormat
import android.media.MediaExtractor
import android.media.MediaFormat
import android.net.Uri
import android.os.ParcelFileDescriptor
import android.os.ParcelFileDescriptor.AutoCloseOutputStream
import androidx.test.core.app.ApplicationProvider
import app.undertone.files.OfferedFiles
import org.junit.Before
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config
import org.robolectric.annotation.Implementation
import org.robolectric.annotation.Implements
import org.robolectric.shadows.ShadowMediaExtractor
import java.io.File
import java.io.FileNotFoundException
import java.io.RandomAccessFile
import java.nio.ByteBuffer
import java.nio.ByteOrder
import kotlin.random.Random
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertTrue

/** The system's extractor and codec are Robolectric's, which pass PCM through. */
@RunWith(RobolectricTestRunner::class)
class MediaAudioDecoderTest {
    private val context = ApplicationProvider.getApplicationContext<Context>()
    private val decoder = MediaAudioDecoder(context)
    private val noise = Random(1).run { ShortArray(5_000) { nextInt(-9_000, 9_000).toShort() } }

    @Before
    fun offerFiles() = OfferedFiles.install()

    private fun format(rateHz: Int = 16_000, channels: Int = 1) = MediaFormat.createAudioFormat("audio/raw", rateHz, channels)

    private fun decode(file: Uri): List<Short> = decoder.open(file).use { audio ->
        generateSequence { audio.next() }.flatMap { it.pcm.take(it.length) }.toList()
    }

    private fun problemWith(file: Uri): FileProblem = assertFailsWith<AudioFileException> { decode(file) }.problem

    @Test
    fun `every sample of a mono file comes out, in order`() {
        assertEquals(noise.asList(), decode(OfferedFiles.offerAudio("mono.wav", noise, format())))
    }

    @Test
    fun `name, rate and length are the file's`() {
        val format = format(rateHz = 44_100).apply { setLong(MediaFormat.KEY_DURATION, 1_234_567) }
        decoder.open(OfferedFiles.offerAudio("talk.m4a", noise, format)).use { audio ->
            assertEquals("talk.m4a", audio.name)
            assertEquals(1_234, audio.lengthMs)
            assertEquals(44_100, audio.next()?.rateHz)
        }
        decoder.open(OfferedFiles.offerAudio("stream.mp3", noise, format())).use { assertEquals(null, it.lengthMs) }
    }

    @Test
    fun `channels are averaged, whatever their number`() {
        for (channels in listOf(2, 4)) {
            val interleaved = ShortArray(400 * channels) { (100 * (it / channels) + it % channels).toShort() }
            val mean = List(400) { Math.round(100 * it + (channels - 1) / 2f).toShort() }
            assertEquals(mean, decode(OfferedFiles.offerAudio("$channels.wav", interleaved, format(channels = channels))))
        }
    }

    @Test
    fun `float samples become 16 bits, and those beyond full scale are clipped`() {
        val samples = floatArrayOf(0f, 0.5f, -0.5f, 1.5f, -1.5f)
        val bytes = ByteBuffer.allocate(4 * samples.size).order(ByteOrder.nativeOrder())
        bytes.asFloatBuffer().put(samples)
        val format = format().apply { setInteger(MediaFormat.KEY_PCM_ENCODING, AudioFormat.ENCODING_PCM_FLOAT) }
        val file = OfferedFiles.offerAudio("float.wav", bytes.array(), format)
        assertEquals(listOf<Short>(0, 16_384, -16_384, 32_767, -32_768), decode(file))
    }

    @Test
    fun `samples of a kind that is not known are refused`() {
        val format = format().apply { setInteger(MediaFormat.KEY_PCM_ENCODING, AudioFormat.ENCODING_IEC61937) }
        assertEquals(FileProblem.NotAudio, problemWith(OfferedFiles.offerAudio("bits.wav", noise, format)))
    }

    @Test
    fun `the audio of a video is taken, and a file without audio is refused`() {
        val video = MediaFormat.createVideoFormat("video/avc", 320, 240)
        val both = OfferedFiles.offerAudio("both.mp4", ByteArray(100), video)
        OfferedFiles.offerAudio("both.mp4", noise, format())
        assertEquals(noise.asList(), decode(both))
        assertEquals(FileProblem.NotAudio, problemWith(OfferedFiles.offerAudio("silent.mp4", ByteArray(100), video)))
        assertEquals(FileProblem.NotAudio, problemWith(OfferedFiles.offer("notes.txt")))
    }

    @Test
    fun `a file that is gone or not given out is said as such`() {
        assertEquals(FileProblem.Unreadable, problemWith(OfferedFiles.uri("gone.wav")))
        assertEquals(FileProblem.Unreadable, problemWith(OfferedFiles.uri("secret.wav")))
        assertEquals(FileProblem.Unreadable, problemWith(Uri.parse("content://no.such.app/a.wav")))
    }

    @Test
    fun `a file that is listed and cannot be opened is not loaded, and one that is damaged is all there`() {
        val file = OfferedFiles.offerAudio("cloud.wav", noise, format())
        OfferedFiles.failure = FileNotFoundException("offline")
        assertEquals(FileProblem.NotLoaded, problemWith(file))
        OfferedFiles.failure = SecurityException("not granted")
        assertEquals(FileProblem.Unreadable, problemWith(file))
        OfferedFiles.failure = null
        assertEquals(FileProblem.NotAudio, problemWith(OfferedFiles.offer("damaged.wav")))
    }

    @Test
    fun `a file of which only the start arrives is not loaded, rather than damaged`() {
        val file = OfferedFiles.offer("half.wav")
        OfferedFiles.pipe = {
            // As many bytes as the app states, and then nothing: what a sync client does that lost its network.
            val (reading, writing) = ParcelFileDescriptor.createPipe()
            AutoCloseOutputStream(writing).use { it.write(ByteArray(10)) }
            reading
        }
        OfferedFiles.statedBytes = 1_000
        assertEquals(FileProblem.NotLoaded, problemWith(file))
    }

    @Test
    fun `a file that ends before the length that it states is cut short, unless that is a guess or a trifle`() {
        fun isCutShort(statedMs: Long, mime: String = "audio/raw"): Boolean {
            val format = MediaFormat.createAudioFormat(mime, 16_000, 1).apply { setLong(MediaFormat.KEY_DURATION, statedMs * 1_000) }
            val file = OfferedFiles.offerAudio("$statedMs-${mime.substringAfter('/')}.wav", ShortArray(16_000), format)
            return decoder.open(file).use { audio ->
                generateSequence { audio.next() }.count()
                audio.isCutShort
            }
        }
        assertFalse(isCutShort(statedMs = 1_000))
        assertFalse(isCutShort(statedMs = 2_900))
        assertTrue(isCutShort(statedMs = 60_000))
        assertFalse(isCutShort(statedMs = 60_000, mime = "audio/mpeg"))
    }

    @Test
    fun `an empty file and one that is too large are refused before they are read`() {
        assertEquals(FileProblem.Empty, problemWith(OfferedFiles.offer("empty.wav", ByteArray(0))))
        val huge = OfferedFiles.offer("huge.wav")
        RandomAccessFile(File(context.cacheDir, "huge.wav"), "rw").use { it.setLength(20_000_000_001) }
        assertEquals(FileProblem.TooLarge(20_000_000_000), problemWith(huge))
    }

    @Test
    @Config(shadows = [EncryptedExtractor::class])
    fun `an encrypted file is said to be protected`() {
        assertEquals(FileProblem.Protected, problemWith(OfferedFiles.offerAudio("bought.m4a", noise, format())))
    }

    /** Finds that every sample is encrypted. */
    @Implements(MediaExtractor::class)
    class EncryptedExtractor : ShadowMediaExtractor() {
        @Implementation
        fun getSampleFlags(): Int = MediaExtractor.SAMPLE_FLAG_ENCRYPTED or MediaExtractor.SAMPLE_FLAG_SYNC
    }
}
