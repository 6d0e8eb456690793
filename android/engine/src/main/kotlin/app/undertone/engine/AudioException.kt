package app.undertone.engine

/**
 * The audio cannot be given an emotion.
 *
 * @property problem what is wrong with it.
 * @property reason the same in words, with the figures.
 * @property sample the first one at fault, counted from the first sample given; null where none is.
 */
public class AudioException(
    public val problem: AudioProblem,
    public val reason: String,
    public val sample: Long? = null,
) : Exception(reason)

/** Why audio has no emotion. */
public enum class AudioProblem {
    /** There is none. */
    Empty,

    /** It holds NaN, infinity, or samples far beyond full scale. */
    Damaged,

    /** All of it lies below -80 dB of full scale. */
    Silent,

    /** It is shorter than the shortest window of the model. */
    TooShort,
}
