package app.undertone.sample

import android.Manifest.permission.RECORD_AUDIO
import android.os.Bundle
import androidx.activity.ComponentActivity
import androidx.activity.compose.rememberLauncherForActivityResult
import androidx.activity.compose.setContent
import androidx.activity.result.contract.ActivityResultContracts.RequestPermission
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.material3.Button
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import app.undertone.engine.EmotionEvent
import app.undertone.engine.Undertone
import app.undertone.engine.android.AudioRecordMicrophone
import app.undertone.engine.android.PackagedAssetSource
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.catch

class MainActivity : ComponentActivity() {
    private val undertone by lazy { Undertone(PackagedAssetSource(applicationContext)) }

    override fun onCreate(savedInstanceState: Bundle?) {
        super.onCreate(savedInstanceState)
        setContent { EmotionScreen { undertone.listen(AudioRecordMicrophone(applicationContext)) } }
    }

    override fun onDestroy() {
        undertone.close()
        super.onDestroy()
    }
}

/** Records while it shows "Stop": leaving the screen cancels the collection, and with it the recording. */
@Composable
fun EmotionScreen(listen: () -> Flow<EmotionEvent>) {
    var isRecording by remember { mutableStateOf(false) }
    var shown by remember { mutableStateOf("Say something") }
    val permission = rememberLauncherForActivityResult(RequestPermission()) { isGranted -> isRecording = isGranted }
    if (isRecording) {
        LaunchedEffect(Unit) {
            listen().catch { shown = it.message.orEmpty() }.collect { event ->
                if (event is EmotionEvent.Early) shown = event.smoothed.label
                if (event is EmotionEvent.Segment) shown = event.smoothed.label
            }
            isRecording = false
        }
    }
    Column(Modifier.fillMaxSize(), Arrangement.Center, Alignment.CenterHorizontally) {
        Text(shown)
        Button({ if (isRecording) isRecording = false else permission.launch(RECORD_AUDIO) }) { Text(if (isRecording) "Stop" else "Record") }
    }
}
