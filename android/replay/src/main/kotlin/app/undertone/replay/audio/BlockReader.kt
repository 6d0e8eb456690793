package app.undertone.replay.audio

import java.io.EOFException
import java.io.InputStream
import java.nio.ByteBuffer
import java.nio.ByteOrder

private const val READ_BYTES = 1 shl 16

/** Turns blocks of [blockBytes] bytes into [blockFrames] frames each, one block after the other. */
internal interface BlockDecoder {
    val blockBytes: Int
    val blockFrames: Int

    /** Decodes one block, from the position of [block] on and in its order of bytes, to interleaved [samples] from index [at] on, in [-1, 1). */
    fun decode(block: ByteBuffer, samples: FloatArray, at: Int)
}

/**
 * All whole blocks in the next [audioBytes] of [stream], as [decoder] reads them in this [order] of bytes, mixed down by [collector].
 *
 * @throws EOFException where [stream] ends before.
 */
internal fun readBlocks(
    stream: InputStream,
    decoder: BlockDecoder,
    collector: PcmCollector,
    audioBytes: Long,
    order: ByteOrder = ByteOrder.LITTLE_ENDIAN,
): Mixdown {
    var blocksLeft = audioBytes / decoder.blockBytes
    val blocksAtOnce = maxOf(1, READ_BYTES / decoder.blockBytes)
    val bytes = ByteArray(blocksAtOnce * decoder.blockBytes)
    val blockSamples = decoder.blockFrames * collector.channels
    val samples = FloatArray(blocksAtOnce * blockSamples)
    while (blocksLeft > 0) {
        val blocks = minOf(blocksLeft, blocksAtOnce.toLong()).toInt()
        val count = blocks * decoder.blockBytes
        if (stream.readNBytes(bytes, 0, count) < count) throw EOFException()
        val buffer = ByteBuffer.wrap(bytes).order(order)
        for (block in 0 until blocks) decoder.decode(buffer.position(block * decoder.blockBytes), samples, block * blockSamples)
        collector.add(samples, blocks * decoder.blockFrames)
        blocksLeft -= blocks
    }
    return collector.finish()
}

/** The next [count] bytes. @throws EOFException where there are fewer. */
internal fun InputStream.readExactly(count: Int): ByteArray = readNBytes(count).also { if (it.size < count) throw EOFException() }

/** The four letters at [index]. */
internal fun ByteBuffer.text(index: Int): String = String(array(), index, 4, Charsets.ISO_8859_1)
