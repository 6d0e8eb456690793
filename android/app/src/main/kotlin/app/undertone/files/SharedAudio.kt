package app.undertone.files

import android.content.ContentResolver
import android.content.Intent
import android.net.Uri
import androidx.core.content.IntentCompat

/**
 * The audio that another app shares or opens with this one; null for any other intent, and for one that comes again because the user
 * came back from the list of recent apps.
 *
 * Only what the manifest declares, and only content that its owner grants: a path, or a file of this app itself ([ownPackage]), that
 * another app may not read is not read for it.
 */
fun Intent.sharedAudio(ownPackage: String): Uri? {
    if (flags and Intent.FLAG_ACTIVITY_LAUNCHED_FROM_HISTORY != 0) return null
    val file = when (action) {
        Intent.ACTION_SEND -> IntentCompat.getParcelableExtra(this, Intent.EXTRA_STREAM, Uri::class.java)
        Intent.ACTION_VIEW -> data
        else -> null
    }
    // In front of an @ may stand the number of an Android user.
    val authority = file?.authority.orEmpty().substringAfterLast('@')
    return file?.takeIf {
        type?.startsWith("audio/") != false && it.scheme == ContentResolver.SCHEME_CONTENT && authority.isNotEmpty() &&
            authority != ownPackage && !authority.startsWith("$ownPackage.")
    }
}
