package app.undertone.model

import androidx.compose.runtime.Immutable
import app.undertone.engine.ArousalValence
import app.undertone.model.summary.RibbonBlock
import app.undertone.model.summary.Story
import app.undertone.model.summary.blocks
import app.undertone.model.summary.outcomes
import app.undertone.model.summary.outline
import app.undertone.model.summary.ribbonColumns
import app.undertone.model.summary.story
import java.time.ZoneId
import java.time.ZoneOffset

/**
 * One recording or one file, with what was heard in it.
 *
 * @param id 0 before it is stored.
 * @param startedAtMs when its first sample was: milliseconds since the epoch.
 * @param lengthMs of the audio that was heard until now; pauses do not count.
 * @param title the user's name for it, or the file's; null for a recording without a name.
 * @param audioFile name of the kept audio, WAV or M4A, in the app's private folder; null where no audio was kept.
 * @param isFinished false while it is recorded or its file is analysed; where the process died before the end, the next one finishes it.
 * @param isCutOff its end is missing: the process died while it was recorded, or its file was not analysed to the end, or breaks off before
 *   the end that it states.
 * @param zoneOffset of the clock where it was recorded; null where an older version of the app recorded it.
 * @param stoppedAfterSilenceMin minutes without speech after which it ended by itself; null where somebody or something else ended it.
 */
@Immutable
data class Session(
    val id: Long,
    val source: SessionSource,
    val startedAtMs: Long,
    val lengthMs: Long,
    val title: String? = null,
    val tags: List<String> = emptyList(),
    val audioFile: String? = null,
    val isFinished: Boolean = false,
    val isCutOff: Boolean = false,
    val zoneOffset: ZoneOffset? = null,
    val stoppedAfterSilenceMin: Int? = null,
) {
    /** By which it says its day and its times: that of its place, else [here]. */
    fun zone(here: ZoneId): ZoneId = zoneOffset ?: here

    /** Audio was kept, and nobody writes it any more. */
    val hasWholeAudio: Boolean get() = isFinished && audioFile != null
}

enum class SessionSource { Microphone, File }

/**
 * A stretch of speech and its emotion.
 *
 * @param id 0 before it is stored.
 * @param startMs from the start of the session, in its audio: pauses do not count.
 * @param probabilities in the order of [Emotion], of this segment together with those before it, as Live shows them.
 * @param isUncertain the model's own emotion is not to be relied on.
 * @param correctedTo what the user heard instead.
 * @param pausedMs how long the session was paused before it: see [startedAtMs].
 * @param arousalValence of this segment alone, while Live shows it: experimental, so it is not stored.
 */
@Immutable
data class SpokenSegment(
    val id: Long,
    val startMs: Long,
    val endMs: Long,
    val emotion: Emotion,
    val probabilities: List<Double>,
    val isUncertain: Boolean,
    val correctedTo: Emotion? = null,
    val pausedMs: Long = 0,
    val arousalValence: ArousalValence? = null,
) {
    val durationMs: Long get() = endMs - startMs

    /** Milliseconds since the epoch, in a session that began at [sessionStartedAtMs]. */
    fun startedAtMs(sessionStartedAtMs: Long): Long = sessionStartedAtMs + startMs + pausedMs

    fun endedAtMs(sessionStartedAtMs: Long): Long = sessionStartedAtMs + endMs + pausedMs

    /** What counts in charts: the user's word, else the model's where it is sure, else null. */
    val recognised: Emotion? get() = correctedTo ?: emotion.takeUnless { isUncertain }
}

/**
 * A moment that the user marked while it was recorded.
 *
 * @param id 0 before it is stored.
 * @param positionMs from the start of the session, in its audio: pauses do not count.
 * @param markedAtMs when it was marked: milliseconds since the epoch.
 */
@Immutable
data class Mark(val id: Long, val positionMs: Long, val markedAtMs: Long)

/**
 * A session with everything that is stored of it.
 *
 * @param segments in order of time, as are [marks].
 */
class WholeSession(val session: Session, val segments: List<SpokenSegment>, val marks: List<Mark>)

/**
 * What a list of sessions shows.
 *
 * @param sharesMs time of each emotion in the order of [Emotion], by [SpokenSegment.recognised].
 * @param uncertainMs time of the segments that none of these counts.
 * @param story and [ribbon]: of all its segments.
 */
@Immutable
data class SessionSummary(
    val session: Session,
    val sharesMs: List<Long>,
    val uncertainMs: Long,
    val story: Story = Story.Silence,
    val ribbon: List<RibbonBlock> = emptyList(),
) {
    constructor(session: Session, outline: SessionOutline) :
        this(session, outline.timesMs.dropLast(1), outline.timesMs.last(), outline.story, outline.columns.blocks())
}

/**
 * The segments of a session in a few values that are stored beside it: a list of sessions reads no segments.
 *
 * @param timesMs of each of [outcomes] in that order, "not sure" last.
 * @param sureCount segments of which something was [SpokenSegment.recognised].
 * @param thirds what was heard longest in each third of the session; null where nothing was.
 * @param columns of a ribbon of the whole session, as [ribbonColumns] gives them.
 */
data class SessionOutline(
    val timesMs: List<Long>,
    val segmentCount: Int,
    val sureCount: Int,
    val thirds: List<Emotion?>,
    val columns: List<Int?>,
) {
    companion object {
        /** As many as the ribbon of a card has. */
        const val COLUMNS = 40
    }
}
