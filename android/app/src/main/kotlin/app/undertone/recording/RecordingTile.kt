package app.undertone.recording

import android.annotation.SuppressLint
import android.app.PendingIntent
import android.content.Intent
import android.os.Build
import android.service.quicksettings.Tile
import android.service.quicksettings.TileService
import app.undertone.R
import app.undertone.UndertoneApplication
import kotlinx.coroutines.MainScope
import kotlinx.coroutines.cancelChildren
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.job
import kotlinx.coroutines.launch

/** Starts and stops listening from the quick settings. */
class RecordingTile : TileService() {
    private val scope = MainScope()
    private val recorder get() = (application as UndertoneApplication).recorder

    override fun onStartListening() {
        scope.launch { recorder.state.map { it.isOpen }.distinctUntilChanged().collect(::show) }
    }

    override fun onStopListening() = scope.coroutineContext.job.cancelChildren()

    override fun onClick() {
        if (recorder.state.value.isOpen) {
            recorder.stop()
        } else {
            unlockAndRun(::startRecording)
        }
    }

    private fun show(isOpen: Boolean) {
        val tile = qsTile ?: return
        tile.state = if (isOpen) Tile.STATE_ACTIVE else Tile.STATE_INACTIVE
        tile.label = getString(if (isOpen) R.string.record_stop else R.string.record_start)
        tile.updateTile()
    }

    @SuppressLint("StartActivityAndCollapseDeprecated") // the only way before Android 14
    @Suppress("DEPRECATION")
    private fun startRecording() {
        val intent = Intent(this, StartRecordingActivity::class.java).addFlags(Intent.FLAG_ACTIVITY_NEW_TASK)
        if (Build.VERSION.SDK_INT < Build.VERSION_CODES.UPSIDE_DOWN_CAKE) {
            startActivityAndCollapse(intent)
        } else {
            startActivityAndCollapse(PendingIntent.getActivity(this, 0, intent, PendingIntent.FLAG_IMMUTABLE))
        }
    }
}

private val RecorderState.isOpen: Boolean
    get() = this is RecorderState.Recording && phase != RecordingPhase.Finishing
