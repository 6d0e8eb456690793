package app.undertone.asset

import app.undertone.engine.asset.AssetException
import kotlinx.serialization.Serializable

/** Why the model cannot be used. */
@Serializable
sealed interface AssetProblem {
    /** @param file name inside the asset folder. */
    @Serializable
    data class Damaged(val file: String, val reason: String) : AssetProblem

    /** The APK carries no ONNX Runtime for this device. */
    @Serializable
    data object NoRuntime : AssetProblem

    /** Recognition failed while it ran. */
    @Serializable
    data class Stopped(val reason: String) : AssetProblem
}

/** What [error], thrown while the asset was opened, means; null for what no asset can cause. */
internal fun assetProblemOf(error: Throwable): AssetProblem? = when (error) {
    is AssetException -> AssetProblem.Damaged(error.file, error.reason) // its advice is for whoever builds the app
    is LinkageError -> AssetProblem.NoRuntime
    is Exception -> AssetProblem.Stopped(error.message ?: error.javaClass.simpleName)
    else -> null
}
