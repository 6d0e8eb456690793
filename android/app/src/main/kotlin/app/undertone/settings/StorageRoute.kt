package app.undertone.settings

import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.lifecycle.compose.collectAsStateWithLifecycle

/**
 * Joins the Storage screen to its view model.
 *
 * @param onOpen takes the id of a recording.
 */
@Composable
fun StorageRoute(viewModel: StorageViewModel, onOpen: (Long) -> Unit, onBack: () -> Unit) {
    val state by viewModel.state.collectAsStateWithLifecycle()
    StorageScreen(state, StorageActions(onBack, onOpen, viewModel::keepAudioFor, viewModel::ask, viewModel::confirm))
}
