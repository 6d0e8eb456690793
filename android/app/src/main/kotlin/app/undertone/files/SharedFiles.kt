package app.undertone.files

import android.content.ContentResolver
import android.content.Intent
import android.net.Uri
import androidx.core.content.IntentCompat

/**
 * The audio and video files that another app shares or opens with this one; none for any other intent, and for one that comes again because
 * the user came back from the list of recent apps.
 *
 * Only what the manifest declares, and only content that its owner grants: a path, or a file of this app itself ([ownPackage]), that
 * another app may not read is not read for it.
 */
fun Intent.sharedFiles(ownPackage: String): List<Uri> {
    if (flags and Intent.FLAG_ACTIVITY_LAUNCHED_FROM_HISTORY != 0 || !isMedia(type)) return emptyList()
    val files = when (action) {
        Intent.ACTION_SEND -> listOf(IntentCompat.getParcelableExtra(this, Intent.EXTRA_STREAM, Uri::class.java))
        Intent.ACTION_SEND_MULTIPLE -> IntentCompat.getParcelableArrayListExtra(this, Intent.EXTRA_STREAM, Uri::class.java).orEmpty()
        Intent.ACTION_VIEW -> listOf(data)
        else -> emptyList()
    }
    return files.filterNotNull().filter { file ->
        // In front of an @ may stand the number of an Android user.
        val authority = file.authority.orEmpty().substringAfterLast('@')
        file.scheme == ContentResolver.SCHEME_CONTENT && authority.isNotEmpty() && authority != ownPackage && !authority.startsWith("$ownPackage.")
    }
}

/** What the file chooser offers, and the manifest's intent filters. */
internal val MEDIA_TYPES = arrayOf("audio/*", "video/*", "application/ogg")

/** Files of several kinds that are shared together come as any type. */
private fun isMedia(type: String?): Boolean =
    type == null || type == "*/*" || MEDIA_TYPES.any { if (it.endsWith('*')) type.startsWith(it.dropLast(1)) else type == it }
