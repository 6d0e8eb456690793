package app.undertone.live

import android.Manifest.permission.RECORD_AUDIO
import android.app.Activity
import android.content.Intent
import android.content.pm.PackageManager.PERMISSION_GRANTED
import android.net.Uri
import android.provider.Settings
import androidx.activity.compose.LocalActivity
import androidx.activity.compose.rememberLauncherForActivityResult
import androidx.activity.result.contract.ActivityResultContracts.RequestPermission
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.getValue
import androidx.lifecycle.compose.LifecycleResumeEffect
import androidx.lifecycle.compose.collectAsStateWithLifecycle

/** Joins the Live screen to its view model and to the system: the microphone permission and the settings. */
@Composable
fun LiveRoute(viewModel: LiveViewModel) {
    val activity = checkNotNull(LocalActivity.current)
    val state by viewModel.state.collectAsStateWithLifecycle()
    val question = rememberLauncherForActivityResult(RequestPermission()) { isGranted ->
        viewModel.onPermissionAnswer(isGranted, canAskAgain = activity.shouldExplainMicrophone())
    }
    val onRecord = { viewModel.onRecordTap(activity.mayRecord(), activity.shouldExplainMicrophone()) }

    LaunchedEffect(state.asksForPermission) {
        if (state.asksForPermission) {
            question.launch(RECORD_AUDIO)
            viewModel.onPermissionAsked()
        }
    }
    LifecycleResumeEffect(viewModel) {
        viewModel.onResume(activity.mayRecord())
        onPauseOrDispose {}
    }
    LiveScreen(
        state = state,
        onRecord = onRecord,
        onNoticeAction = { notice ->
            when (notice) {
                LiveNotice.PermissionRationale -> viewModel.askForPermission()
                is LiveNotice.PermissionDenied -> if (notice.canAskAgain) viewModel.askForPermission() else activity.openAppSettings()
                is LiveNotice.AssetFailed -> viewModel.prepare()
                LiveNotice.MicrophoneBusy, LiveNotice.NotStored -> onRecord()
                LiveNotice.NoSpeech -> viewModel.stop()
            }
        },
    )
}

private fun Activity.mayRecord() = checkSelfPermission(RECORD_AUDIO) == PERMISSION_GRANTED

private fun Activity.shouldExplainMicrophone() = shouldShowRequestPermissionRationale(RECORD_AUDIO)

private fun Activity.openAppSettings() =
    startActivity(Intent(Settings.ACTION_APPLICATION_DETAILS_SETTINGS, Uri.fromParts("package", packageName, null)))
