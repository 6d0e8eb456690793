package app.undertone

import androidx.lifecycle.ViewModel
import androidx.lifecycle.ViewModelProvider
import androidx.lifecycle.viewModelScope
import androidx.lifecycle.viewmodel.initializer
import androidx.lifecycle.viewmodel.viewModelFactory
import app.undertone.model.launchStoring
import app.undertone.settings.Settings
import app.undertone.settings.SettingsStore
import kotlinx.coroutines.flow.SharingStarted
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.stateIn

/** What is chosen for all screens: the theme, and whether the first run is over. */
class MainViewModel(private val store: SettingsStore) : ViewModel() {
    /** null until they are read. */
    val settings: StateFlow<Settings?> = store.settings.stateIn(viewModelScope, SharingStarted.Eagerly, null)

    /** On a full disk it is shown again the next time, and nothing else is amiss. */
    fun onWelcomeSeen() {
        viewModelScope.launchStoring({}) { store.update { it.copy(hasSeenWelcome = true) } }
    }

    companion object {
        fun factory(store: SettingsStore): ViewModelProvider.Factory = viewModelFactory { initializer { MainViewModel(store) } }
    }
}
