package app.undertone.session

import androidx.activity.compose.LocalActivity
import androidx.compose.runtime.Composable
import androidx.compose.runtime.DisposableEffect
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.getValue
import androidx.compose.runtime.rememberCoroutineScope
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import app.undertone.history.export.KeptAudioFiles
import app.undertone.history.export.audioName
import app.undertone.history.export.rememberAudioLauncher
import app.undertone.history.export.rememberExportLauncher
import app.undertone.model.startedOn
import app.undertone.ui.opens
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.mapNotNull
import kotlinx.coroutines.launch

/**
 * Joins the page of one session to its view model and to the system. Leaves with [onBack] when the session is deleted.
 *
 * @param audio gives kept audio to other apps.
 */
@Composable
fun SessionDetailRoute(viewModel: SessionDetailViewModel, audio: KeptAudioFiles, onBack: () -> Unit, isPane: Boolean = false) {
    val state by viewModel.state.collectAsStateWithLifecycle()
    val export = rememberExportLauncher(onMissing = viewModel::onNoPicker, onChosen = viewModel::export)
    val activity = LocalActivity.current
    val scope = rememberCoroutineScope()
    val save = rememberAudioLauncher(onMissing = viewModel::onNoPicker) { document ->
        // The process may have died behind the picker: then the page is read again first.
        scope.launch { viewModel.onAudioSaved(audio.save(viewModel.state.mapNotNull { it.session }.first(), document)) }
    }
    LaunchedEffect(state.isGone) { if (state.isGone) onBack() }
    DisposableEffect(viewModel) {
        // Behind other apps it plays on, with the controls of the lock screen; a rotated screen is still in sight.
        onDispose { if (activity?.isChangingConfigurations != true) viewModel.pause() }
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
            onDeleteMark = viewModel::deleteMark,
            onUndo = viewModel::undo,
            onNoticeShown = viewModel::onNoticeShown,
            onExport = { format ->
                state.session?.let { export(format, "undertone-${it.startedOn(state.zone)}") }
            },
            onShareAudio = {
                state.session?.let { session ->
                    scope.launch {
                        val sharing = audio.sharing(session, state.zone)
                        if (sharing == null || activity?.opens(sharing) != true) viewModel.onNoAudio()
                    }
                }
            },
            onSaveAudio = { state.session?.let { save(it.audioFile.orEmpty(), it.audioName(state.zone)) } },
            onTogglePlayback = viewModel::togglePlayback,
            onSeek = viewModel::seekTo,
            onPlayFrom = viewModel::playFrom,
            onSpeed = viewModel::setSpeed,
        ),
        isPane = isPane,
    )
}
