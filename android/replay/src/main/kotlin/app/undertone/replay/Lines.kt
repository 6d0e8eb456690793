package app.undertone.replay

import app.undertone.engine.EmotionEstimate
import app.undertone.engine.EmotionEvent

/** Prints what is heard in the file [file], a line at a time. */
internal interface Lines {
    fun frame(file: String, startSample: Long, speechProbability: Float, reachedNetwork: Boolean)

    fun event(file: String, event: EmotionEvent)

    /** The estimate of a whole file of [samples]. */
    fun whole(file: String, samples: Long, estimate: EmotionEstimate)
}
