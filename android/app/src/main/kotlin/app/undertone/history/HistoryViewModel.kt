package app.undertone.history

import android.net.Uri
import androidx.lifecycle.ViewModel
import androidx.lifecycle.ViewModelProvider
import androidx.lifecycle.viewModelScope
import androidx.lifecycle.viewmodel.initializer
import androidx.lifecycle.viewmodel.viewModelFactory
import app.undertone.history.export.ExportFormat
import app.undertone.history.export.SessionExport
import app.undertone.model.story
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch
import java.time.Clock
import java.time.Instant
import java.time.LocalDate

/** Holds the History screen's state: the sessions by day, what is searched for, and what was just deleted. */
class HistoryViewModel(
    private val store: SessionStore,
    private val deletion: UndoableDeletion,
    private val export: SessionExport,
    private val clock: Clock = Clock.systemDefaultZone(),
) : ViewModel() {
    private val mutableState = MutableStateFlow(HistoryUiState(LocalDate.now(clock), clock.zone))
    val state: StateFlow<HistoryUiState> = mutableState.asStateFlow()

    private var summaries = emptyList<SessionSummary>()

    /** What each ribbon was drawn from: a card that comes back into sight is not read again. */
    private val drawn = mutableMapOf<Long, SessionSummary>()

    init {
        viewModelScope.launch { store.summaries().collect(::onSummaries) }
        viewModelScope.launch {
            deletion.deleted.collect { session ->
                if (session != null) mutableState.update { it.copy(notice = HistoryNotice.Deleted(session)) }
            }
        }
    }

    fun search(query: String) = mutableState.update { it.copy(query = query, days = days(query)) }

    /** A card came into sight. */
    fun onShown(summary: SessionSummary) {
        if (drawn[summary.session.id] == summary) return
        drawn[summary.session.id] = summary
        viewModelScope.launch {
            val segments = store.segments(summary.session.id).first()
            val blocks = ribbonBlocks(segments, RibbonWindow.of(summary.session, segments), CARD_COLUMNS)
            mutableState.update {
                it.copy(
                    ribbons = it.ribbons + (summary.session.id to blocks),
                    stories = it.stories + (summary.session.id to segments.story(summary.session.lengthMs)),
                )
            }
        }
    }

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

    /** Writes every session into [document]. */
    fun export(document: Uri, format: ExportFormat) {
        viewModelScope.launch {
            val isWritten = export.write(sessionId = null, format, document)
            mutableState.update { it.copy(notice = if (isWritten) HistoryNotice.Exported else HistoryNotice.ExportFailed) }
        }
    }

    private fun onSummaries(current: List<SessionSummary>) {
        summaries = current
        mutableState.update {
            it.copy(today = LocalDate.now(clock), isLoading = false, hasSessions = current.isNotEmpty(), days = days(it.query))
        }
    }

    private fun days(query: String): List<HistoryDay> = summaries
        .filter { it.session.matches(query.trim()) }
        .groupBy { Instant.ofEpochMilli(it.session.startedAtMs).atZone(clock.zone).toLocalDate() }
        .map { (date, sessions) -> HistoryDay(date, sessions) }

    private fun sayNotStored() = mutableState.update { it.copy(notice = HistoryNotice.NotStored) }

    companion object {
        /** More than a card has dp, on a phone. */
        private const val CARD_COLUMNS = 40

        fun factory(store: SessionStore, deletion: UndoableDeletion, export: SessionExport): ViewModelProvider.Factory =
            viewModelFactory { initializer { HistoryViewModel(store, deletion, export) } }
    }
}

private fun Session.matches(query: String) = (tags + listOfNotNull(title)).any { it.contains(query, ignoreCase = true) } || query.isEmpty()
