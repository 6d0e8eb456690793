package app.undertone

import android.Manifest.permission.RECORD_AUDIO
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
    fun `the microphone is the only permission that is asked for, and there is no network`() {
        val requested = context.packageManager.getPackageInfo(context.packageName, GET_PERMISSIONS).requestedPermissions.orEmpty()
        // androidx.core's own signature permission keeps receivers inside the app; it gives access to nothing.
        val own = "${context.packageName}.DYNAMIC_RECEIVER_NOT_EXPORTED_PERMISSION"
        assertEquals(setOf(RECORD_AUDIO), requested.toSet() - own)
    }

    @Test
    fun `nothing is backed up`() {
        assertEquals(0, context.applicationInfo.flags and ApplicationInfo.FLAG_ALLOW_BACKUP)
    }
}
