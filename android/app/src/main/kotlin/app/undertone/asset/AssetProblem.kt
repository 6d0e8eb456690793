package app.undertone.asset

/** Why the model cannot be used. */
sealed interface AssetProblem {
    /** @param file name inside the asset folder. */
    data class Damaged(val file: String, val reason: String) : AssetProblem

    /** The models could not be copied out of the APK. */
    data class NotUnpacked(val reason: String) : AssetProblem

    /** The APK carries no ONNX Runtime for this device. */
    data object NoRuntime : AssetProblem

    /** Recognition failed while it ran. */
    data class Stopped(val reason: String) : AssetProblem
}
