package app.undertone.engine

import kotlin.math.abs

/** The step of 16-bit audio: what stays below it everywhere is digital silence. */
private const val SMALLEST_AUDIBLE = 1f / 32768

/**
 * Requires that [length] samples of [pcm] from [offset] on are finite numbers and not all silent.
 *
 * @throws AudioException naming what is wrong, also for no samples at all.
 */
public fun requireAudible(pcm: FloatArray, offset: Int = 0, length: Int = pcm.size - offset) {
    require(offset >= 0 && length >= 0 && length <= pcm.size - offset) {
        "no $length samples from $offset on in an array of ${pcm.size}"
    }
    if (length == 0) throw AudioException("empty: there is no audio in it")
    var isAudible = false
    for (i in offset until offset + length) {
        val sample = pcm[i]
        if (!sample.isFinite()) throw AudioException("damaged: sample ${i - offset} is $sample")
        if (abs(sample) >= SMALLEST_AUDIBLE) isAudible = true
    }
    if (!isAudible) throw AudioException("silent: no sample reaches 1/32768 of full scale")
}
