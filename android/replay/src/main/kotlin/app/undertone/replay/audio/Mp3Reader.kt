package app.undertone.replay.audio

import javazoom.jl.decoder.Bitstream
import javazoom.jl.decoder.Decoder
import javazoom.jl.decoder.Header
import javazoom.jl.decoder.Obuffer
import java.io.BufferedInputStream
import java.io.FilterInputStream
import java.io.InputStream

private const val FULL_SCALE = 32_700f // the decoder's, whose output is meant for 16 bits
private const val MOST_FRAME_SAMPLES = 1152
private const val DECODER_DELAY_SAMPLES = 529
private const val ID3V1_BYTES = 128
private const val COUNT_SEARCH_BYTES = 4 + 2 + 32 + 4 + 120 + 24 // header, CRC, side information, and the longest count

/**
 * Reads the MPEG-1, 2 or 2.5 audio [source] of layer I, II or III, all or one [channel] of it. Where the first frame counts the
 * others, all have to be there, and what the encoder added at both ends is left out; else it is read to its end.
 *
 * Sources: ISO/IEC 11172-3 and 13818-3; the Xing and LAME headers (MP3 Info Tag rev 1).
 */
internal fun readMp3(source: AudioSource, channel: Int? = null): Mixdown = source.open().use { stream ->
    val hasTag = source.sizeBytes >= ID3V1_BYTES && String(source.read(source.sizeBytes - ID3V1_BYTES, 3).array(), Charsets.ISO_8859_1) == "TAG"
    // The decoder takes the tag for a frame that is damaged, and leaves out the one before.
    readMp3(BufferedInputStream(UntilStream(stream, source.sizeBytes - if (hasTag) ID3V1_BYTES else 0)), channel)
}

/** As above, of a [stream] that holds nothing else. */
internal fun readMp3(stream: BufferedInputStream, channel: Int?): Mixdown {
    skipId3(stream)
    val count = stream.run {
        mark(COUNT_SEARCH_BYTES)
        readNBytes(COUNT_SEARCH_BYTES).also { reset() }
    }.let(::frameCount)
    val bitstream = Bitstream(stream)
    val first = decoding("MPEG") { bitstream.readFrame() } ?: throw UnreadableAudioException("damaged: it has no frame of MPEG audio; copy it again")
    val channels = if (first.mode() == Header.SINGLE_CHANNEL) 1 else 2
    val frameSamples = first.samples
    val output = FrameOutput(channels)
    val decoder = Decoder().apply { setOutputBuffer(output) }
    val collector = PcmCollector(first.frequency(), channels, channel)
    val kept = count?.kept(frameSamples) ?: 0L..Long.MAX_VALUE
    var frames = 0L
    var header: Header? = first
    if (count != null) { // that frame holds nothing else
        bitstream.closeFrame()
        header = decoding("MPEG") { bitstream.readFrame() }
    }
    val rateHz = first.frequency()
    while (header != null && (count == null || frames < count.frames)) {
        val isSame = header.frequency() == rateHz && header.samples == frameSamples && (header.mode() == Header.SINGLE_CHANNEL) == (channels == 1)
        if (!isSame) throw UnreadableAudioException("damaged: its rate, layer or channels change; copy it again")
        output.clear_buffer()
        decoding("MPEG") { decoder.decodeFrame(header, bitstream) }
        bitstream.closeFrame()
        collector.addKept(output.interleaved(frameSamples), frames * frameSamples, kept)
        frames++
        header = decoding("MPEG") { bitstream.readFrame() }
    }
    if (count != null && frames < count.frames) {
        throw UnreadableAudioException("truncated: its header promises ${count.frames} frames, $frames are there; copy it again")
    }
    return collector.finish()
}

/** Ends [leftBytes] on. */
private class UntilStream(stream: InputStream, private var leftBytes: Long) : FilterInputStream(stream) {
    override fun read(): Int = if (leftBytes <= 0) -1 else super.read().also { if (it >= 0) leftBytes-- }

    override fun read(bytes: ByteArray, offset: Int, length: Int): Int =
        if (leftBytes <= 0) -1 else super.read(bytes, offset, minOf(length.toLong(), leftBytes).toInt()).also { if (it > 0) leftBytes -= it }

    override fun markSupported() = false
}

/** Eleven ones, then no value that is reserved (ISO/IEC 11172-3, 2.4.1.3). [start]: four bytes or more. */
internal fun isMpegFrame(start: ByteArray): Boolean {
    if (start.size < 4) return false
    val bits = start.take(3).map { it.toInt() and 0xff }
    val version = bits[1] shr 3 and 3
    val layer = bits[1] shr 1 and 3
    return bits[0] == 0xff && bits[1] and 0xe0 == 0xe0 && version != 1 && layer != 0 && bits[2] shr 4 != 15 && bits[2] shr 2 and 3 != 3
}

private val Header.samples: Int
    get() = when (layer()) {
        1 -> 384
        2 -> 1152
        else -> if (version() == Header.MPEG1) 1152 else 576
    }

/** What the first frame of some files says: how many [frames] follow, and how many samples of them the encoder added at each end. */
private class FrameCount(val frames: Long, val delaySamples: Int, val paddingSamples: Int) {
    private val isKnown = delaySamples > 0 || paddingSamples > 0

    /** Of all samples after that frame, those that were recorded. */
    fun kept(frameSamples: Int): LongRange {
        val all = frames * frameSamples
        if (!isKnown) return 0 until all
        return (delaySamples + DECODER_DELAY_SAMPLES).toLong() until all - maxOf(0, paddingSamples - DECODER_DELAY_SAMPLES)
    }
}

/** Null where the frame that [start] begins with counts nothing. */
private fun frameCount(start: ByteArray): FrameCount? {
    if (!isMpegFrame(start) || start.size < COUNT_SEARCH_BYTES) return null
    val isMpeg1 = start[1].toInt() shr 3 and 3 == 3
    val isMono = start[3].toInt() shr 6 and 3 == 3
    val hasCrc = start[1].toInt() and 1 == 0
    val sideBytes = if (isMpeg1) (if (isMono) 17 else 32) else if (isMono) 9 else 17
    val at = 4 + (if (hasCrc) 2 else 0) + sideBytes
    val name = String(start, at, 4, Charsets.ISO_8859_1)
    val flags = start.bigEndian(at + 4, 4)
    if (name !in listOf("Xing", "Info") || flags and 1L == 0L) return null
    // Bytes, seeking points and quality, where they are there, stand before what LAME and its kin add.
    val encoder = at + 12 + (if (flags and 2 != 0L) 4 else 0) + (if (flags and 4 != 0L) 100 else 0) + (if (flags and 8 != 0L) 4 else 0)
    val added = if (start[encoder] == 0.toByte()) 0 else start.bigEndian(encoder + 21, 3).toInt()
    return FrameCount(start.bigEndian(at + 8, 4), added shr 12, added and 0xfff)
}

private fun ByteArray.bigEndian(at: Int, count: Int): Long = (at until at + count).fold(0L) { sum, i -> (sum shl 8) or (this[i].toLong() and 0xff) }

/** Skips the tags that stand before the audio; each says its size in seven bits a byte (ID3v2.4.0, 3.1). */
private fun skipId3(stream: BufferedInputStream) {
    while (true) {
        stream.mark(10)
        val header = stream.readNBytes(10)
        if (header.size < 10 || String(header, 0, 3, Charsets.ISO_8859_1) != "ID3") return stream.reset()
        stream.skipNBytes(header.drop(6).fold(0L) { size, byte -> (size shl 7) or (byte.toLong() and 0x7f) })
    }
}

/** Takes what the decoder makes of one frame, without the 16 bits that it would cut it to. */
private class FrameOutput(private val channels: Int) : Obuffer() {
    private val samples = Array(channels) { FloatArray(MOST_FRAME_SAMPLES) }
    private val lengths = IntArray(channels)

    /** [frameSamples] of each channel. A frame whose beginning is in a frame that is not there decodes to nothing: it is silent. */
    fun interleaved(frameSamples: Int) = FloatArray(frameSamples * channels) { i ->
        val frame = i / channels
        if (frame < lengths[i % channels]) samples[i % channels][frame] / FULL_SCALE else 0f
    }

    override fun append(channel: Int, value: Short) {
        samples[channel][lengths[channel]++] = value.toFloat()
    }

    override fun appendSamples(channel: Int, block: FloatArray) {
        block.copyInto(samples[channel], lengths[channel])
        lengths[channel] += block.size
    }

    override fun clear_buffer() = lengths.fill(0)

    override fun write_buffer(value: Int) = Unit

    override fun close() = Unit

    override fun set_stop_flag() = Unit
}
