package app.undertone.selfcheck

import app.undertone.engine.asset.AssetException
import app.undertone.engine.asset.AssetSource
import kotlinx.serialization.Serializable
import kotlinx.serialization.SerializationException
import kotlinx.serialization.json.Json
import java.nio.ByteBuffer
import java.nio.ByteOrder

/** The asset's `golden.json`: recordings and what a correct engine gives for them. */
@Serializable
internal data class GoldenClips(val tolerance: Double, val cases: List<GoldenClip>)

/**
 * @property file 16 kHz mono WAV of 16 bits, relative to the asset.
 * @property samples its length.
 * @property logits in the manifest's order of labels.
 */
@Serializable
internal data class GoldenClip(
    val file: String,
    val samples: Int,
    val logits: List<Float>,
)

private const val GOLDEN = "golden.json"
private const val WAV_HEADER_BYTES = 44
private const val FULL_SCALE = 32_768f
private val json = Json { ignoreUnknownKeys = true }

/** @throws AssetException when the file is not what `make asset` writes. */
internal fun AssetSource.readGoldenClips(): GoldenClips = try {
    json.decodeFromString<GoldenClips>(open(GOLDEN).use { it.readBytes() }.decodeToString())
} catch (e: SerializationException) {
    throw AssetException(GOLDEN, "is not what this app reads (${e.message?.lineSequence()?.first()})", cause = e)
}

/** The samples of [clip], in [-1, 1). The plain header that `make asset` writes is taken for granted: the file's hash was checked. */
internal fun AssetSource.readPcm(clip: GoldenClip): FloatArray {
    val bytes = open(clip.file).use { it.readBytes() }
    if (bytes.size != WAV_HEADER_BYTES + Short.SIZE_BYTES * clip.samples) {
        throw AssetException(clip.file, "has ${bytes.size} bytes, which are not ${clip.samples} samples")
    }
    val samples = ByteBuffer.wrap(bytes, WAV_HEADER_BYTES, bytes.size - WAV_HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer()
    return FloatArray(clip.samples) { samples.get(it) / FULL_SCALE }
}
