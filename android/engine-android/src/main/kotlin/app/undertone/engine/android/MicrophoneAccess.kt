package app.undertone.engine.android

import android.Manifest.permission.RECORD_AUDIO
import android.app.AppOpsManager
import android.app.AppOpsManager.MODE_IGNORED
import android.app.AppOpsManager.OPSTR_RECORD_AUDIO
import android.content.Context
import android.content.pm.PackageManager.PERMISSION_GRANTED
import android.media.AudioManager
import android.os.Build
import androidx.annotation.RequiresApi
import app.undertone.engine.MicrophoneProblem

/**
 * Tells apart what keeps this app from the microphone, as far as the system lets an app know.
 *
 * No app may ask for the microphone's privacy switch, but it restricts the app-op of recording for every app, whatever is granted:
 * then the raw mode is "ignored" as well. A grant that holds only while the app is in use leaves the raw mode at "foreground", and the
 * evaluated one is "ignored" once the app is out of sight.
 */
internal class MicrophoneAccess(private val context: Context) {
    private val ops = context.getSystemService(AppOpsManager::class.java)
    private val audio = context.getSystemService(AudioManager::class.java)

    /** [MicrophoneProblem.InUse] where nothing but another app can be the reason. */
    fun problem(): MicrophoneProblem = when {
        context.checkSelfPermission(RECORD_AUDIO) != PERMISSION_GRANTED -> MicrophoneProblem.NotAllowed
        orIfAudioFails(false) { audio.isMicrophoneMute } -> MicrophoneProblem.SwitchedOff
        Build.VERSION.SDK_INT < Build.VERSION_CODES.Q -> MicrophoneProblem.InUse
        mode(isRaw = true) == MODE_IGNORED -> MicrophoneProblem.SwitchedOff
        mode(isRaw = false) == MODE_IGNORED -> MicrophoneProblem.NotAllowed
        else -> MicrophoneProblem.InUse
    }

    /** null where the service does not say: some vendors' throw for apps that ask for themselves. */
    @RequiresApi(Build.VERSION_CODES.Q)
    @Suppress("DEPRECATION") // no other way says the raw mode
    private fun mode(isRaw: Boolean): Int? = orIfAudioFails(null) {
        val uid = context.applicationInfo.uid
        if (isRaw) {
            ops.unsafeCheckOpRawNoThrow(OPSTR_RECORD_AUDIO, uid, context.packageName)
        } else {
            ops.unsafeCheckOpNoThrow(OPSTR_RECORD_AUDIO, uid, context.packageName)
        }
    }
}
