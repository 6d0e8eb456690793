package app.undertone.selfcheck

import androidx.compose.runtime.Immutable
import androidx.lifecycle.ViewModel
import androidx.lifecycle.ViewModelProvider
import androidx.lifecycle.viewModelScope
import androidx.lifecycle.viewmodel.initializer
import androidx.lifecycle.viewmodel.viewModelFactory
import app.undertone.asset.AssetProblem
import kotlinx.coroutines.Job
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

/** What the Self-check screen shows. */
@Immutable
data class SelfCheckUiState(val phone: Phone, val step: SelfCheckStep = SelfCheckStep.Ready)

sealed interface SelfCheckStep {
    data object Ready : SelfCheckStep

    /** @param progress null while the model loads. */
    data class Running(val progress: SelfCheckProgress.Running?) : SelfCheckStep

    data class Finished(val report: SelfCheckReport) : SelfCheckStep

    data class Failed(val problem: AssetProblem) : SelfCheckStep
}

/** Holds the Self-check screen's state; runs one check at a time. */
class SelfCheckViewModel(private val checking: SelfChecking, phone: Phone) : ViewModel() {
    private val mutableState = MutableStateFlow(SelfCheckUiState(phone))
    val state: StateFlow<SelfCheckUiState> = mutableState.asStateFlow()

    private var check: Job? = null

    fun start() {
        check?.cancel()
        show(SelfCheckStep.Running(progress = null))
        check = viewModelScope.launch { checking.check().collect { show(it.toStep()) } }
    }

    fun cancel() {
        check?.cancel()
        show(SelfCheckStep.Ready)
    }

    private fun show(step: SelfCheckStep) = mutableState.update { it.copy(step = step) }

    companion object {
        fun factory(checking: SelfChecking, phone: Phone): ViewModelProvider.Factory =
            viewModelFactory { initializer { SelfCheckViewModel(checking, phone) } }
    }
}

private fun SelfCheckProgress.toStep(): SelfCheckStep = when (this) {
    is SelfCheckProgress.Running -> SelfCheckStep.Running(this)
    is SelfCheckProgress.Finished -> SelfCheckStep.Finished(report)
    is SelfCheckProgress.Failed -> SelfCheckStep.Failed(problem)
}
