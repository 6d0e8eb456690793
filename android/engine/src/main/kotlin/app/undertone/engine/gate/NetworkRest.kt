package app.undertone.engine.gate

import kotlin.math.pow

/**
 * Decides which frames the speech network may leave out: well inside speech of which it is sure, three of four are as the one before.
 *
 * A level that falls ends the rest, so that the end of speech is found in its frame. In silence the network takes every frame: where it heard
 * only every second one, it found faint onsets too late, and took sneezes for speech (`evaluate-gate`). Not thread-safe; allocates nothing.
 */
internal class NetworkRest(parameters: GateParameters) {
    private val sureProbability = maxOf(SURE_PROBABILITY, parameters.enterProbability)
    private var restedFrames = 0
    private var framePower = 0.0

    /** The probability of the frame that the network was last run on, which holds for those that it rests through. */
    var probability: Float = 0f
        private set

    /**
     * Whether the network may leave out the next frame.
     *
     * @param framePower its mean square.
     * @param isWellInside whether the gate is open, and the shortest speech that counts is behind it: a rest makes no speech of a noise.
     */
    fun accept(framePower: Double, isWellInside: Boolean): Boolean {
        val rests = isWellInside && probability >= sureProbability && restedFrames < LONGEST_FRAMES &&
            framePower > this.framePower * LOWEST_POWER
        if (rests) restedFrames++
        return rests
    }

    /** The network was run on a frame of this mean square, and gave [probability]. */
    fun onRun(probability: Float, framePower: Double) {
        this.probability = probability
        this.framePower = framePower
        restedFrames = 0
    }

    /** The next frame does not follow the last one. */
    fun reset() {
        probability = 0f
    }

    private companion object {
        const val SURE_PROBABILITY = 0.8f
        const val LONGEST_FRAMES = 3

        /** 20 dB below, as between a vowel and the pause after a word. */
        val LOWEST_POWER = 10.0.pow(-20 / 10.0)
    }
}
