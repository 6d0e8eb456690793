package app.undertone.settings

import android.Manifest.permission.RECORD_AUDIO
import android.app.Activity
import android.content.Intent
import android.content.pm.PackageManager.PERMISSION_GRANTED
import android.net.Uri
import android.os.Build
import androidx.activity.compose.LocalActivity
import androidx.activity.compose.rememberLauncherForActivityResult
import androidx.activity.result.contract.ActivityResultContracts.RequestPermission
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.lifecycle.compose.LifecycleStartEffect
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import app.undertone.ui.openAppSettings
import app.undertone.ui.opens
import android.provider.Settings as SystemSettings

/** Joins the Settings screen to its view model and to the system: the microphone permission and the app's language page. */
@Composable
fun SettingsRoute(viewModel: SettingsViewModel, links: SettingsLinks) {
    val activity = checkNotNull(LocalActivity.current)
    val state by viewModel.state.collectAsStateWithLifecycle()
    val question = rememberLauncherForActivityResult(RequestPermission()) { isGranted ->
        if (isGranted) viewModel.startTrial() else viewModel.onTrialDenied()
    }

    LifecycleStartEffect(viewModel) {
        // Nobody is heard out of sight.
        onStopOrDispose { viewModel.endTrial() }
    }
    SettingsScreen(
        state = state,
        actions = SettingsActions(
            onChange = viewModel::change,
            onTrial = {
                when {
                    state.trial.isOn -> viewModel.endTrial()
                    activity.checkSelfPermission(RECORD_AUDIO) == PERMISSION_GRANTED -> viewModel.startTrial()
                    else -> question.launch(RECORD_AUDIO)
                }
            },
            onLanguage = { activity.openLanguagePage(onMissing = { viewModel.fail(SettingsFailure.NoLanguagePage) }) },
            links = links,
            onAppSettings = activity::openAppSettings,
            onFailureShown = viewModel::onFailureShown,
        ),
    )
}

/** The row that leads here is there from Android 13 on, as the page is. */
private fun Activity.openLanguagePage(onMissing: () -> Unit) {
    if (Build.VERSION.SDK_INT < Build.VERSION_CODES.TIRAMISU) return
    if (!opens(Intent(SystemSettings.ACTION_APP_LOCALE_SETTINGS, Uri.fromParts("package", packageName, null)))) onMissing()
}
