package app.undertone.live

import android.Manifest.permission.POST_NOTIFICATIONS
import android.Manifest.permission.RECORD_AUDIO
import android.app.Activity
import android.content.pm.PackageManager.PERMISSION_GRANTED
import android.os.Build
import androidx.activity.compose.LocalActivity
import androidx.activity.compose.rememberLauncherForActivityResult
import androidx.activity.result.contract.ActivityResultContracts.RequestMultiplePermissions
import androidx.activity.result.contract.ActivityResultContracts.RequestPermission
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.derivedStateOf
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.lifecycle.compose.LifecycleResumeEffect
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import app.undertone.ui.mayNotify
import app.undertone.ui.openAppSettings

/**
 * Joins the Live screen to its view model and to the system: the permissions and the settings.
 *
 * @param onStorage leads to the page on which audio can be deleted.
 * @param onOpen leads to the page of a recording.
 */
@Composable
fun LiveRoute(
    viewModel: LiveViewModel,
    onHistory: () -> Unit,
    onSettings: () -> Unit,
    onFile: () -> Unit,
    onStorage: () -> Unit,
    onOpen: (sessionId: Long) -> Unit,
) {
    val activity = checkNotNull(LocalActivity.current)
    val live = viewModel.state.collectAsStateWithLifecycle()
    // A level comes 31 times a second: the page is composed again only for what else changed.
    val state by remember(live) { derivedStateOf { live.value.withoutSound() } }
    // The activity may be made anew under the system's question.
    var didExplain by rememberSaveable { mutableStateOf(false) }
    val question = rememberLauncherForActivityResult(RequestMultiplePermissions()) { answers ->
        viewModel.onPermissionAnswer(answers[RECORD_AUDIO] == true, didExplain, activity.shouldExplainMicrophone())
    }
    val notificationQuestion = rememberLauncherForActivityResult(RequestPermission()) { viewModel.onNotificationAnswer() }
    val onRecord = { viewModel.onRecordTap(activity.mayRecord(), activity.shouldExplainMicrophone(), activity.mayNotify()) }

    LaunchedEffect(state.asksForPermission) {
        if (state.asksForPermission) {
            didExplain = activity.shouldExplainMicrophone()
            question.launch(permissions)
            viewModel.onPermissionAsked()
        }
    }
    LaunchedEffect(state.asksForNotifications) {
        if (state.asksForNotifications && Build.VERSION.SDK_INT >= Build.VERSION_CODES.TIRAMISU) notificationQuestion.launch(POST_NOTIFICATIONS)
    }
    LifecycleResumeEffect(viewModel) {
        viewModel.onResume(activity.mayRecord())
        onPauseOrDispose {}
    }
    LiveScreen(
        state = state,
        actions = LiveActions(
            onRecord = onRecord,
            onPause = viewModel::onPauseTap,
            onMark = viewModel::onMarkTap,
            onNotice = { notice ->
                when (notice) {
                    LiveNotice.PermissionRationale -> viewModel.askForPermission()
                    is LiveNotice.PermissionDenied -> if (notice.canAskAgain) viewModel.askForPermission() else activity.openAppSettings()
                    is LiveNotice.AssetFailed -> viewModel.prepare()
                    LiveNotice.MicrophoneBusy, LiveNotice.MicrophoneOff, LiveNotice.MicrophoneNotAllowed, LiveNotice.MicrophoneStopped,
                    LiveNotice.StartRefused,
                    -> onRecord()
                    LiveNotice.NotStored -> {
                        viewModel.onNoticeClose()
                        onStorage()
                    }
                    LiveNotice.NoSpeech -> Unit
                }
            },
            onSegmentOpen = viewModel::onSegmentOpen,
            onCorrect = viewModel::onCorrect,
            onHistory = onHistory,
            onSettings = onSettings,
            onFile = onFile,
            saved = SavedActions(
                onOpen = {
                    viewModel.onSavedClose()
                    onOpen(it)
                },
                onRename = viewModel::onSavedRename,
                onDiscard = viewModel::onSavedDiscard,
                onBringBack = viewModel::onSavedBringBack,
                onClose = viewModel::onSavedClose,
            ),
        ),
        sound = { live.value },
    )
}

/** Recording works without the notification: only the microphone's answer counts. */
private val permissions =
    if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.TIRAMISU) arrayOf(RECORD_AUDIO, POST_NOTIFICATIONS) else arrayOf(RECORD_AUDIO)

private fun Activity.mayRecord() = checkSelfPermission(RECORD_AUDIO) == PERMISSION_GRANTED

private fun Activity.shouldExplainMicrophone() = shouldShowRequestPermissionRationale(RECORD_AUDIO)
