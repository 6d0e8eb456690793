package app.undertone.engine

/**
 * What a voice sounds like on the two axes of Russell (1980), Journal of Personality and Social Psychology 39. Experimental.
 *
 * @property arousal from about -1, calm, to 1, lively; the model's output is not bounded.
 * @property valence from about -1, negative, to 1, positive; not bounded either.
 */
public data class ArousalValence(public val arousal: Float, public val valence: Float)
