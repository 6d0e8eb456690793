package app.undertone.settings

import android.icu.text.ListFormatter
import android.media.AudioDeviceInfo
import android.os.Build
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.BoxWithConstraints
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.WindowInsets
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.safeDrawing
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.FilledTonalButton
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.OutlinedButton
import androidx.compose.material3.Scaffold
import androidx.compose.material3.SnackbarDuration
import androidx.compose.material3.SnackbarHostState
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.Immutable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.remember
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import app.undertone.R
import app.undertone.engine.VoiceProcessing
import app.undertone.engine.android.MicrophoneDevice
import app.undertone.engine.android.MicrophoneSource
import app.undertone.model.KeptAudioFormat
import app.undertone.ui.FailureText
import app.undertone.ui.LocalHasRail
import app.undertone.ui.NoticeHost
import app.undertone.ui.TitleBar
import app.undertone.ui.chart.LevelMeter
import app.undertone.ui.length
import app.undertone.ui.navigationScrim

/** What can be tapped on the Settings screen. */
@Immutable
data class SettingsActions(
    val onChange: ((Settings) -> Settings) -> Unit,
    val onTrial: () -> Unit,
    val onLanguage: () -> Unit,
    val links: SettingsLinks,
    val onAppSettings: () -> Unit = {},
    val onFailureShown: () -> Unit = {},
)

/** Where the Settings screen leads. */
@Immutable
data class SettingsLinks(
    val onBack: () -> Unit,
    val onModel: () -> Unit,
    val onPrivacy: () -> Unit,
    val onLicences: () -> Unit,
    val onSelfCheck: () -> Unit,
    val onStorage: () -> Unit = {},
)

/** Everything that can be chosen, in cards; in two columns where there is room. */
@Composable
fun SettingsScreen(state: SettingsUiState, actions: SettingsActions, modifier: Modifier = Modifier) {
    val scroll = rememberScrollState()
    val snackbars = remember { SnackbarHostState() }
    Scaffold(
        modifier,
        topBar = {
            TitleBar(
                stringResource(R.string.settings),
                actions.links.onBack.takeUnless { LocalHasRail.current },
                isScrolled = { scroll.canScrollBackward },
            )
        },
        snackbarHost = { NoticeHost(snackbars) },
        contentWindowInsets = WindowInsets.safeDrawing,
    ) { insets ->
        val settings = state.settings ?: return@Scaffold
        BoxWithConstraints(
            Modifier
                .fillMaxSize()
                .navigationScrim()
                .verticalScroll(scroll)
                .padding(insets)
                .padding(start = 16.dp, end = 16.dp, bottom = 24.dp),
            contentAlignment = Alignment.TopCenter,
        ) {
            if (maxWidth >= TWO_COLUMNS_FROM) {
                Row(Modifier.widthIn(max = WIDEST), Arrangement.spacedBy(16.dp)) {
                    Column(Modifier.weight(1f), Arrangement.spacedBy(16.dp)) {
                        Hearing(state, settings, actions)
                        About(actions.links)
                    }
                    Column(Modifier.weight(1f), Arrangement.spacedBy(16.dp)) {
                        Keeping(settings, actions)
                        Appearance(settings, actions)
                    }
                }
            } else {
                Column(Modifier.fillMaxWidth(), Arrangement.spacedBy(16.dp)) {
                    Hearing(state, settings, actions)
                    Keeping(settings, actions)
                    Appearance(settings, actions)
                    About(actions.links)
                }
            }
        }
    }
    state.failure?.let { failure ->
        val words = failure.sentence()
        LaunchedEffect(failure) {
            snackbars.showSnackbar(words, duration = SnackbarDuration.Long)
            actions.onFailureShown()
        }
    }
}

@Composable
private fun Hearing(state: SettingsUiState, settings: Settings, actions: SettingsActions) {
    SettingsCard(title = stringResource(R.string.section_results), icon = R.drawable.ic_results) {
        DialogChoice(
            stringResource(R.string.result_style),
            listOf(
                Option(true, stringResource(R.string.style_live), stringResource(R.string.style_live_explained)),
                Option(false, stringResource(R.string.style_calm), stringResource(R.string.style_calm_explained)),
            ),
            settings.showsEarlyResults,
        ) { actions.onChange { old -> old.copy(showsEarlyResults = it) } }
    }
    SettingsCard(title = stringResource(R.string.section_microphone), icon = R.drawable.ic_microphone) {
        SegmentedChoice(
            stringResource(R.string.sensitivity),
            listOf(
                Option(Sensitivity.Low, stringResource(R.string.sensitivity_low), stringResource(R.string.sensitivity_low_explained)),
                Option(Sensitivity.Normal, stringResource(R.string.sensitivity_normal)),
                Option(Sensitivity.High, stringResource(R.string.sensitivity_high), stringResource(R.string.sensitivity_high_explained)),
            ),
            settings.sensitivity,
        ) { actions.onChange { old -> old.copy(sensitivity = it) } }
        DialogChoice(
            stringResource(R.string.source),
            listOf(
                Option(
                    MicrophoneSource.VoiceRecognition,
                    stringResource(R.string.source_speech),
                    stringResource(R.string.source_speech_explained),
                ),
                Option(
                    MicrophoneSource.Unprocessed,
                    stringResource(R.string.source_unprocessed),
                    stringResource(R.string.source_unprocessed_explained),
                ),
            ),
            settings.source,
        ) { actions.onChange { old -> old.copy(source = it) } }
        DeviceChoice(state.devices, settings.device) { actions.onChange { old -> old.copy(device = it) } }
        Trial(state.trial, actions.onTrial, actions.onAppSettings)
    }
}

/** Microphones of one name, as those of a phone and of its dock may be, are told apart by their kind. */
@Composable
private fun DeviceChoice(devices: List<MicrophoneDevice>, chosen: MicrophoneDevice?, onChoose: (MicrophoneDevice?) -> Unit) {
    val connected = chosen?.let { devices.firstOrNull(it::means) }
    DialogChoice(
        stringResource(R.string.device),
        buildList {
            add(Option<MicrophoneDevice?>(null, stringResource(R.string.device_system)))
            devices.forEach { device ->
                val kind = device.kind.takeIf { devices.count { it.name == device.name } > 1 }
                add(Option<MicrophoneDevice?>(device, device.name, kind?.let { stringResource(it) }))
            }
            if (chosen != null && connected == null) {
                add(Option<MicrophoneDevice?>(chosen, chosen.name, stringResource(R.string.device_disconnected)))
            }
        },
        connected ?: chosen,
        onChoose,
    )
}

private val MicrophoneDevice.kind: Int?
    get() = when (type) {
        AudioDeviceInfo.TYPE_BUILTIN_MIC -> R.string.device_built_in
        AudioDeviceInfo.TYPE_WIRED_HEADSET -> R.string.device_wired
        AudioDeviceInfo.TYPE_USB_HEADSET, AudioDeviceInfo.TYPE_USB_DEVICE -> R.string.device_usb
        AudioDeviceInfo.TYPE_BLUETOOTH_SCO, AudioDeviceInfo.TYPE_BLE_HEADSET -> R.string.device_bluetooth
        else -> null
    }

/** What the gate makes of the microphone with these settings. */
@Composable
private fun Trial(trial: MicrophoneTrial, onTrial: () -> Unit, onAppSettings: () -> Unit) {
    Column(Modifier.padding(horizontal = ROW_MARGIN, vertical = 8.dp), Arrangement.spacedBy(16.dp)) {
        if (trial.isOn) LevelMeter(trial.levelDbfs, trial.isGateOpen, isWaiting = trial.isWaiting)
        if (trial.isWaiting) Text(stringResource(R.string.trial_waiting), style = MaterialTheme.typography.bodyMedium)
        if (trial.processing.isNotEmpty()) {
            val names = trial.processing.sorted().map { stringResource(it.label) }
            Text(stringResource(R.string.trial_altered, ListFormatter.getInstance().format(names)), style = MaterialTheme.typography.bodyMedium)
        }
        FilledTonalButton(onTrial, Modifier.fillMaxWidth().heightIn(min = 48.dp)) {
            Text(stringResource(if (trial.isOn) R.string.trial_end else R.string.trial_start))
        }
        if (trial.isRefused) FailureText(stringResource(R.string.trial_refused))
        if (trial.isDenied) {
            Text(
                stringResource(R.string.permission_denied_for_good),
                Modifier.semantics { liveRegion = LiveRegionMode.Polite },
                style = MaterialTheme.typography.bodyMedium,
            )
            OutlinedButton(onAppSettings, Modifier.fillMaxWidth().heightIn(min = 48.dp)) { Text(stringResource(R.string.open_settings)) }
        }
    }
}

private val VoiceProcessing.label: Int
    get() = when (this) {
        VoiceProcessing.AutomaticGain -> R.string.processing_gain
        VoiceProcessing.NoiseSuppression -> R.string.processing_noise
        VoiceProcessing.EchoCancellation -> R.string.processing_echo
    }

@Composable
private fun Keeping(settings: Settings, actions: SettingsActions) {
    SettingsCard(title = stringResource(R.string.section_recordings), icon = R.drawable.ic_storage) {
        SwitchRow(stringResource(R.string.keep_audio), stringResource(R.string.keep_audio_explained), settings.keepsAudio) {
            actions.onChange { old -> old.copy(keepsAudio = it) }
        }
        if (settings.keepsAudio) {
            DialogChoice(
                stringResource(R.string.audio_format),
                listOf(
                    Option(KeptAudioFormat.Aac, stringResource(R.string.audio_compressed), stringResource(R.string.audio_compressed_explained)),
                    Option(KeptAudioFormat.Wav, stringResource(R.string.audio_wav), stringResource(R.string.audio_wav_explained)),
                ),
                settings.keptAudioFormat,
            ) { actions.onChange { old -> old.copy(keptAudioFormat = it) } }
        }
        SwitchRow(stringResource(R.string.keep_screen_on), stringResource(R.string.keep_screen_on_explained), settings.keepsScreenOn) {
            actions.onChange { old -> old.copy(keepsScreenOn = it) }
        }
        DialogChoice(
            stringResource(R.string.stop_after_silence),
            listOf(Option<Int?>(null, stringResource(R.string.stop_never))) + SILENCES_MIN.map { Option(it, length(it * 60_000L)) },
            settings.stopsAfterSilenceMin,
        ) { actions.onChange { old -> old.copy(stopsAfterSilenceMin = it) } }
        SwitchRow(
            stringResource(R.string.name_in_notification),
            stringResource(R.string.name_in_notification_explained),
            settings.namesEmotionInNotification,
        ) { actions.onChange { old -> old.copy(namesEmotionInNotification = it) } }
        SwitchRow(
            stringResource(R.string.story_in_notification),
            stringResource(R.string.story_in_notification_explained),
            settings.tellsStoryInNotification,
        ) { actions.onChange { old -> old.copy(tellsStoryInNotification = it) } }
        ActionRow(stringResource(R.string.storage), stringResource(R.string.storage_explained), onClick = actions.links.onStorage)
    }
}

@Composable
private fun Appearance(settings: Settings, actions: SettingsActions) {
    SettingsCard(title = stringResource(R.string.section_appearance), icon = R.drawable.ic_palette) {
        SegmentedChoice(
            stringResource(R.string.theme),
            listOf(
                Option(ThemeChoice.System, stringResource(R.string.theme_system)),
                Option(ThemeChoice.Light, stringResource(R.string.theme_light)),
                Option(ThemeChoice.Dark, stringResource(R.string.theme_dark)),
            ),
            settings.theme,
        ) { actions.onChange { old -> old.copy(theme = it) } }
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.S) {
            SwitchRow(
                stringResource(R.string.dynamic_color),
                stringResource(R.string.dynamic_color_explained),
                settings.usesDynamicColor,
            ) { actions.onChange { old -> old.copy(usesDynamicColor = it) } }
        }
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.TIRAMISU) {
            ActionRow(stringResource(R.string.language), stringResource(R.string.language_explained), onClick = actions.onLanguage)
        }
    }
}

@Composable
private fun About(links: SettingsLinks) {
    SettingsCard(title = stringResource(R.string.section_about), icon = R.drawable.ic_info) {
        ActionRow(stringResource(R.string.about_model), onClick = links.onModel)
        ActionRow(stringResource(R.string.about_privacy), onClick = links.onPrivacy)
        ActionRow(stringResource(R.string.about_licences), onClick = links.onLicences)
        ActionRow(stringResource(R.string.about_self_check), stringResource(R.string.about_self_check_explained), onClick = links.onSelfCheck)
    }
}

@Composable
internal fun SettingsFailure.sentence(): String = when (this) {
    SettingsFailure.NotStored -> stringResource(R.string.history_not_stored)
    SettingsFailure.NoLanguagePage -> stringResource(R.string.language_page_missing)
}

/** Material's medium window class. */
private val TWO_COLUMNS_FROM = 600.dp

private val WIDEST = 960.dp

/** Longer than people think before they speak on. */
private val SILENCES_MIN = listOf(2, 5, 15)
