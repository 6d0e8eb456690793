package app.undertone.history

import android.net.Uri
import androidx.lifecycle.ViewModel
import androidx.lifecycle.ViewModelProvider
import androidx.lifecycle.viewModelScope
import androidx.lifecycle.viewmodel.initializer
import androidx.lifecycle.viewmodel.viewModelFactory
import app.undertone.history.archive.HistoryArchives
import app.undertone.history.archive.ImportResult
import app.undertone.history.export.ExportFormat
import app.undertone.history.export.SessionExport
import app.undertone.model.HistoryFilter
import app.undertone.model.PhoneClock
import app.undertone.model.Session
import app.undertone.model.SessionStore
import app.undertone.model.SessionSummary
import app.undertone.model.Today
import app.undertone.model.UndoableDeletion
import app.undertone.model.days
import app.undertone.model.fits
import app.undertone.model.launchStoring
import app.undertone.model.mostUsedTags
import app.undertone.model.startedOn
import app.undertone.model.storing
import app.undertone.model.summary.DayOfWeek
import app.undertone.model.summary.week
import app.undertone.model.summary.weekStartMs
import app.undertone.model.today
import app.undertone.ui.whileWatched
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.collectLatest
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.flow.flatMapLatest
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch
import java.time.Clock

/** Holds the History screen's state: the sessions by day, which of them are shown, and what was just deleted. */
class HistoryViewModel(
    private val store: SessionStore,
    private val deletion: UndoableDeletion,
    private val export: SessionExport,
    private val archives: HistoryArchives,
    private val clock: Clock = PhoneClock,
) : ViewModel() {
    private val mutableState = clock.today.let { MutableStateFlow(HistoryUiState(it.date, it.zone)) }
    val state: StateFlow<HistoryUiState> = mutableState.asStateFlow()

    private val filter = MutableStateFlow(HistoryFilter())

    /** How many of the sessions that fit are read: more when the end of the list comes into sight. */
    private val count = MutableStateFlow(PAGE)

    /** How often reading was begun anew. */
    private val attempts = MutableStateFlow(0)

    init {
        @OptIn(ExperimentalCoroutinesApi::class)
        viewModelScope.launch {
            mutableState.whileWatched {
                attempts.collectLatest {
                    storing({ mutableState.update { it.copy(isNotRead = true, isLoading = false) } }) {
                        clock.days().flatMapLatest(::listing).collect(::show)
                    }
                }
            }
        }
        viewModelScope.launch {
            deletion.deleted.collect { session ->
                if (session != null) mutableState.update { it.copy(notice = HistoryNotice.Deleted(session)) }
            }
        }
    }

    /** Reads the recordings once more. */
    fun readAgain() {
        mutableState.update { it.copy(isLoading = true, isNotRead = false) }
        attempts.update { it + 1 }
    }

    fun filter(filter: HistoryFilter) {
        mutableState.update { it.copy(filter = filter) }
        count.value = PAGE
        this.filter.value = filter
    }

    /** The end of the list came into sight. */
    fun onEndShown() = count.update { if (mutableState.value.sessionCount < it) it else it + PAGE }

    fun delete(session: Session) {
        viewModelScope.launchStoring(::sayNotStored) { deletion.delete(session) }
    }

    fun undo() {
        mutableState.update { it.copy(notice = null) }
        viewModelScope.launchStoring(::sayNotStored) { deletion.undo() }
    }

    /** The notice was shown and passed. */
    fun onNoticeShown(notice: HistoryNotice) {
        mutableState.update { if (it.notice == notice) it.copy(notice = null) else it }
        if (notice is HistoryNotice.Deleted) viewModelScope.launchStoring(::sayNotStored) { deletion.settle(notice.session) }
    }

    fun askToDeleteEverything() = mutableState.update { it.copy(asksToDeleteEverything = true) }

    fun keepEverything() = mutableState.update { it.copy(asksToDeleteEverything = false) }

    fun deleteEverything() {
        mutableState.update { it.copy(asksToDeleteEverything = false, notice = null) }
        viewModelScope.launchStoring(::sayNotStored) { deletion.deleteEverything() }
    }

    /** The phone has no app that offers places for documents. */
    fun onNoPicker() = mutableState.update { it.copy(notice = HistoryNotice.NoPicker) }

    /** Writes every session into [document]. */
    fun export(document: Uri, format: ExportFormat) {
        viewModelScope.launch {
            val isWritten = export.write(sessionId = null, format, document)
            mutableState.update { it.copy(notice = if (isWritten) HistoryNotice.Exported else HistoryNotice.ExportFailed) }
        }
    }

    @OptIn(ExperimentalCoroutinesApi::class)
    private fun listing(today: Today): Flow<Listing> {
        val overview = combine(store.newest(1), store.since(weekStartMs(today.date)), store.tags()) { newest, recent, tags ->
            Overview(today, newest.isNotEmpty(), recent.week(today.date, today.zone), tags.mostUsedTags(MOST_TAGS))
        }
        val shown = combine(filter, count, ::Pair).flatMapLatest { (filter, count) ->
            store.newest(count) { it.fits(filter, today.zone) }
        }
        return combine(overview, shown, ::Listing)
    }

    private fun show(listing: Listing) {
        val (today, hasSessions, week, tags) = listing.overview
        mutableState.update {
            it.copy(
                today = today.date,
                zone = today.zone,
                isLoading = false,
                isNotRead = false,
                hasSessions = hasSessions,
                filter = it.filter.within(week.map(DayOfWeek::date), tags),
                days = listing.shown
                    .groupBy { summary -> summary.session.startedOn(today.zone) }
                    .map { (date, sessions) -> HistoryDay(date, sessions) },
                week = week,
                tags = tags,
            )
        }
        // A day or a tag that is not there any more limits the list no longer.
        filter.value = mutableState.value.filter
    }

    /** Writes the whole history into [document], for another phone. */
    fun exportArchive(document: Uri) = move { if (archives.write(document)) HistoryNotice.Exported else HistoryNotice.ExportFailed }

    /** Adds the history in [document] to this one. */
    fun importArchive(document: Uri) = move {
        when (val result = archives.read(document)) {
            is ImportResult.Imported -> HistoryNotice.Imported(result.added, result.known)
            is ImportResult.Refused -> HistoryNotice.NotImported(result.problem)
        }
    }

    private fun move(work: suspend () -> HistoryNotice) {
        if (mutableState.value.isMoving) return
        mutableState.update { it.copy(isMoving = true, notice = null) }
        viewModelScope.launchStoring({ mutableState.update { it.copy(isMoving = false, notice = HistoryNotice.NotStored) } }) {
            val notice = work()
            mutableState.update { it.copy(isMoving = false, notice = notice) }
        }
    }

    private fun sayNotStored() = mutableState.update { it.copy(notice = HistoryNotice.NotStored) }

    private data class Overview(val today: Today, val hasSessions: Boolean, val week: List<DayOfWeek>, val tags: List<String>)

    private data class Listing(val overview: Overview, val shown: List<SessionSummary>)

    companion object {
        private const val PAGE = 50
        private const val MOST_TAGS = 8

        fun factory(
            store: SessionStore,
            deletion: UndoableDeletion,
            export: SessionExport,
            archives: HistoryArchives,
        ): ViewModelProvider.Factory = viewModelFactory { initializer { HistoryViewModel(store, deletion, export, archives) } }
    }
}
