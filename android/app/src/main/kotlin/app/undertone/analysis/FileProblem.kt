package app.undertone.analysis

import app.undertone.asset.AssetProblem
import kotlinx.serialization.Serializable
import java.io.IOException

/** Why a file has no emotions to show. */
@Serializable
sealed interface FileProblem {
    /** It is gone, or the app that offered it does not give it out. */
    @Serializable
    data object Unreadable : FileProblem

    /** The app that offers it has not all of it at hand, as with a file in a cloud while the phone is offline. */
    @Serializable
    data object NotLoaded : FileProblem

    /** There is no audio in it, or none that this phone can decode. */
    @Serializable
    data object NotAudio : FileProblem

    /** No app on this phone lets a file be chosen. */
    @Serializable
    data object NoChooser : FileProblem

    /** It is encrypted. */
    @Serializable
    data object Protected : FileProblem

    @Serializable
    data object Empty : FileProblem

    @Serializable
    data class TooLarge(val limitBytes: Long) : FileProblem

    @Serializable
    data class TooLong(val limitMs: Long) : FileProblem

    /** The decoder broke off before the end. */
    @Serializable
    data object Damaged : FileProblem

    @Serializable
    data object NoSpeech : FileProblem

    /** The result found no room on this phone. */
    @Serializable
    data object NotStored : FileProblem

    @Serializable
    data class Engine(val problem: AssetProblem) : FileProblem
}

/** The file cannot be analysed, because of [problem]. */
class AudioFileException(val problem: FileProblem, cause: Throwable? = null) : IOException(problem.toString(), cause)
