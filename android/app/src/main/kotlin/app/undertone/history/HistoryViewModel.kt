package app.undertone.history

import android.net.Uri
import androidx.lifecycle.ViewModel
import androidx.lifecycle.ViewModelProvider
import androidx.lifecycle.viewModelScope
import androidx.lifecycle.viewmodel.initializer
import androidx.lifecycle.viewmodel.viewModelFactory
import app.undertone.history.export.ExportFormat
import app.undertone.history.export.SessionExport
import app.undertone.model.DayOfWeek
import app.undertone.model.HistoryFilter
import app.undertone.model.PhoneClock
import app.undertone.model.Today
import app.undertone.model.days
import app.undertone.model.matching
import app.undertone.model.mostUsedTags
import app.undertone.model.startedOn
import app.undertone.model.story
import app.undertone.model.today
import app.undertone.model.week
import app.undertone.page.whileWatched
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch
import java.time.Clock
import java.time.ZoneId

/** Holds the History screen's state: the sessions by day, which of them are shown, and what was just deleted. */
class HistoryViewModel(
    private val store: SessionStore,
    private val deletion: UndoableDeletion,
    private val export: SessionExport,
    private val clock: Clock = PhoneClock,
) : ViewModel() {
    private val mutableState = clock.today.let { MutableStateFlow(HistoryUiState(it.date, it.zone)) }
    val state: StateFlow<HistoryUiState> = mutableState.asStateFlow()

    private var summaries = emptyList<SessionSummary>()

    /** What each ribbon was drawn from: a card that comes back into sight is not read again. */
    private val drawn = mutableMapOf<Long, SessionSummary>()

    init {
        viewModelScope.launch {
            mutableState.whileWatched {
                storing({ mutableState.update { it.copy(notice = HistoryNotice.NotRead, isLoading = false) } }) {
                    combine(store.summaries(), clock.days(), ::Pair).collect { (summaries, today) -> show(summaries, today) }
                }
            }
        }
        viewModelScope.launch {
            deletion.deleted.collect { session ->
                if (session != null) mutableState.update { it.copy(notice = HistoryNotice.Deleted(session)) }
            }
        }
    }

    fun filter(filter: HistoryFilter) = mutableState.update { it.copy(filter = filter, days = days(filter, it.zone)) }

    /** A card came into sight. */
    fun onShown(summary: SessionSummary) {
        if (drawn[summary.session.id] == summary) return
        drawn[summary.session.id] = summary
        viewModelScope.launchStoring({ drawn.remove(summary.session.id) }) {
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

    /** The phone has no app that offers places for documents. */
    fun onNoPicker() = mutableState.update { it.copy(notice = HistoryNotice.NoPicker) }

    /** Writes every session into [document]. */
    fun export(document: Uri, format: ExportFormat) {
        viewModelScope.launch {
            val isWritten = export.write(sessionId = null, format, document)
            mutableState.update { it.copy(notice = if (isWritten) HistoryNotice.Exported else HistoryNotice.ExportFailed) }
        }
    }

    private fun show(current: List<SessionSummary>, today: Today) {
        summaries = current
        val week = current.week(today.date, today.zone)
        val tags = current.mostUsedTags(MOST_TAGS)
        mutableState.update {
            val filter = it.filter.within(week.map(DayOfWeek::date), tags)
            it.copy(
                today = today.date,
                zone = today.zone,
                isLoading = false,
                hasSessions = current.isNotEmpty(),
                filter = filter,
                days = days(filter, today.zone),
                week = week,
                tags = tags,
            )
        }
    }

    private fun days(filter: HistoryFilter, zone: ZoneId): List<HistoryDay> = summaries
        .matching(filter, zone)
        .groupBy { it.session.startedOn(zone) }
        .map { (date, sessions) -> HistoryDay(date, sessions) }

    private fun sayNotStored() = mutableState.update { it.copy(notice = HistoryNotice.NotStored) }

    companion object {
        private const val CARD_COLUMNS = 40
        private const val MOST_TAGS = 8

        fun factory(store: SessionStore, deletion: UndoableDeletion, export: SessionExport): ViewModelProvider.Factory =
            viewModelFactory { initializer { HistoryViewModel(store, deletion, export) } }
    }
}
