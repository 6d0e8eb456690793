package app.undertone.engine.gate

import kotlin.math.pow

/**
 * Decides which frames are worth the network's work: those that stand out from the noise floor, and what follows them.
 *
 * Two frames in a row must stand out, so that a click does not count; what was missed until then is covered by the pre-roll.
 * Not thread-safe; allocates nothing.
 */
internal class EnergyGate(parameters: GateParameters, sampleRateHz: Int) {
    private val margin = 10.0.pow(parameters.noiseMarginDb / 10.0)
    private val holdFrames = parameters.frames(parameters.networkHoldMs, sampleRateHz)
    private val learningFrames = parameters.frames(LEARNING_MS, sampleRateHz)
    private val floor = NoiseFloor(parameters.frames(parameters.noiseWindowMs, sampleRateHz))
    private var framesMeasured = 0
    private var loudFrames = 0
    private var framesSinceLoud = holdFrames + 1

    /** Whether the frame with this mean square goes to the network. */
    fun accept(framePower: Double): Boolean {
        floor.accept(framePower)
        val isLoud = framePower > maxOf(floor.power, INAUDIBLE_POWER) * margin
        loudFrames = if (isLoud) loudFrames + 1 else 0
        framesSinceLoud = if (loudFrames >= 2) 0 else minOf(framesSinceLoud + 1, holdFrames + 1)
        // Where a recording starts in the middle of a word, the floor is not known yet.
        val isLearning = framesMeasured < learningFrames
        if (isLearning) framesMeasured++
        return framesSinceLoud <= holdFrames || (isLearning && framePower > INAUDIBLE_POWER)
    }

    fun reset() {
        floor.reset()
        framesMeasured = 0
        loudFrames = 0
        framesSinceLoud = holdFrames + 1
    }

    private companion object {
        const val LEARNING_MS = 1_000

        /** -80 dB of full scale: the hiss of a converter, never a voice. */
        const val INAUDIBLE_POWER = 1e-8
    }
}
