package app.undertone.history

import androidx.compose.runtime.Immutable
import app.undertone.history.archive.ArchiveProblem
import app.undertone.model.HistoryFilter
import app.undertone.model.Mark
import app.undertone.model.Session
import app.undertone.model.SessionSummary
import app.undertone.model.summary.DayOfWeek
import java.time.LocalDate
import java.time.ZoneId

/**
 * Everything the History screen shows.
 *
 * @param days newest first, without days on which nothing fits [filter]; as far back as the list was scrolled.
 * @param hasSessions whether there is any session, whether it fits or not.
 * @param week of all sessions.
 * @param isNotRead the recordings cannot be read: nothing else is to be shown of them.
 * @param isMoving the history is being written into a file, or read from one.
 * @param tags that [filter] offers.
 */
@Immutable
data class HistoryUiState(
    val today: LocalDate,
    val zone: ZoneId,
    val isLoading: Boolean = true,
    val isNotRead: Boolean = false,
    val hasSessions: Boolean = false,
    val filter: HistoryFilter = HistoryFilter(),
    val days: List<HistoryDay> = emptyList(),
    val week: List<DayOfWeek> = emptyList(),
    val tags: List<String> = emptyList(),
    val asksToDeleteEverything: Boolean = false,
    val isMoving: Boolean = false,
    val notice: HistoryNotice? = null,
) {
    val sessionCount: Int get() = days.sumOf { it.sessions.size }
}

@Immutable
data class HistoryDay(val date: LocalDate, val sessions: List<SessionSummary>)

/** What just happened, said once. */
sealed interface HistoryNotice {
    /** Can be undone. */
    data class Deleted(val session: Session) : HistoryNotice

    /** Can be undone. */
    data class MarkDeleted(val mark: Mark) : HistoryNotice

    data object Exported : HistoryNotice

    data object ExportFailed : HistoryNotice

    /** @param known recordings of the file that were here already. */
    data class Imported(val added: Int, val known: Int) : HistoryNotice

    /** Nothing of a file was imported. */
    data class NotImported(val problem: ArchiveProblem) : HistoryNotice

    /** The kept audio of this recording is not there to be given to anybody. */
    data object NoAudio : HistoryNotice

    /** Nothing is played into a recording. */
    data object RecordingGoesOn : HistoryNotice

    /** No app on this phone offers places for documents. */
    data object NoPicker : HistoryNotice

    /** The recordings cannot be read. */
    data object NotRead : HistoryNotice

    /** What was changed found no room on the disk. */
    data object NotStored : HistoryNotice
}
