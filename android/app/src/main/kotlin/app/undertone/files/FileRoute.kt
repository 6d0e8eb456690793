package app.undertone.files

import androidx.activity.compose.rememberLauncherForActivityResult
import androidx.activity.result.contract.ActivityResultContracts.OpenDocument
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.getValue
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import app.undertone.page.orMissing

/**
 * Joins the Files screen to its view model and to the system's file chooser. A file that another app shares is given to
 * [FileViewModel.open] before.
 *
 * @param onDone takes the id of the stored session.
 */
@Composable
fun FileRoute(viewModel: FileViewModel, onDone: (sessionId: Long) -> Unit, onBack: () -> Unit) {
    val state by viewModel.state.collectAsStateWithLifecycle()
    val chooser = rememberLauncherForActivityResult(OpenDocument()) { file -> if (file != null) viewModel.open(file) }

    LaunchedEffect(state.step) {
        (state.step as? FileStep.Done)?.let {
            viewModel.reset()
            onDone(it.sessionId)
        }
    }
    FileScreen(
        state = state,
        onChoose = { orMissing(onMissing = viewModel::onNoChooser) { chooser.launch(arrayOf("audio/*")) } },
        onCancel = viewModel::reset,
        onBack = {
            viewModel.reset()
            onBack()
        },
    )
}
