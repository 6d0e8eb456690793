package app.undertone.files

import android.net.Uri
import androidx.lifecycle.ViewModel
import androidx.lifecycle.ViewModelProvider
import androidx.lifecycle.viewModelScope
import androidx.lifecycle.viewmodel.initializer
import androidx.lifecycle.viewmodel.viewModelFactory
import app.undertone.analysis.FileQueue
import app.undertone.model.storing
import app.undertone.settings.SettingsStore
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.SharingStarted
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.stateIn
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

/** Joins the Files screen to the [queue], which goes on without it. */
class FileViewModel(private val queue: FileQueue, private val settings: SettingsStore) : ViewModel() {
    private val isChooserMissing = MutableStateFlow(false)
    private val asksForNotifications = MutableStateFlow(false)

    val state: StateFlow<FileUiState> = combine(queue.jobs, isChooserMissing, asksForNotifications, ::FileUiState)
        .stateIn(viewModelScope, SharingStarted.WhileSubscribed(UNSEEN_MS), FileUiState(queue.jobs.value))

    fun add(files: List<Uri>) {
        if (files.isEmpty()) return
        isChooserMissing.value = false
        queue.add(files)
    }

    /** The phone has no app to choose files with. */
    fun onNoChooser() {
        isChooserMissing.value = true
    }

    fun cancel(id: String) = queue.cancel(id)

    fun cancelAll() = queue.cancelAll()

    fun resume(id: String) = queue.resume(id)

    /** The screen is left: what is over was seen. */
    fun onLeave() {
        isChooserMissing.value = false
        queue.dismiss()
    }

    /** Whether the screen is seen. */
    fun onSeen(isSeen: Boolean) {
        queue.isWatched = isSeen
    }

    /** Files are analysed, and nobody would see the notification. Asked once, as recording does; it works without. */
    fun onCannotNotify() {
        viewModelScope.launch {
            if (storing({ true }) { settings.settings.first().hasAskedForNotifications }) return@launch
            storing({}) { settings.update { it.copy(hasAskedForNotifications = true) } }
            asksForNotifications.value = true
        }
    }

    fun onNotificationAnswer() = asksForNotifications.update { false }

    companion object {
        private const val UNSEEN_MS = 5_000L

        fun factory(queue: FileQueue, settings: SettingsStore): ViewModelProvider.Factory =
            viewModelFactory { initializer { FileViewModel(queue, settings) } }
    }
}
