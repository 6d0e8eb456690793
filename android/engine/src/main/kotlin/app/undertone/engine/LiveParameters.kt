package app.undertone.engine

/**
 * When results are given while someone speaks, and how they are smoothed.
 *
 * @property earlyResultMs the first early result after this much speech, and one more after each further piece of it.
 * @property earlyWindowMs an early result hears at most this much of the latest speech; it bounds the work on a long segment.
 * @property smoothingMs what was heard this long ago weighs 1/e of what it did.
 * @property switchMargin another emotion is shown only if its smoothed probability is this much above the shown one's, in 0..1.
 */
internal data class LiveParameters(
    val earlyResultMs: Int,
    val earlyWindowMs: Int,
    val smoothingMs: Int,
    val switchMargin: Double,
) {
    init {
        require(earlyResultMs > 0) { "live.early_result_ms must be above 0, not $earlyResultMs" }
        require(earlyWindowMs >= earlyResultMs) {
            "live.early_window_ms must be at least early_result_ms ($earlyResultMs), not $earlyWindowMs"
        }
        require(smoothingMs > 0) { "live.smoothing_ms must be above 0, not $smoothingMs" }
        require(switchMargin in 0.0..1.0) { "live.switch_margin must be in 0..1, not $switchMargin" }
    }
}
