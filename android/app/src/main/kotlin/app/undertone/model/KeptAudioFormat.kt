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
        private const val LEVELS = ".levels"

        /** Behind the name of a file that is not whole yet. */
        const val PART = ".part"

        /** The name of the file with the levels of the kept audio [name]; see keptLevels. */
        fun levelsName(name: String): String = name + LEVELS

        /** The name of the kept audio to which the file of levels [name] belongs; null of other files. */
        fun ofLevels(name: String): String? = if (name.endsWith(LEVELS)) name.removeSuffix(LEVELS) else null

        /** Deletes the kept audio [name] in [folder], and what was made of it. Touches the disk. */
        fun delete(folder: File, name: String) {
            File(folder, name).delete()
            File(folder, levelsName(name)).delete()
        }

        /** The name that the file [name] has once it is compressed; null where it is not to be. */
        fun compressedName(name: String): String? = if (name.endsWith(WAITING)) "${name.removeSuffix(WAITING)}.${Aac.extension}" else null

        /** By the name of a file; null of one that is no kept audio. */
        fun of(name: String): KeptAudioFormat? = File(name).extension.let { extension -> entries.firstOrNull { it.extension == extension } }
    }
}
