package app.undertone.about

import androidx.compose.runtime.Immutable
import androidx.lifecycle.ViewModel
import androidx.lifecycle.ViewModelProvider
import androidx.lifecycle.viewModelScope
import androidx.lifecycle.viewmodel.initializer
import androidx.lifecycle.viewmodel.viewModelFactory
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.launch

/** What the Licences screen shows; [licences] is null while they are read. */
@Immutable
data class LicencesUiState(val licences: Licences? = null)

/** Holds the Licences screen's state. */
class LicencesViewModel(source: LicencesSource) : ViewModel() {
    private val mutableState = MutableStateFlow(LicencesUiState())
    val state: StateFlow<LicencesUiState> = mutableState.asStateFlow()

    init {
        viewModelScope.launch { mutableState.value = LicencesUiState(source.read()) }
    }

    companion object {
        fun factory(source: LicencesSource): ViewModelProvider.Factory = viewModelFactory { initializer { LicencesViewModel(source) } }
    }
}
