package app.undertone

import android.Manifest.permission.FOREGROUND_SERVICE
import android.Manifest.permission.FOREGROUND_SERVICE_DATA_SYNC
import android.Manifest.permission.FOREGROUND_SERVICE_MEDIA_PLAYBACK
import android.Manifest.permission.FOREGROUND_SERVICE_MEDIA_PROCESSING
import android.Manifest.permission.FOREGROUND_SERVICE_MICROPHONE
import android.Manifest.permission.MODIFY_AUDIO_SETTINGS
import android.Manifest.permission.POST_NOTIFICATIONS
import android.Manifest.permission.RECORD_AUDIO
import android.Manifest.permission.WAKE_LOCK
import android.content.Context
import android.content.pm.ApplicationInfo
import android.content.pm.PackageManager.GET_PERMISSIONS
import androidx.test.core.app.ApplicationProvider
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import kotlin.test.assertEquals

/** The merged manifest, with everything that libraries add to it. */
@RunWith(RobolectricTestRunner::class)
class PrivacyTest {
    private val context = ApplicationProvider.getApplicationContext<Context>()

    @Test
    fun `the app may record, analyse files, play, go on with the screen off and say so, and there is no network`() {
        val requested = context.packageManager.getPackageInfo(context.packageName, GET_PERMISSIONS).requestedPermissions.orEmpty()
        // androidx.core's own signature permission keeps receivers inside the app; it gives access to nothing.
        val own = "${context.packageName}.DYNAMIC_RECEIVER_NOT_EXPORTED_PERMISSION"
        val recording = setOf(RECORD_AUDIO, FOREGROUND_SERVICE, FOREGROUND_SERVICE_MICROPHONE, POST_NOTIFICATIONS, MODIFY_AUDIO_SETTINGS, WAKE_LOCK)
        val files = setOf(FOREGROUND_SERVICE_DATA_SYNC, FOREGROUND_SERVICE_MEDIA_PROCESSING)
        assertEquals(recording + files + FOREGROUND_SERVICE_MEDIA_PLAYBACK, requested.toSet() - own)
    }

    @Test
    fun `nothing is backed up`() {
        assertEquals(0, context.applicationInfo.flags and ApplicationInfo.FLAG_ALLOW_BACKUP)
    }
}
