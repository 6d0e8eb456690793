package app.undertone.recording

import java.io.File

/**
 * What kept audio is stored as.
 *
 * @param extension of its files.
 * @param mimeType as Android's own table has it, so that no picker adds a second extension.
 */
enum class KeptAudioFormat(val extension: String, val mimeType: String) {
    Wav("wav", "audio/x-wav"),
    ;

    companion object {
        /** By the name of a file; null of one that is no kept audio. */
        fun of(name: String): KeptAudioFormat? = File(name).extension.let { extension -> entries.firstOrNull { it.extension == extension } }
    }
}
