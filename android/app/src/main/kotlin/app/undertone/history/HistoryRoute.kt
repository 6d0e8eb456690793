package app.undertone.history

import androidx.compose.foundation.layout.BoxWithConstraints
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import app.undertone.history.archive.rememberArchiveLauncher
import app.undertone.history.export.rememberExportLauncher
import app.undertone.model.Session

/**
 * Joins the History screen to its view model and to the system's picker of documents. In a wide window the page of a session stands
 * beside the list.
 *
 * @param onOpen takes [Session.id].
 * @param onListen leads to where sessions come from.
 * @param onFile leads to the audio files.
 * @param page of the session with this id, beside the list.
 */
@Composable
fun HistoryRoute(
    viewModel: HistoryViewModel,
    onOpen: (Long) -> Unit,
    onListen: () -> Unit,
    onFile: () -> Unit,
    onBack: () -> Unit,
    page: @Composable (sessionId: Long) -> Unit = {},
) {
    val state by viewModel.state.collectAsStateWithLifecycle()
    val export = rememberExportLauncher(onMissing = viewModel::onNoPicker, onChosen = viewModel::export)
    val archive = rememberArchiveLauncher(viewModel::onNoPicker, onExport = viewModel::exportArchive, onImport = viewModel::importArchive)
    var chosen by rememberSaveable { mutableStateOf<Long?>(null) }

    @Composable
    fun Screen(shownId: Long?, open: (Long) -> Unit) = HistoryScreen(
        state,
        HistoryCallbacks(
            onBack = onBack,
            onListen = onListen,
            onFile = onFile,
            onOpen = open,
            onReadAgain = viewModel::readAgain,
            onEndShown = viewModel::onEndShown,
            onFilter = viewModel::filter,
            onDelete = viewModel::delete,
            onUndo = viewModel::undo,
            onNoticeShown = viewModel::onNoticeShown,
            onAskToDeleteEverything = viewModel::askToDeleteEverything,
            onKeepEverything = viewModel::keepEverything,
            onDeleteEverything = viewModel::deleteEverything,
            onExportArchive = { archive.export("undertone-${state.today}.zip") },
            onImportArchive = archive.import,
            onExport = { format -> export(format, "undertone-${state.today}") },
        ),
        shownId = shownId,
    )

    BoxWithConstraints {
        val shown = state.shownBeside(chosen)
        if (maxWidth >= PANES_FROM && shown != null) {
            HistoryPanes(list = { Screen(shown) { chosen = it } }, page = { SessionPane(shown) { page(shown) } })
        } else {
            Screen(shownId = null, onOpen)
        }
    }
}

/** The session whose page stands beside the list: the one that was [chosen], or else the first; null without any. */
internal fun HistoryUiState.shownBeside(chosen: Long?): Long? {
    val ids = days.flatMap { day -> day.sessions.map { it.session.id } }
    return chosen.takeIf { it in ids } ?: ids.firstOrNull()
}
