package app.undertone.history

import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import app.undertone.history.export.rememberExportLauncher

/**
 * Joins the History screen to its view model and to the system's picker of documents.
 *
 * @param onOpen takes [Session.id].
 * @param onListen leads to where sessions come from.
 * @param onFile leads to the audio files.
 */
@Composable
fun HistoryRoute(
    viewModel: HistoryViewModel,
    onOpen: (Long) -> Unit,
    onListen: () -> Unit,
    onFile: () -> Unit,
    onBack: () -> Unit,
) {
    val state by viewModel.state.collectAsStateWithLifecycle()
    val export = rememberExportLauncher(viewModel::export)
    HistoryScreen(
        state,
        HistoryCallbacks(
            onBack = onBack,
            onListen = onListen,
            onFile = onFile,
            onOpen = onOpen,
            onShown = viewModel::onShown,
            onSearch = viewModel::search,
            onDelete = viewModel::delete,
            onUndo = viewModel::undo,
            onNoticeShown = viewModel::onNoticeShown,
            onAskToDeleteEverything = viewModel::askToDeleteEverything,
            onKeepEverything = viewModel::keepEverything,
            onDeleteEverything = viewModel::deleteEverything,
            onExport = { format -> export(format, "undertone-${state.today}") },
        ),
    )
}
