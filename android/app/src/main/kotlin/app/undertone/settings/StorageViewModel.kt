package app.undertone.settings

import androidx.lifecycle.ViewModel
import androidx.lifecycle.ViewModelProvider
import androidx.lifecycle.viewModelScope
import androidx.lifecycle.viewmodel.initializer
import androidx.lifecycle.viewmodel.viewModelFactory
import app.undertone.model.PhoneClock
import app.undertone.model.Session
import app.undertone.model.SessionStore
import app.undertone.model.StorageUse
import app.undertone.model.audioUse
import app.undertone.model.days
import app.undertone.model.launchStoring
import app.undertone.model.storing
import app.undertone.model.today
import app.undertone.model.withExpiredAudio
import app.undertone.ui.whileWatched
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.flowOn
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch
import java.io.File
import java.time.Clock

/**
 * Where the recordings lie. Each function touches the disk.
 *
 * @param audioFolder of kept audio.
 * @param results the files of the database.
 * @param notCompressed the names of kept audio that could not be compressed.
 */
class StoragePlaces(
    private val audioFolder: () -> File,
    private val results: () -> List<File>,
    private val freeBytes: () -> Long,
    private val notCompressed: () -> Set<String> = { emptySet() },
) {
    fun use(sessions: List<Session>): StorageUse {
        val folder = audioFolder()
        val audio = sessions.audioUse(notCompressed()) { folder.resolve(it).length() }
        return StorageUse(audio, results().sumOf { it.length() }, freeBytes())
    }
}

/** Shows what the recordings take, and deletes kept audio: all of it, or what is older than was chosen. */
class StorageViewModel(
    private val store: SessionStore,
    private val settings: SettingsStore,
    private val places: StoragePlaces,
    private val deleteEverything: suspend () -> Unit,
    private val clock: Clock = PhoneClock,
) : ViewModel() {
    private val mutableState = clock.today.let { MutableStateFlow(StorageUiState(it.date, it.zone)) }
    val state: StateFlow<StorageUiState> = mutableState.asStateFlow()

    init {
        val use: Flow<StorageUse> = store.summaries().map { summaries -> places.use(summaries.map { it.session }) }.flowOn(Dispatchers.IO)
        viewModelScope.launch {
            mutableState.whileWatched {
                launch { clock.days().collect { day -> mutableState.update { it.copy(today = day.date, zone = day.zone) } } }
                storing({ fail() }) {
                    combine(use, settings.settings) { current, chosen -> current to chosen.keptAudioDays }.collect { (current, days) ->
                        mutableState.update { it.copy(use = current, keptAudioDays = days) }
                    }
                }
            }
        }
    }

    /** Audio that is older goes at once. */
    fun keepAudioFor(days: Int?) {
        mutableState.update { it.copy(isNotStored = false) }
        viewModelScope.launchStoring(::fail) {
            settings.update { it.copy(keptAudioDays = days) }
            store.deleteExpiredAudio(days, clock)
        }
    }

    fun ask(question: StorageQuestion?) = mutableState.update { it.copy(question = question, isDeleted = false, isNotStored = false) }

    private fun fail() = mutableState.update { it.copy(isNotStored = true) }

    fun confirm() {
        val question = state.value.question ?: return
        ask(null)
        viewModelScope.launchStoring(::fail) {
            when (question) {
                StorageQuestion.DeleteAudio -> store.deleteAudioOf(state.value.use?.audio.orEmpty().map { it.session }.filter { it.isFinished })
                StorageQuestion.DeleteEverything -> {
                    deleteEverything()
                    mutableState.update { it.copy(isDeleted = true) }
                }
            }
        }
    }

    companion object {
        fun factory(
            store: SessionStore,
            settings: SettingsStore,
            places: StoragePlaces,
            deleteEverything: suspend () -> Unit,
        ): ViewModelProvider.Factory = viewModelFactory { initializer { StorageViewModel(store, settings, places, deleteEverything) } }
    }
}

/** @param keptDays null: nothing expires. */
internal suspend fun SessionStore.deleteExpiredAudio(keptDays: Int?, clock: Clock) {
    if (keptDays == null) return
    deleteAudioOf(summaries().first().map { it.session }.withExpiredAudio(clock.millis(), keptDays))
}

private suspend fun SessionStore.deleteAudioOf(sessions: List<Session>) = sessions.forEach { deleteAudio(it.id) }
