package app.undertone.model

import androidx.compose.runtime.Immutable
import app.undertone.model.summary.RibbonWindow

/**
 * How loud kept audio is over time.
 *
 * @param levelsDbfs root mean square of each bin, full scale = 0.
 * @param binMs length of a bin.
 */
@Immutable
class AudioEnvelope(internal val levelsDbfs: FloatArray, internal val binMs: Int) {
    /** The highest level in each of [columns] equal parts of [window], in dBFS; silence behind the end of the audio. */
    fun columns(window: RibbonWindow, columns: Int): FloatArray = FloatArray(columns) { column ->
        val from = (window.positionAt(column.toFloat() / columns) / binMs).toInt()
        val until = (window.positionAt((column + 1f) / columns) / binMs).toInt().coerceAtLeast(from + 1)
        (from..<minOf(until, levelsDbfs.size)).maxOfOrNull { levelsDbfs[it] } ?: SILENCE_DBFS
    }
}

/** The level of samples of 16 bits with this mean square. */
internal fun levelOfPcm16(meanSquare: Double): Float = levelDbfs(meanSquare / (FULL_SCALE * FULL_SCALE))

private const val FULL_SCALE = 32_768.0
