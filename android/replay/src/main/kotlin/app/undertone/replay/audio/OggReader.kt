package app.undertone.replay.audio

import com.jcraft.jogg.Packet
import com.jcraft.jogg.Page
import com.jcraft.jogg.StreamState
import com.jcraft.jogg.SyncState
import com.jcraft.jorbis.Block
import com.jcraft.jorbis.Comment
import com.jcraft.jorbis.DspState
import com.jcraft.jorbis.Info
import io.github.jaredmdobson.concentus.OpusDecoder
import java.io.InputStream
import java.nio.ByteBuffer
import java.nio.ByteOrder

private const val READ_BYTES = 8192
private const val VORBIS_HEADERS = 3
private const val OPUS_HEAD_BYTES = 19
private const val OPUS_CLOCK_HZ = 48_000
private const val LONGEST_OPUS_PACKET_MS = 120
private val opusRatesHz = listOf(8_000, 12_000, 16_000, 24_000, 48_000)

/**
 * Reads Vorbis or Opus from the Ogg file [source], all or one [channel] of it: its first stream, to the last whole page. A recorder that was
 * killed and a live stream leave no page that is marked as the last one.
 *
 * Sources: RFC 3533; Vorbis I specification; RFC 7845.
 *
 * @throws UnreadableAudioException for other codecs, more than two channels of Opus, pages that are damaged or missing, and a file
 * that ends within a page.
 */
internal fun readOgg(source: AudioSource, channel: Int? = null): Mixdown = source.open().use { stream ->
    val packets = OggPackets(stream)
    val head = packets.nextHeader()
    when {
        head.startsWith("OpusHead") -> readOpus(packets, head, channel)
        head.startsWith("\u0001vorbis") -> readVorbis(packets, head, channel)
        else -> throw UnreadableAudioException("an Ogg file of another codec than Vorbis and Opus; convert it to WAV, FLAC or Opus")
    }
}

private fun readVorbis(packets: OggPackets, head: Packet, channel: Int?): Mixdown = decoding("Vorbis") {
    val info = Info().apply { init() }
    val comment = Comment().apply { init() }
    repeat(VORBIS_HEADERS) { number ->
        val packet = if (number == 0) head else packets.nextHeader()
        if (info.synthesis_headerin(comment, packet) < 0) throw UnreadableAudioException("damaged: its Vorbis headers make no sense; copy it again")
    }
    val synthesis = DspState().apply { synthesis_init(info) }
    val block = Block(synthesis)
    val collector = PcmCollector(info.rate, info.channels, channel)
    val frames = PositionedFrames(collector, info.channels, skipped = 0)
    val planes = arrayOfNulls<Array<FloatArray>>(1)
    val starts = IntArray(info.channels)
    while (true) {
        val packet = packets.next() ?: break
        if (block.synthesis(packet) != 0) throw UnreadableAudioException("damaged: its Vorbis data make no sense; copy it again")
        synthesis.synthesis_blockin(block)
        while (true) {
            val count = synthesis.synthesis_pcmout(planes, starts)
            if (count <= 0) break
            val ofChannel = planes[0]!!
            frames.add(
                FloatArray(count * info.channels) { i ->
                    val channelOfSample = i % info.channels
                    ofChannel[channelOfSample][starts[channelOfSample] + i / info.channels]
                },
            )
            synthesis.synthesis_read(count)
        }
        frames.endPacket(packet.granulepos, isLast = packet.e_o_s != 0)
    }
    collector.finish()
}

private fun readOpus(packets: OggPackets, head: Packet, channel: Int?): Mixdown = decoding("Opus") {
    if (head.bytes < OPUS_HEAD_BYTES) throw UnreadableAudioException("damaged: its Opus header has ${head.bytes} bytes; copy it again")
    val header = ByteBuffer.wrap(head.packet_base, head.packet, head.bytes).slice().order(ByteOrder.LITTLE_ENDIAN)
    val channels = header.get(9).toInt() and 0xff
    if (channels !in 1..2) throw UnreadableAudioException("its Opus audio has $channels channels; mix it down to one or two")
    // Its decoder gives any of these rates, all of which have the sound of a voice; others know the rate of the recording as well.
    val rateHz = header.getInt(12).takeIf { it in opusRatesHz } ?: OPUS_CLOCK_HZ
    val ticks = OPUS_CLOCK_HZ / rateHz // positions count 48 kHz, whatever is decoded
    val decoder = OpusDecoder(rateHz, channels).apply { gain = header.getShort(16).toInt() }
    val collector = PcmCollector(rateHz, channels, channel)
    val longest = rateHz * LONGEST_OPUS_PACKET_MS / 1000
    val decoded = ShortArray(longest * channels)
    val frames = PositionedFrames(collector, channels, skipped = (header.getShort(10).toLong() and 0xffff) / ticks)
    packets.nextHeader() // the comments
    while (true) {
        val packet = packets.next() ?: break
        val count = decoder.decode(packet.packet_base, packet.packet, packet.bytes, decoded, 0, longest, false)
        frames.add(FloatArray(count * channels) { decoded[it] / 32768f })
        frames.endPacket(if (packet.granulepos < 0) -1 else packet.granulepos / ticks, isLast = packet.e_o_s != 0)
    }
    collector.finish()
}

/**
 * Decoded frames on their way to [collector]. The first [skipped] ones are not of the recording, and neither are those of the last page
 * beyond the position at which it says that it ends.
 */
private class PositionedFrames(private val collector: PcmCollector, private val channels: Int, private val skipped: Long) {
    private val ofPage = ArrayList<FloatArray>() // the position of a page comes with its last packet
    private var framesBefore = 0L
    private var firstPosition: Long? = null

    fun add(interleaved: FloatArray) {
        ofPage.add(interleaved)
    }

    /** [position]: the frames up to the end of the packet, counted from the start of what was recorded; negative but for the last one of a page. */
    fun endPacket(position: Long, isLast: Boolean) {
        if (position < 0) return
        val decoded = framesBefore + ofPage.sumOf { it.size / channels }
        val first = firstPosition ?: maxOf(0, position - decoded).also { firstPosition = it } // a live stream starts somewhere
        val end = if (isLast) minOf(decoded, position - first) else decoded
        for (interleaved in ofPage) {
            collector.addKept(interleaved, framesBefore, skipped until end)
            framesBefore += interleaved.size / channels
        }
        ofPage.clear()
    }
}

/** The packets of the first logical stream in [stream], from page to page. */
private class OggPackets(private val stream: InputStream) {
    private val sync = SyncState().apply { init() }
    private val page = Page()
    private val packet = Packet()
    private var packets: StreamState? = null
    private var serial = 0
    private var nextPage = 0

    /** The next packet, which has to be there. */
    fun nextHeader(): Packet = next() ?: throw UnreadableAudioException("truncated: it ends within its header")

    /** The next packet, whose bytes are valid until the next call; null at the end. */
    fun next(): Packet? {
        while (true) {
            when (packets?.packetout(packet) ?: 0) {
                1 -> return packet
                0 -> if (!readPage()) return null
                else -> throw damaged()
            }
        }
    }

    private fun readPage(): Boolean {
        while (true) {
            when (sync.pageout(page)) {
                1 -> if (take()) return true
                0 -> if (!readBytes()) return false
                else -> throw damaged()
            }
        }
    }

    /** Whether the page is one of the stream that is read. */
    private fun take(): Boolean {
        val pages = packets ?: StreamState().also {
            serial = page.serialno()
            it.init(serial)
            packets = it
        }
        if (page.serialno() != serial) return false
        val number = ByteBuffer.wrap(page.header_base, page.header + 18, 4).order(ByteOrder.LITTLE_ENDIAN).getInt()
        if (number != nextPage++ || pages.pagein(page) < 0) throw damaged()
        return true
    }

    private fun readBytes(): Boolean {
        val at = sync.buffer(READ_BYTES)
        val count = stream.readNBytes(sync.data, at, READ_BYTES)
        sync.wrote(count)
        if (count == 0 && sync.bufferOffset > sync.dataOffset) {
            throw UnreadableAudioException("truncated: it ends within a page; copy it again")
        }
        return count > 0
    }

    private fun damaged() = UnreadableAudioException("damaged: pages of it make no sense or are missing; copy it again")
}

private fun Packet.startsWith(magic: String) = bytes >= magic.length && String(packet_base, packet, magic.length, Charsets.ISO_8859_1) == magic
