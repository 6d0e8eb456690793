package app.undertone.files

import android.Manifest.permission.POST_NOTIFICATIONS
import android.app.NotificationManager
import android.os.Build
import androidx.activity.compose.LocalActivity
import androidx.activity.compose.rememberLauncherForActivityResult
import androidx.activity.result.contract.ActivityResultContracts.OpenMultipleDocuments
import androidx.activity.result.contract.ActivityResultContracts.RequestPermission
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.lifecycle.compose.LifecycleStartEffect
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import app.undertone.analysis.FileAnalysisService
import app.undertone.analysis.FileStep
import app.undertone.ui.mayNotify
import app.undertone.ui.orMissing

/**
 * Joins the Files screen to its view model, to the system's file chooser and to the permission for notifications.
 *
 * @param onDone takes the id of the recording of the only file, which was seen being analysed.
 * @param onOpen leads to the page of a recording.
 */
@Composable
fun FileRoute(viewModel: FileViewModel, onDone: (sessionId: Long) -> Unit, onOpen: (sessionId: Long) -> Unit, onBack: () -> Unit) {
    val activity = checkNotNull(LocalActivity.current)
    val state by viewModel.state.collectAsStateWithLifecycle()
    val chooser = rememberLauncherForActivityResult(OpenMultipleDocuments(), viewModel::add)
    val question = rememberLauncherForActivityResult(RequestPermission()) { viewModel.onNotificationAnswer() }

    val only = state.jobs.singleOrNull()
    val isPending = state.jobs.any { it.isPending }
    var watchedId by remember { mutableStateOf<String?>(null) }
    LaunchedEffect(only?.id, only?.step == FileStep.Done) {
        if (only?.isPending == true) watchedId = only.id
        if (only?.step == FileStep.Done && only.id == watchedId && only.sessionId != null) {
            viewModel.onLeave()
            onDone(only.sessionId)
        }
    }
    LaunchedEffect(isPending) {
        if (isPending && !activity.mayNotify()) viewModel.onCannotNotify()
    }
    LaunchedEffect(state.asksForNotifications) {
        if (state.asksForNotifications && Build.VERSION.SDK_INT >= Build.VERSION_CODES.TIRAMISU) question.launch(POST_NOTIFICATIONS)
    }
    LifecycleStartEffect(viewModel) {
        viewModel.onSeen(true)
        activity.getSystemService(NotificationManager::class.java).cancel(FileAnalysisService.RESULT_ID)
        onStopOrDispose { viewModel.onSeen(false) }
    }
    FileScreen(
        state = state,
        actions = FileActions(
            onChoose = { orMissing(onMissing = viewModel::onNoChooser) { chooser.launch(MEDIA_TYPES) } },
            onCancel = viewModel::cancel,
            onCancelAll = viewModel::cancelAll,
            onResume = viewModel::resume,
            onOpen = onOpen,
            onBack = {
                viewModel.onLeave()
                onBack()
            },
        ),
    )
}
