package app.undertone.replay

import java.nio.ByteBuffer
import java.nio.ByteOrder

/** Frames of [channels], which are equally long, in [encoding], 8 bits signed, for [cafBytes] and [sphereBytes]. */
fun frameBytes(vararg channels: FloatArray, encoding: WavEncoding = WavEncoding.PCM_16, order: ByteOrder = ByteOrder.LITTLE_ENDIAN): ByteArray {
    val frames = channels.first().size
    val buffer = ByteBuffer.allocate(frames * channels.size * encoding.bits / 8).order(order)
    for (frame in 0 until frames) for (channel in channels) buffer.putSample(channel[frame], encoding, isSigned = true)
    return buffer.array()
}

/**
 * A Core Audio file that holds [audio].
 *
 * @param flags 1 for float, 2 for little endian.
 * @param statedBytes what the header says about the size of the audio and of the edit number before it, if not the truth.
 */
fun cafBytes(
    audio: ByteArray,
    format: String = "lpcm",
    flags: Int = 2,
    sampleBits: Int = 16,
    channels: Int = 1,
    frameBytes: Int = channels * sampleBits / 8,
    rateHz: Double = 16_000.0,
    statedBytes: Long = audio.size + 4L,
): ByteArray {
    val file = ByteBuffer.allocate(8 + 12 + 32 + 12 + 3 + 12 + 4 + audio.size)
    fun chunk(name: String, sizeBytes: Long) = file.put(name.encodeToByteArray()).putLong(sizeBytes)
    file.put("caff".encodeToByteArray()).putShort(1).putShort(0)
    chunk("desc", 32).putDouble(rateHz).put(format.encodeToByteArray())
    for (number in listOf(flags, frameBytes, 1, channels, sampleBits)) file.putInt(number)
    chunk("free", 3).put(ByteArray(3)) // an odd size, without padding
    chunk("data", statedBytes).putInt(0).put(audio)
    return file.array()
}

/** A SPHERE file that holds [audio]: 16 kHz, one channel, 16 bits, little endian, no count, unless [fields] say otherwise; null leaves one out. */
fun sphereBytes(audio: ByteArray, vararg fields: Pair<String, String?>, headerBytes: Int = 1024): ByteArray {
    val usual = listOf(
        "channel_count" to "-i 1",
        "sample_rate" to "-i 16000",
        "sample_n_bytes" to "-i 2",
        "sample_sig_bits" to "-i 16",
        "sample_coding" to "-s3 pcm",
        "sample_byte_format" to "-s2 01",
    )
    val lines = (usual + fields).toMap().filterValues { it != null }.map { (name, value) -> "$name $value\n" }
    val header = "NIST_1A\n%7d\n".format(headerBytes) + lines.joinToString("") + "end_head\n"
    return header.encodeToByteArray().copyOf(headerBytes) + audio
}
