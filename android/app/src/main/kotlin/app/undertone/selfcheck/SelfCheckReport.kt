package app.undertone.selfcheck

import androidx.compose.runtime.Immutable

/**
 * What the golden clips of the asset gave on this phone.
 *
 * @param largestLogitError the largest |logit - golden logit| of all clips.
 * @param tolerance the largest error that a correct engine may have.
 * @param wrongLabels clips whose emotion is another than the golden one.
 * @param loadMs verifying and loading the models.
 * @param medianMsPerSecond inference time for a second of audio; the 50th percentile over clips and runs.
 * @param slowMsPerSecond the 95th percentile of the same.
 * @param memoryKib proportional set size of the app with the model loaded.
 * @param modelSha256 the first digits of the emotion model's hash.
 */
@Immutable
data class SelfCheckReport(
    val clips: Int,
    val largestLogitError: Double,
    val tolerance: Double,
    val wrongLabels: Int,
    val loadMs: Double,
    val medianMsPerSecond: Double,
    val slowMsPerSecond: Double,
    val memoryKib: Long,
    val modelSha256: String,
) {
    /** Whether this phone computes what the model's builder computed. */
    val hasPassed: Boolean get() = largestLogitError <= tolerance && wrongLabels == 0
}

/** Where a report comes from. */
@Immutable
data class Phone(val model: String, val abi: String, val androidVersion: String, val appVersion: String)
