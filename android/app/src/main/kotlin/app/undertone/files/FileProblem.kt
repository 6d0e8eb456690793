package app.undertone.files

import app.undertone.asset.AssetProblem
import java.io.IOException

/** Why a file has no emotions to show. */
sealed interface FileProblem {
    /** It is gone, or the app that offered it does not give it out. */
    data object Unreadable : FileProblem

    /** The app that offers it has not all of it at hand, as with a file in a cloud while the phone is offline. */
    data object NotLoaded : FileProblem

    /** There is no audio in it, or none that this phone can decode. */
    data object NotAudio : FileProblem

    /** No app on this phone lets a file be chosen. */
    data object NoChooser : FileProblem

    /** It is encrypted. */
    data object Protected : FileProblem

    data object Empty : FileProblem

    data class TooLarge(val limitBytes: Long) : FileProblem

    data class TooLong(val limitMs: Long) : FileProblem

    /** The decoder broke off before the end. */
    data object Damaged : FileProblem

    data object NoSpeech : FileProblem

    /** The result found no room on this phone. */
    data object NotStored : FileProblem

    data class Engine(val problem: AssetProblem) : FileProblem
}

/** The file cannot be heard, because of [problem]. */
class AudioFileException(val problem: FileProblem, cause: Throwable? = null) : IOException(problem.toString(), cause)
