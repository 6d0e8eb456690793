package app.undertone.recording

import android.Manifest.permission.RECORD_AUDIO
import android.app.Activity
import android.content.Intent
import android.content.pm.PackageManager.PERMISSION_GRANTED
import android.os.Bundle
import app.undertone.MainActivity
import app.undertone.UndertoneApplication

/**
 * Starts a recording for the tile and is gone before it is seen: from Android 14 on, only what is on screen may start to use the
 * microphone, and a tile is not. Where the permission is missing, or the system lets nothing
 * start, it opens the app, which asks for the one and can start in the other case.
 */
class StartRecordingActivity : Activity() {
    override fun onCreate(savedInstanceState: Bundle?) {
        super.onCreate(savedInstanceState)
        val isStarted = checkSelfPermission(RECORD_AUDIO) == PERMISSION_GRANTED && (application as UndertoneApplication).recorder.start()
        if (!isStarted) {
            startActivity(Intent(this, MainActivity::class.java).addFlags(Intent.FLAG_ACTIVITY_NEW_TASK))
        }
        finish()
    }
}
