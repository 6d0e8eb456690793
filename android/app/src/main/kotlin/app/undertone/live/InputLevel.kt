package app.undertone.live

import app.undertone.engine.EmotionEngine
import kotlin.math.abs
import kotlin.math.log10
import kotlin.math.sqrt

/** The level of silence: what the meter shows while nothing is recorded. */
internal const val SILENCE_DBFS = EmotionEngine.SILENCE_DBFS

private const val FULL_SCALE = 32_768.0
private const val CLIPPED_FROM = 32_700
private const val CLIPPED_RUN_SAMPLES = 3

/**
 * Measures the first [length] samples of [pcm], which last [durationMs]. Three samples in a row at full scale are clipping: a single
 * one also occurs in clean speech.
 */
internal fun inputLevel(pcm: ShortArray, length: Int, durationMs: Int): LiveEvent.Level {
    var energy = 0.0
    var run = 0
    var longestRun = 0
    for (i in 0 until length) {
        val sample = pcm[i]
        energy += sample.toDouble() * sample
        run = if (abs(sample.toInt()) >= CLIPPED_FROM) run + 1 else 0
        longestRun = maxOf(longestRun, run)
    }
    val rms = if (length == 0) 0.0 else sqrt(energy / length) / FULL_SCALE
    val levelDbfs = if (rms > 0) (20 * log10(rms)).toFloat() else SILENCE_DBFS
    return LiveEvent.Level(
        levelDbfs = levelDbfs.coerceAtLeast(SILENCE_DBFS),
        isClipped = longestRun >= CLIPPED_RUN_SAMPLES,
        durationMs = durationMs,
    )
}
