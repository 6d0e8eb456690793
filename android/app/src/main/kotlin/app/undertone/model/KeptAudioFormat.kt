package app.undertone.model

import java.io.File

/**
 * What kept audio is stored as.
 *
 * @param extension of its files.
 * @param mimeType as Android's own table has it, so that no picker adds a second extension.
 */
enum class KeptAudioFormat(val extension: String, val mimeType: String) {
    Wav("wav", "audio/x-wav"),

    /** AAC-LC in MP4: an eighth of it. An MP4 file is not readable before its end is written, so it is recorded as WAV and compressed afterwards. */
    Aac("m4a", "audio/mp4"),
    ;

    /** The name of the WAV that a recording is written into while it goes on. */
    fun recordedName(startedAtMs: Long): String = when (this) {
        Wav -> "$startedAtMs.${Wav.extension}"
        Aac -> "$startedAtMs$WAITING"
    }

    companion object {
        private const val WAITING = ".pending.wav"

        /** The name that the file [name] has once it is compressed; null where it is not to be. */
        fun compressedName(name: String): String? = if (name.endsWith(WAITING)) "${name.removeSuffix(WAITING)}.${Aac.extension}" else null

        /** By the name of a file; null of one that is no kept audio. */
        fun of(name: String): KeptAudioFormat? = File(name).extension.let { extension -> entries.firstOrNull { it.extension == extension } }
    }
}
