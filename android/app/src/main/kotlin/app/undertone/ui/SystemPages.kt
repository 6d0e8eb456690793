package app.undertone.ui

import android.Manifest.permission.POST_NOTIFICATIONS
import android.app.Activity
import android.app.PendingIntent
import android.content.ActivityNotFoundException
import android.content.Context
import android.content.Intent
import android.content.pm.PackageManager.PERMISSION_GRANTED
import android.net.Uri
import android.os.Build
import android.provider.Settings
import app.undertone.MainActivity

/** Opens a page of the system. Returns false where this phone has none, or keeps it from apps: some vendors leave pages out. */
internal fun Activity.opens(page: Intent): Boolean = try {
    startActivity(page)
    true
} catch (_: ActivityNotFoundException) {
    false
} catch (_: SecurityException) {
    false
}

/** Opens the app as its icon does. */
internal fun Context.openAppIntent(): PendingIntent =
    PendingIntent.getActivity(this, 0, Intent(this, MainActivity::class.java), PendingIntent.FLAG_IMMUTABLE)

/**
 * Opens the page of the recording [sessionId], or the Files page where that is null.
 *
 * @param request a number of its own for each notification: intents that differ in their extras alone would be one to the system.
 */
internal fun Context.showIntent(request: Int, sessionId: Long?): PendingIntent {
    val intent = Intent(this, MainActivity::class.java).setAction(MainActivity.ACTION_SHOW)
    if (sessionId != null) intent.putExtra(MainActivity.EXTRA_SESSION, sessionId)
    return PendingIntent.getActivity(this, request, intent, PendingIntent.FLAG_IMMUTABLE or PendingIntent.FLAG_UPDATE_CURRENT)
}

/** Whether notifications are seen; before Android 13 nobody is asked. */
internal fun Activity.mayNotify() =
    Build.VERSION.SDK_INT < Build.VERSION_CODES.TIRAMISU || checkSelfPermission(POST_NOTIFICATIONS) == PERMISSION_GRANTED

/** The page of this app in the system's settings, or else the settings themselves. */
internal fun Activity.openAppSettings() {
    val page = Intent(Settings.ACTION_APPLICATION_DETAILS_SETTINGS, Uri.fromParts("package", packageName, null))
    if (!opens(page)) opens(Intent(Settings.ACTION_SETTINGS))
}

/** What [ask] asks of another app, a picker for example; [onMissing] where no app on this phone does that. */
internal inline fun orMissing(onMissing: () -> Unit, ask: () -> Unit) = try {
    ask()
} catch (_: ActivityNotFoundException) {
    onMissing()
}
