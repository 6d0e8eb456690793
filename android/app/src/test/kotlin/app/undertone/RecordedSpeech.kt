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
class RecordedSpeech private constructor(val file: File, val isReal: Boolean) {
    val pcm: ShortArray = if (file.extension == "flac") readFlac(file) else readWav(file)

    companion object {
        private const val CREMA_D_CLIP = "CREMA-D/AudioWAV/1004_IEO_ANG_HI"
        private const val RIFF_HEADER_BYTES = 12
        private const val CHUNK_HEADER_BYTES = 8

        /** A CREMA-D clip where this machine has the corpora, else the longest generated clip of the asset. */
        fun find(): RecordedSpeech {
            val data = System.getProperty("undertone.data")
            if (data != null) {
                val clip = listOf("wav", "flac").map { File(data, "$CREMA_D_CLIP.$it") }.firstOrNull { it.exists() }
                checkNotNull(clip) { "there is no $CREMA_D_CLIP.wav or .flac in $data; check UNDERTONE_DATA" }
                return RecordedSpeech(clip, isReal = true)
            }
            val golden = File(System.getProperty("undertone.asset"), "golden").listFiles { it.extension == "wav" }.orEmpty()
            return RecordedSpeech(golden.maxBy { it.length() }, isReal = false)
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

        /** 16-bit mono, whatever its header says besides. */
        fun readWav(file: File): ShortArray {
            val bytes = file.readBytes()
            var chunk = RIFF_HEADER_BYTES
            while (String(bytes, chunk, 4) != "data") chunk += CHUNK_HEADER_BYTES + sizeOfChunk(bytes, chunk)
            val start = chunk + CHUNK_HEADER_BYTES
            return shorts(bytes.copyOfRange(start, start + sizeOfChunk(bytes, chunk)))
        }

        private fun sizeOfChunk(bytes: ByteArray, chunk: Int): Int = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(chunk + 4)

        private fun shorts(bytes: ByteArray): ShortArray =
            ShortArray(bytes.size / Short.SIZE_BYTES).also { ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer().get(it) }
    }
}
