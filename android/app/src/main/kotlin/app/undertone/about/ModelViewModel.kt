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

/** What the page about the model shows. */
@Immutable
sealed interface ModelUiState {
    data object Loading : ModelUiState

    data object Unreadable : ModelUiState

    data class Known(val facts: ModelFacts) : ModelUiState
}

/** Holds the state of the page about the model. */
class ModelViewModel(source: ModelFactsSource) : ViewModel() {
    private val mutableState = MutableStateFlow<ModelUiState>(ModelUiState.Loading)
    val state: StateFlow<ModelUiState> = mutableState.asStateFlow()

    init {
        viewModelScope.launch { mutableState.value = source.read()?.let(ModelUiState::Known) ?: ModelUiState.Unreadable }
    }

    companion object {
        fun factory(source: ModelFactsSource): ViewModelProvider.Factory = viewModelFactory { initializer { ModelViewModel(source) } }
    }
}
