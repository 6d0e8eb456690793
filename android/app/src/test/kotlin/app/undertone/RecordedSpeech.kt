package app.undertone

import org.jflac.FLACDecoder
import org.jflac.PCMProcessor
import org.jflac.metadata.StreamInfo
import org.jflac.util.ByteData
import java.io.ByteArrayOutputStream
import java.io.File
import java.nio.ByteBuffer
import java.nio.ByteOrder

/** Speech to play to the microphone: 16 kHz mono. */
class RecordedSpeech(val name: String, val isReal: Boolean, val pcm: ShortArray) {
    companion object {
        private const val CREMA_D_CLIP = "CREMA-D/AudioWAV/1004_IEO_ANG_HI.flac"
        private const val WAV_HEADER_BYTES = 44

        /** A CREMA-D clip where this machine has the corpora, else the longest generated clip of the asset. */
        fun find(): RecordedSpeech {
            val clip = System.getProperty("undertone.data")?.let { File(it, CREMA_D_CLIP) }
            if (clip?.exists() == true) return RecordedSpeech(CREMA_D_CLIP, isReal = true, readFlac(clip))
            val golden = File(System.getProperty("undertone.asset"), "golden").listFiles { it.extension == "wav" }.orEmpty().maxBy { it.length() }
            return RecordedSpeech("golden/${golden.name}", isReal = false, readWav(golden))
        }

        private fun readFlac(file: File): ShortArray = file.inputStream().use { stream ->
            val bytes = ByteArrayOutputStream()
            val decoder = FLACDecoder(stream)
            decoder.addPCMProcessor(object : PCMProcessor {
                override fun processStreamInfo(info: StreamInfo) {
                    check(info.sampleRate == 16_000 && info.channels == 1 && info.bitsPerSample == 16) { "$file is $info" }
                }

                override fun processPCM(pcm: ByteData) = bytes.write(pcm.data, 0, pcm.len)
            })
            decoder.decode()
            shorts(bytes.toByteArray())
        }

        private fun readWav(file: File): ShortArray {
            val bytes = file.readBytes()
            check(String(bytes, 36, 4) == "data") { "$file has more than the plain header that the asset's clips have" }
            return shorts(bytes.copyOfRange(WAV_HEADER_BYTES, bytes.size))
        }

        private fun shorts(bytes: ByteArray): ShortArray =
            ShortArray(bytes.size / Short.SIZE_BYTES).also { ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer().get(it) }
    }
}
