package app.undertone.files

import android.net.Uri
import androidx.lifecycle.ViewModel
import androidx.lifecycle.ViewModelProvider
import androidx.lifecycle.viewModelScope
import androidx.lifecycle.viewmodel.initializer
import androidx.lifecycle.viewmodel.viewModelFactory
import kotlinx.coroutines.Job
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

/** Holds the Files screen's state; hears one file at a time. */
class FileViewModel(private val listening: FileListening) : ViewModel() {
    private val mutableState = MutableStateFlow(FileUiState())
    val state: StateFlow<FileUiState> = mutableState.asStateFlow()

    private var hearing: Job? = null

    /** Hears [file]; one that is being heard is given up. */
    fun open(file: Uri) {
        hearing?.cancel()
        mutableState.value = FileUiState(FileStep.Hearing(heardMs = 0, lengthMs = null))
        hearing = viewModelScope.launch {
            listening.hear(file).collect { progress -> mutableState.update { it.after(progress) } }
        }
    }

    /** The phone has no app to choose files with. */
    fun onNoChooser() {
        reset()
        mutableState.value = FileUiState(FileStep.Failed(FileProblem.NoChooser))
    }

    /** Gives up the file, or leaves its problem or result: another one can be chosen. */
    fun reset() {
        hearing?.cancel()
        mutableState.value = FileUiState()
    }

    companion object {
        fun factory(listening: FileListening): ViewModelProvider.Factory = viewModelFactory { initializer { FileViewModel(listening) } }
    }
}

private fun FileUiState.after(progress: FileProgress): FileUiState = when (progress) {
    is FileProgress.Hearing -> FileUiState(FileStep.Hearing(progress.heardMs, progress.lengthMs), progress.name)
    is FileProgress.Waiting -> FileUiState(FileStep.Hearing(heardMs = 0, lengthMs = null, isWaiting = true), progress.name)
    is FileProgress.Done -> copy(step = FileStep.Done(progress.sessionId))
    is FileProgress.Failed -> copy(step = FileStep.Failed(progress.problem))
}
