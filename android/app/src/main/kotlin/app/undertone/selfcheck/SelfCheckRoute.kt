package app.undertone.selfcheck

import android.content.Context
import android.content.Intent
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.ui.platform.LocalContext
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import app.undertone.R

/** Joins the Self-check screen to its view model and to the system's share sheet. */
@Composable
fun SelfCheckRoute(viewModel: SelfCheckViewModel, onBack: () -> Unit) {
    val state by viewModel.state.collectAsStateWithLifecycle()
    val context = LocalContext.current
    SelfCheckScreen(
        state = state,
        onStart = viewModel::start,
        onCancel = viewModel::cancel,
        onShare = { report -> context.share(report.asText(state.phone, context.resources)) },
        onBack = {
            viewModel.cancel()
            onBack()
        },
    )
}

private fun Context.share(text: String) {
    val send = Intent(Intent.ACTION_SEND).setType("text/plain").putExtra(Intent.EXTRA_TEXT, text)
    startActivity(Intent.createChooser(send, getString(R.string.self_check_share)))
}
