package app.undertone.history.export

import android.content.ClipData
import android.content.ComponentName
import android.content.Context
import android.content.Intent
import android.net.Uri
import androidx.core.content.FileProvider
import app.undertone.MainActivity
import app.undertone.model.KeptAudioFormat
import app.undertone.model.Session
import app.undertone.model.storing
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import java.io.File
import java.time.Instant
import java.time.ZoneId
import java.time.format.DateTimeFormatter
import java.util.Locale

/**
 * Gives kept audio to other apps, under names that say what it is.
 *
 * @param folder of the kept audio; asked for off the main thread.
 */
class KeptAudioFiles(private val context: Context, private val folder: () -> File) {
    /**
     * What asks the user which app gets the audio of [session]; null where that is not there to be read. The app that is chosen may read
     * this one file, and nothing else.
     */
    suspend fun sharing(session: Session, here: ZoneId): Intent? = withContext(Dispatchers.IO) {
        storing({ null }) {
            val file = session.keptFile()?.takeIf { it.canRead() } ?: return@withContext null
            val name = session.audioName(here)
            val uri = FileProvider.getUriForFile(context, "${context.packageName}.audio", file, name)
            val send = Intent(Intent.ACTION_SEND)
                .setType(KeptAudioFormat.of(file.name)?.mimeType ?: "audio/*")
                .putExtra(Intent.EXTRA_STREAM, uri)
                .putExtra(Intent.EXTRA_TITLE, name)
                .addFlags(Intent.FLAG_GRANT_READ_URI_PERMISSION)
            send.clipData = ClipData.newRawUri(name, uri)
            Intent.createChooser(send, null)
                // It came from here.
                .putExtra(Intent.EXTRA_EXCLUDE_COMPONENTS, arrayOf(ComponentName(context, MainActivity::class.java)))
        }
    }

    /** Copies the audio of [session] into [document]. Returns whether all of it was written: see [writeDocument]. */
    suspend fun save(session: Session, document: Uri): Boolean = context.contentResolver.writeDocument(document) { stream ->
        checkNotNull(session.keptFile()).inputStream().use { it.copyTo(stream) }
    }

    private fun Session.keptFile(): File? = audioFile?.let { File(folder(), it) }
}

/**
 * A name for the kept audio of a session that says what it is outside of the app: the session's own, or else when it began, by the clock
 * of its place. Fits every file system.
 */
internal fun Session.audioName(here: ZoneId): String {
    val own = title.orEmpty().map { if (it in NOT_IN_NAMES || it.isISOControl()) ' ' else it }.joinToString("")
        .replace(Regex("\\s+"), " ").trim(' ', '.').take(LONGEST_NAME).trimEnd()
    val began = FILE_TIME.format(Instant.ofEpochMilli(startedAtMs).atZone(zone(here)))
    return "${own.ifEmpty { "Undertone $began" }}.${File(audioFile.orEmpty()).extension}"
}

/** Of FAT and NTFS, the strictest. */
private const val NOT_IN_NAMES = "\\/:*?\"<>|"

/** In characters; file systems count 255 bytes, and an Arabic letter takes two, an emoji four. */
private const val LONGEST_NAME = 60

private val FILE_TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH.mm", Locale.ROOT)
