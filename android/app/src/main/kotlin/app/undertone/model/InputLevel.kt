package app.undertone.model

import app.undertone.engine.EmotionEngine
import app.undertone.engine.gate.RumbleFilter
import kotlin.math.abs
import kotlin.math.log10

/** The level of silence: what the meter shows while nothing is recorded. */
internal const val SILENCE_DBFS = EmotionEngine.SILENCE_DBFS

/** A voice below it is too quiet. */
internal const val AUDIBLE_DBFS = -50f

private const val CLIPPED_FROM = 32_700
private const val CLIPPED_RUN_SAMPLES = 3

/**
 * Measures the level of a stream at [rateHz] chunk by chunk, above 100 Hz as the speech gate does: a DC offset, mains hum or rumble is
 * no voice. Not thread-safe.
 */
internal class InputLevel(rateHz: Int) {
    private val filter = RumbleFilter(rateHz)

    /**
     * Of the first [length] samples of [pcm], which follow those before and last [durationMs]. Three samples in a row at full scale are clipping: a single one
     * also occurs in clean speech. Where nothing audible is left without DC and rumble, no voice is clipped.
     */
    fun measure(pcm: ShortArray, length: Int, durationMs: Int): LiveEvent.Level {
        var run = 0
        var longestRun = 0
        for (i in 0 until length) {
            run = if (abs(pcm[i].toInt()) >= CLIPPED_FROM) run + 1 else 0
            longestRun = maxOf(longestRun, run)
        }
        val meanSquare = filter.meanSquare(pcm, length)
        val levelDbfs = levelDbfs(meanSquare)
        return LiveEvent.Level(
            levelDbfs = levelDbfs,
            isClipped = longestRun >= CLIPPED_RUN_SAMPLES && levelDbfs >= AUDIBLE_DBFS,
            durationMs = durationMs,
        )
    }

    /** Samples were lost: what follows may have another offset. */
    fun reset() = filter.reset()
}

/** The level of samples with this mean square, full scale = 1; at least [SILENCE_DBFS]. */
internal fun levelDbfs(meanSquare: Double): Float = (10 * log10(meanSquare)).toFloat().coerceAtLeast(SILENCE_DBFS)
