package app.undertone.engine

/** The mean square of -80 dB of full scale: the hiss of a converter or dither, never a voice. */
private const val INAUDIBLE_MEAN_SQUARE = 1e-8

/**
 * Requires that [length] samples of [pcm] from [offset] on are finite numbers, and that their RMS, without DC, reaches -80 dB of full scale.
 *
 * @throws AudioException naming what is wrong, also for no samples at all.
 */
@InternalUndertoneApi
public fun requireAudible(pcm: FloatArray, offset: Int = 0, length: Int = pcm.size - offset) {
    require(offset >= 0 && length >= 0 && length <= pcm.size - offset) {
        "no $length samples from $offset on in an array of ${pcm.size}"
    }
    if (length == 0) throw AudioException(AudioProblem.Empty, "empty: there is no audio in it")
    var sum = 0.0
    for (i in offset until offset + length) {
        val sample = pcm[i]
        if (!sample.isFinite()) throw AudioException(AudioProblem.Damaged, "damaged: sample ${i - offset} is $sample", (i - offset).toLong())
        sum += sample
    }
    val mean = sum / length
    var squares = 0.0
    for (i in offset until offset + length) squares += (pcm[i] - mean) * (pcm[i] - mean)
    if (squares / length < INAUDIBLE_MEAN_SQUARE) {
        throw AudioException(AudioProblem.Silent, "silent: what is in it lies below -80 dB of full scale")
    }
}
