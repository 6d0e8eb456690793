package app.undertone.replay.audio

import app.undertone.replay.inOneLine
import java.nio.ByteBuffer
import java.nio.ByteOrder

private const val MAGIC = "NIST_1A\n"

/** As far as fields are looked for, and the size of a header that does not state its own. libsndfile does the same. */
private const val FIELDS_BYTES = 1024

/** More than Python ever reads: a count above it was written before it was known. */
private const val LONGEST_SAMPLES = 1 shl 29

/**
 * Reads the SPHERE file of NIST [source], all or one [channel] of it: PCM of 8 (signed), 16, 24 or 32 bits, A-law or mu-law, to the end of
 * the file, as libsndfile does. No count of samples, 0 and one that nobody records are those of a file that was not finished; Python's
 * `audio/unfinished.py` has the same rule.
 *
 * Source: NIST's SPHERE 2.6, header of type NIST_1A.
 *
 * @throws UnreadableAudioException for other encodings, and for a file that is shorter than its header says.
 */
internal fun readSphere(source: AudioSource, channel: Int? = null): Mixdown {
    val header = SphereHeader(source.read(0, FIELDS_BYTES).array().toString(Charsets.ISO_8859_1))
    val decoder = FrameDecoder(header.channels, header.sampleBytes, header.sample)
    val collector = PcmCollector(header.rateHz, header.channels, channel)
    val audioBytes = maxOf(0, source.sizeBytes - header.sizeBytes)
    val thereSamples = audioBytes / decoder.blockBytes
    if (thereSamples < header.promisedSamples) {
        throw UnreadableAudioException("truncated: its header promises ${header.promisedSamples} samples, $thereSamples are there; copy it again")
    }
    return source.open().use { audio ->
        audio.skipNBytes(minOf(header.sizeBytes, source.sizeBytes))
        readBlocks(audio, decoder, collector, audioBytes, header.order)
    }
}

/**
 * What [start], the first bytes of a file, says, one field a line: its name, its type (-i for a number, -s and a length for text), its value.
 *
 * @throws UnreadableAudioException for an encoding that is not read here, and for one that makes no sense.
 */
private class SphereHeader(start: String) {
    init {
        if (start.startsWith("NIST_1A\r\n")) throw UnreadableAudioException("damaged: a transfer as text changed its line ends; copy it as binary")
        if (!start.startsWith(MAGIC)) throw UnreadableAudioException("damaged: its header makes no sense; copy it again")
    }

    private val fields = start.substringBefore("\nend_head")
    private val coding = first("sample_coding -s\\d+ +(\\S+)") ?: "pcm"
    private val isCompanded = coding in listOf("alaw", "ulaw", "mu-law")
    private val orderedBytes = first("sample_byte_format -s(\\d+) ")?.toIntOrNull() ?: 0
    private val byteOrder = first("sample_byte_format -s\\d+ +(\\S+)").orEmpty()
    private val statedBytes = number("sample_n_bytes")?.takeIf { it > 0 } ?: orderedBytes

    /** Where the audio starts. */
    val sizeBytes: Long = first("$MAGIC\\s*([+-]?\\d+)")?.let { it.toLongOrNull() ?: Long.MAX_VALUE } ?: FIELDS_BYTES.toLong()
    val rateHz: Int = number("sample_rate") ?: 0
    val channels: Int = number("channel_count") ?: 0

    /** Of each channel; 0 where it is not known. */
    val promisedSamples: Int = number("sample_count")?.takeIf { it in 1..LONGEST_SAMPLES } ?: 0
    val sampleBytes: Int = if (isCompanded) 1 else statedBytes
    val order: ByteOrder = if (orderedBytes > 1 && byteOrder == "10") ByteOrder.BIG_ENDIAN else ByteOrder.LITTLE_ENDIAN

    init {
        if (!isCompanded && coding != "pcm") {
            throw UnreadableAudioException("SPH encoding ${inOneLine(coding)} is not supported; convert it to 16-bit PCM")
        }
        if (first("channels_interleaved -s5 (FALSE)") != null) {
            throw UnreadableAudioException("an SPH file with one channel after the other is not supported; convert it to 16-bit PCM")
        }
        val isOrdered = orderedBytes <= 1 || (orderedBytes == statedBytes && byteOrder in listOf("01", "10"))
        if (sizeBytes < 0 || channels <= 0 || sampleBytes !in 1..4 || !isOrdered) {
            throw UnreadableAudioException(
                "damaged: its header states $channels channels of $statedBytes bytes in the order \"${inOneLine(byteOrder)}\"",
            )
        }
    }

    /** Reads one sample. */
    val sample: (ByteBuffer) -> Float = when (coding) {
        "alaw" -> ::aLaw
        "ulaw", "mu-law" -> ::muLaw
        else -> linear(isFloat = false, isSigned = true, 8 * sampleBytes)
    }

    private fun number(name: String): Int? =
        first("$name -i +([+-]?\\d+)")?.let { (it.toLongOrNull() ?: Long.MAX_VALUE).coerceIn(Int.MIN_VALUE.toLong(), Int.MAX_VALUE.toLong()).toInt() }

    /** What the group of [pattern] holds on the first line that begins with it. */
    private fun first(pattern: String): String? = Regex("^\\s*$pattern", RegexOption.MULTILINE).find(fields)?.groupValues?.get(1)
}
