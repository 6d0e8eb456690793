import app.undertone.engine.EmotionEngine
import app.undertone.engine.EmotionEvent
import app.undertone.engine.asset.ClasspathAssetSource
import app.undertone.engine.asset.EmotionAsset
import java.io.File
import java.nio.ByteBuffer
import java.nio.ByteOrder
import java.util.Locale
import javax.sound.sampled.AudioFormat
import javax.sound.sampled.AudioSystem
import kotlin.system.exitProcess

/** Prints the emotion of every segment of speech in a WAV file, one a line: start and end in seconds, emotion, probability. */
fun main(arguments: Array<String>) {
    if (arguments.size != 1) {
        System.err.println("usage: emotions WAV")
        exitProcess(2)
    }
    EmotionEngine(EmotionAsset.open(ClasspathAssetSource())).use { engine ->
        engine.printEmotions(File(arguments.single()), System.out)
    }
}

fun EmotionEngine.printEmotions(wav: File, out: Appendable) {
    AudioSystem.getAudioInputStream(wav).use { file ->
        val rateHz = file.format.sampleRate
        val mono = AudioSystem.getAudioInputStream(AudioFormat(rateHz, 16, 1, true, false), file)
        start(rateHz.toInt(), startedAtMs = 0, { event -> if (event is EmotionEvent.Segment) out.appendLine(event.line()) })
        while (true) {
            val bytes = mono.readNBytes(BYTES_AT_A_TIME)
            if (bytes.isEmpty()) break
            val pcm = ShortArray(bytes.size / Short.SIZE_BYTES)
            ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer().get(pcm)
            accept(pcm)
        }
        finish()
    }
}

private fun EmotionEvent.Segment.line() = with(estimate) {
    "%.2f\t%.2f\t%s\t%.2f".format(Locale.ROOT, startTimeMs / 1000.0, (startTimeMs + lengthMs) / 1000.0, label, probabilities[labelIndex])
}

private val EmotionEvent.lengthMs get() = (endSample - startSample) * 1000 / EmotionEngine.SAMPLE_RATE_HZ

private const val BYTES_AT_A_TIME = 1 shl 16
