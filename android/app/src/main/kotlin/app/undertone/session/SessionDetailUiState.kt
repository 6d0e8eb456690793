package app.undertone.session

import androidx.compose.runtime.Immutable
import app.undertone.history.HistoryNotice
import app.undertone.history.Tags
import app.undertone.model.AudioEnvelope
import app.undertone.model.Mark
import app.undertone.model.Session
import app.undertone.model.SpokenSegment
import app.undertone.model.summary.EmotionTime
import app.undertone.model.summary.Steadiness
import app.undertone.model.summary.emotionTimes
import app.undertone.model.summary.outcomes
import app.undertone.model.summary.steadiness
import java.time.LocalDate
import java.time.ZoneId

/**
 * Everything the page of one session shows.
 *
 * @param session null until it is loaded, and once it is deleted: [isGone].
 * @param segments in order of time.
 * @param marks of the user, in order of time.
 * @param emotionTimes of each of [outcomes]; empty until it is loaded.
 * @param envelope of the kept audio; null until it is read, and where none was kept.
 */
@Immutable
data class SessionDetailUiState(
    val today: LocalDate,
    val zone: ZoneId,
    val session: Session? = null,
    val isGone: Boolean = false,
    val segments: List<SpokenSegment> = emptyList(),
    val marks: List<Mark> = emptyList(),
    val emotionTimes: List<EmotionTime> = emptyList(),
    val steadiness: Steadiness? = null,
    val playback: PlaybackState = PlaybackState(),
    val envelope: AudioEnvelope? = null,
    val dialog: SessionDialog? = null,
    val notice: HistoryNotice? = null,
)

/** A question over the page of a session. */
sealed interface SessionDialog {
    data object Rename : SessionDialog

    data object Tags : SessionDialog

    /** What was recognised in one segment, and what the user heard. */
    data class Moment(val segmentId: Long) : SessionDialog
}
