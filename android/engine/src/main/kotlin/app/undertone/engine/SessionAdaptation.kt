package app.undertone.engine

/**
 * How much of what all results of a stream have in common is taken off their logits.
 *
 * @property priorResults after so many finished segments half of their mean logits is taken off; n / (n + priorResults) after n.
 * @property largestShift the most by which a logit changes. It keeps a voice of one mood what it is: the mean of its logits is the mood itself.
 */
internal data class SessionAdaptationParameters(
    val priorResults: Double,
    val largestShift: Double,
) {
    init {
        require(priorResults > 0 && priorResults.isFinite()) { "session_adaptation.prior_results must be above 0, not $priorResults" }
        require(largestShift > 0 && largestShift.isFinite()) { "session_adaptation.largest_shift must be above 0, not $largestShift" }
    }
}

/**
 * Takes off what a voice, a room and a language shift in all logits of a stream at once. Not thread-safe.
 *
 * The shift is the mean logits of the segments that ended, less what all labels have in common, shrunk towards 0 while there are few
 * and clipped. The same as `SessionAdaptation` in model_builder/evaluation/session_adaptation.py, in double precision.
 */
internal class SessionAdaptation(private val parameters: SessionAdaptationParameters, labels: Int) {
    private val sums = DoubleArray(labels) // of the logits of all segments that ended
    private var results = 0L

    /** [logits] less the shift that is known by now; unchanged before the first segment ended. */
    fun adapted(logits: List<Float>): List<Float> {
        val common = sums.average()
        return logits.mapIndexed { label, logit ->
            val shift = (sums[label] - common) / (results + parameters.priorResults)
            (logit - shift.coerceIn(-parameters.largestShift, parameters.largestShift)).toFloat()
        }
    }

    /** Takes the [logits] of a segment that ended, as the model gave them, as evidence for all that follow. */
    fun accept(logits: List<Float>) {
        logits.forEachIndexed { label, logit -> sums[label] += logit }
        results++
    }

    fun reset() {
        sums.fill(0.0)
        results = 0
    }
}
