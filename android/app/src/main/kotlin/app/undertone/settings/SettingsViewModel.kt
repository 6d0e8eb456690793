package app.undertone.settings

import androidx.lifecycle.ViewModel
import androidx.lifecycle.ViewModelProvider
import androidx.lifecycle.viewModelScope
import androidx.lifecycle.viewmodel.initializer
import androidx.lifecycle.viewmodel.viewModelFactory
import app.undertone.engine.android.MicrophoneChoice
import app.undertone.engine.android.MicrophoneDevice
import app.undertone.model.LiveEvent
import app.undertone.model.launchStoring
import app.undertone.ui.whileWatched
import kotlinx.coroutines.Job
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.collectLatest
import kotlinx.coroutines.flow.distinctUntilChangedBy
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

/**
 * Shows and changes the settings, and lets the microphone be tried with them.
 *
 * @param tryMicrophone hears it for as long as it is collected; nothing is recorded.
 * @param devices the microphones that are connected.
 */
class SettingsViewModel(
    private val store: SettingsStore,
    private val tryMicrophone: (MicrophoneChoice) -> Flow<LiveEvent>,
    devices: Flow<List<MicrophoneDevice>>,
) : ViewModel() {
    private val mutableState = MutableStateFlow(SettingsUiState())
    val state: StateFlow<SettingsUiState> = mutableState.asStateFlow()

    private var trial: Job? = null

    init {
        viewModelScope.launch {
            mutableState.whileWatched {
                launch { store.settings.collect { settings -> mutableState.update { it.copy(settings = settings) } } }
                devices.collect { devices -> mutableState.update { it.copy(devices = devices) } }
            }
        }
    }

    fun change(change: (Settings) -> Settings) {
        mutableState.update { it.copy(failure = null) }
        viewModelScope.launchStoring({ fail(SettingsFailure.NotStored) }) { store.update(change) }
    }

    fun fail(failure: SettingsFailure) = mutableState.update { it.copy(failure = failure) }

    /** What failed was on the screen for as long as it takes to read. */
    fun onFailureShown() = mutableState.update { it.copy(failure = null) }

    /** The microphone's permission was asked for and not given. */
    fun onTrialDenied() = mutableState.update { it.copy(trial = MicrophoneTrial(isDenied = true)) }

    /** Hears the microphone until [endTrial]; anew when what it is heard with was changed. */
    fun startTrial() {
        trial?.cancel()
        mutableState.update { it.copy(trial = MicrophoneTrial(isOn = true)) }
        trial = viewModelScope.launch {
            store.settings.distinctUntilChangedBy { Triple(it.sensitivity, it.source, it.device) }.collectLatest {
                tryMicrophone(MicrophoneChoice(it.source, it.device)).collect(::hear)
            }
        }
    }

    fun endTrial() {
        trial?.cancel()
        mutableState.update { it.copy(trial = MicrophoneTrial()) }
    }

    private fun hear(event: LiveEvent) = when (event) {
        is LiveEvent.Level -> mutableState.update {
            it.copy(trial = it.trial.copy(levelDbfs = event.levelDbfs, waitingMs = it.trial.waitingMs + event.durationMs))
        }
        is LiveEvent.Gate -> mutableState.update { it.copy(trial = it.trial.copy(isGateOpen = event.isOpen, waitingMs = 0)) }
        is LiveEvent.Altered -> mutableState.update { it.copy(trial = it.trial.copy(processing = event.processing)) }
        is LiveEvent.Segment, is LiveEvent.Lost, is LiveEvent.Marked -> Unit
        is LiveEvent.MicrophoneFailed, is LiveEvent.Failed, is LiveEvent.NotStored -> {
            endTrial()
            mutableState.update { it.copy(trial = MicrophoneTrial(isRefused = true)) }
        }
    }

    companion object {
        fun factory(
            store: SettingsStore,
            tryMicrophone: (MicrophoneChoice) -> Flow<LiveEvent>,
            devices: Flow<List<MicrophoneDevice>>,
        ): ViewModelProvider.Factory = viewModelFactory { initializer { SettingsViewModel(store, tryMicrophone, devices) } }
    }
}
