package app.undertone.history

import androidx.activity.compose.LocalActivity
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.getValue
import androidx.lifecycle.compose.LifecycleStartEffect
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import app.undertone.history.export.rememberExportLauncher
import app.undertone.model.startedOn

/** Joins the page of one session to its view model and to the system. Leaves with [onBack] when the session is deleted. */
@Composable
fun SessionDetailRoute(viewModel: SessionDetailViewModel, onBack: () -> Unit, isPane: Boolean = false) {
    val state by viewModel.state.collectAsStateWithLifecycle()
    val export = rememberExportLauncher(onMissing = viewModel::onNoPicker, onChosen = viewModel::export)
    val activity = LocalActivity.current
    LaunchedEffect(state.isGone) { if (state.isGone) onBack() }
    LifecycleStartEffect(viewModel) {
        // Out of sight it could not be stopped; a rotated screen is still in sight.
        onStopOrDispose { if (activity?.isChangingConfigurations != true) viewModel.pause() }
    }
    SessionDetailScreen(
        state,
        SessionDetailCallbacks(
            onBack = onBack,
            onAsk = viewModel::ask,
            onDismissDialog = viewModel::dismissDialog,
            onRename = viewModel::rename,
            onTag = viewModel::tag,
            onCorrect = viewModel::correct,
            onDelete = viewModel::delete,
            onNoticeShown = viewModel::onNoticeShown,
            onExport = { format ->
                state.session?.let { export(format, "undertone-${it.startedOn(state.zone)}") }
            },
            onTogglePlayback = viewModel::togglePlayback,
            onSeek = viewModel::seekTo,
            onPlayFrom = viewModel::playFrom,
            onSpeed = viewModel::setSpeed,
        ),
        isPane = isPane,
    )
}
