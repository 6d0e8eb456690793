package app.undertone.recording

import android.app.PendingIntent
import android.os.Looper
import android.service.quicksettings.Tile
import android.service.quicksettings.TileService
import androidx.test.core.app.ApplicationProvider
import app.undertone.UndertoneApplication
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import org.junit.After
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import org.robolectric.annotation.Implementation
import org.robolectric.annotation.Implements
import org.robolectric.shadows.ShadowTileService
import kotlin.test.assertEquals

@RunWith(RobolectricTestRunner::class)
@Config(shadows = [RecordingTileTest.CollapsingTile::class])
class RecordingTileTest {
    private val app = ApplicationProvider.getApplicationContext<UndertoneApplication>()
    private val tile = Robolectric.setupService(RecordingTile::class.java)

    @After
    fun stop() = app.recorder.stop()

    @Test
    fun `a tap starts through the activity that is on screen for it`() {
        tile.onClick()
        val opened = shadowOf(app).nextStartedActivity
        assertEquals(StartRecordingActivity::class.java.name, opened.component!!.className)
    }

    @Test
    fun `a tap stops what goes on, and the tile shows which it is`() {
        tile.onStartListening()
        idle()
        assertEquals(Tile.STATE_INACTIVE to "Start recording", tile.qsTile.state to tile.qsTile.label)
        app.recorder.start()
        idle()
        assertEquals(Tile.STATE_ACTIVE to "Stop recording", tile.qsTile.state to tile.qsTile.label)
        tile.onClick()
        idle()
        assertEquals(Tile.STATE_INACTIVE, tile.qsTile.state)
        runBlocking { app.recorder.state.first { it == RecorderState.Idle } }
    }

    private fun idle() = shadowOf(Looper.getMainLooper()).idle()

    /** Robolectric's tile does not know Android 14's way to open an activity. */
    @Implements(TileService::class)
    class CollapsingTile : ShadowTileService() {
        @Implementation(minSdk = 34)
        fun startActivityAndCollapse(opened: PendingIntent) = opened.send()
    }
}
