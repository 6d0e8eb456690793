package app.undertone.engine

/**
 * When results are given while someone speaks, and how they are smoothed.
 *
 * @property earlyResultMs the first early result after this much speech, and one more after each further piece that fits the window.
 * @property earlyWindowMs up to this much speech an early result is of all of the segment, and later of the latest part of this length.
 * @property earlyStepMs once speech fills the window, early results come after pieces of this length: on a long segment they cost
 *   [earlyWindowMs] / [earlyStepMs] passes over its speech.
 * @property smoothingMs what was heard this long ago weighs 1/e of what it did.
 * @property switchMargin another emotion is shown only if its smoothed probability is this much above the shown one's, in 0..1.
 */
internal data class LiveParameters(
    val earlyResultMs: Int,
    val earlyWindowMs: Int,
    val earlyStepMs: Int,
    val smoothingMs: Int,
    val switchMargin: Double,
) {
    init {
        require(earlyResultMs > 0) { "live.early_result_ms must be above 0, not $earlyResultMs" }
        require(earlyWindowMs >= earlyResultMs) {
            "live.early_window_ms must be at least early_result_ms ($earlyResultMs), not $earlyWindowMs"
        }
        require(earlyStepMs >= earlyResultMs) {
            "live.early_step_ms must be at least early_result_ms ($earlyResultMs), not $earlyStepMs"
        }
        require(smoothingMs > 0) { "live.smoothing_ms must be above 0, not $smoothingMs" }
        require(switchMargin in 0.0..1.0) { "live.switch_margin must be in 0..1, not $switchMargin" }
    }
}
