package app.undertone.engine

import app.undertone.engine.asset.AssetManifest
import app.undertone.engine.gate.GateParameters

/**
 * What a caller may choose for a stream. The numbers behind it stay the manifest's.
 *
 * @property sensitivity how readily the gate opens.
 * @property givesEarlyResults whether results come while a segment goes on, or at its end only.
 * @property adaptsToSession whether what all results of a stream have in common is taken off, as [AssetManifest.sessionAdaptation] says.
 */
public data class StreamOptions(
    public val sensitivity: GateSensitivity = GateSensitivity.Normal,
    public val givesEarlyResults: Boolean = true,
    public val adaptsToSession: Boolean = true,
)

/**
 * How readily the gate opens: the one place where the manifest's thresholds are scaled.
 *
 * Odds, not probabilities, are scaled: this shifts the detector's logit by a constant (log 2.5 = 0.92), so that thresholds keep their
 * order and stay in 0..1 whatever the manifest says.
 *
 * @property oddsFactor multiplies the odds of [GateParameters.enterProbability] and [GateParameters.leaveProbability].
 * @property marginFactor multiplies [GateParameters.noiseMarginDb].
 */
public enum class GateSensitivity(private val oddsFactor: Float, private val marginFactor: Float) {
    /** For rooms where others speak in the background. */
    Low(oddsFactor = 2.5f, marginFactor = 1.5f),

    /** The manifest's own numbers. */
    Normal(oddsFactor = 1f, marginFactor = 1f),

    /** For faint and distant voices. */
    High(oddsFactor = 1 / 2.5f, marginFactor = 1 / 1.5f),
    ;

    /** [parameters] with thresholds for this sensitivity; [Normal] changes nothing. */
    internal fun applyTo(parameters: GateParameters): GateParameters =
        if (this == Normal) {
            parameters
        } else {
            parameters.copy(
                enterProbability = scaled(parameters.enterProbability),
                leaveProbability = scaled(parameters.leaveProbability),
                noiseMarginDb = parameters.noiseMarginDb * marginFactor,
            )
        }

    private fun scaled(probability: Float): Float = oddsFactor * probability / (1 - probability + oddsFactor * probability)
}
