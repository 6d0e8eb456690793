package app.undertone.history

import app.undertone.history.HistorySamples.at
import app.undertone.history.HistorySamples.segment
import app.undertone.history.HistorySamples.session
import app.undertone.model.Emotion
import app.undertone.model.HistoryFilter
import app.undertone.model.Mark
import app.undertone.model.Session
import app.undertone.model.SessionSource
import app.undertone.model.SessionSummary
import app.undertone.model.SpokenSegment
import app.undertone.model.summary.emotionTimes
import app.undertone.model.summary.outline
import app.undertone.model.summary.steadiness
import app.undertone.model.summary.week
import app.undertone.session.PlaybackState
import app.undertone.session.PlaybackStatus
import app.undertone.session.SessionDetailUiState
import app.undertone.session.SessionDialog
import java.time.LocalDate

/** A text field in a dialog never comes to rest on a screen whose width and height are given (Robolectric issue 8460). */
internal const val SIZE_FOR_TYPING = "mdpi"

/** The states of the history's screens that tests look at. */
internal object HistoryStates {
    private val today = LocalDate.now(HistorySamples.clock)
    private val conversation = HistorySamples.conversation.mapIndexed { index, segment -> segment.copy(id = index + 1L) }

    private val summaries = listOf(
        summary(1, session(), conversation),
        summary(
            2,
            session(at(2026, 11, 24, 9, 12), lengthMs = 3_725_000, title = "Interview at the office", tags = listOf("work", "long")),
            HistorySamples.longTalk(1_800),
        ),
        summary(3, session(at(2026, 11, 23, 20, 45), lengthMs = 12_000, isFinished = false), emptyList()),
        summary(4, session(at(2026, 11, 19, 8, 5), lengthMs = 41_000, title = "مكالمة الصباح", tags = listOf("عائلة")), conversation.take(4)),
    )

    /** Of the days that no card on the first screen shows. */
    private val earlier = listOf(
        summary(5, session(at(2026, 11, 18, 19, 0)), HistorySamples.longTalk(500)),
        summary(6, session(at(2026, 11, 19, 11, 0)), HistorySamples.longTalk(1_500).drop(700)),
        summary(7, session(at(2026, 11, 21, 16, 0)), HistorySamples.manySegments(400)),
        summary(8, session(at(2026, 11, 22, 16, 0)), HistorySamples.longTalk(400) + HistorySamples.manySegments(700)),
    )

    val loading = HistoryUiState(today, HistorySamples.zone)
    val empty = loading.copy(isLoading = false)
    val list = empty.copy(
        hasSessions = true,
        days = listOf(
            HistoryDay(today, summaries.take(2)),
            HistoryDay(today.minusDays(1), summaries.subList(2, 3)),
            HistoryDay(today.minusDays(5), summaries.takeLast(1)),
        ),
        week = (summaries + earlier).week(today, HistorySamples.zone),
        tags = listOf("long", "work", "عائلة"),
    )
    val noMatch = list.copy(filter = HistoryFilter(query = "holiday"), days = emptyList())
    val filtered = list.copy(
        filter = HistoryFilter(day = today.minusDays(5), emotions = setOf(Emotion.Happy)),
        days = list.days.takeLast(1),
        // Of that day, the one recording that fits.
        week = (summaries + earlier.filter { it.session.id != 6L }).week(today, HistorySamples.zone),
    )

    /** A card for each sentence that [list] does not have. */
    val stories = list.copy(
        days = listOf(
            HistoryDay(
                today,
                listOf(
                    "not sure" to List(3) { segment(it * 30_000L, 9_000, Emotion.entries[it], isUncertain = true) },
                    "one moment" to listOf(segment(40_000, 5_000, Emotion.Sad)),
                    "throughout" to listOf(segment(1_000, 40_000, Emotion.Neutral), segment(50_000, 40_000, Emotion.Neutral)),
                    "mostly" to List(9) { segment(it * 10_000L, 9_000, if (it == 4) Emotion.Happy else Emotion.Neutral) },
                    "mostly, ending" to listOf(segment(1_000, 60_000, Emotion.Angry), segment(64_000, 30_000, Emotion.Sad)),
                    "more than others" to listOf(Emotion.Angry, Emotion.Neutral, Emotion.Sad).flatMapIndexed { third, other ->
                        listOf(segment(third * 31_000L, 8_000, Emotion.Happy), segment(third * 31_000L + 9_000, 6_000, other))
                    },
                    "two parts" to listOf(segment(1_000, 44_000, Emotion.Happy), segment(50_000, 44_000, Emotion.Angry)),
                ).mapIndexed { place, (title, segments) -> summary(20L + place, session(title = title), segments) },
            ),
        ),
    )
    val moving = list.copy(isMoving = true)

    fun saying(notice: HistoryNotice) = list.copy(notice = notice)

    val notRead = empty.copy(isNotRead = true)
    val deleted = list.copy(
        days = list.days.map { day -> day.copy(sessions = day.sessions - summaries[1]) },
        notice = HistoryNotice.Deleted(summaries[1].session),
    )
    val exportFailed = list.copy(notice = HistoryNotice.ExportFailed)
    val asksToDeleteEverything = list.copy(asksToDeleteEverything = true)

    val silent = SessionDetailUiState(
        today,
        HistorySamples.zone,
        session = session(title = "Interview at the office", tags = listOf("work", "long")).copy(id = 1),
        segments = conversation,
        emotionTimes = conversation.emotionTimes(),
        steadiness = conversation.steadiness(),
    )
    val paused = silent.copy(
        playback = PlaybackState(PlaybackStatus.Paused, positionMs = 0, lengthMs = 95_000),
        envelope = HistorySamples.envelope(conversation, lengthMs = 95_000),
    )
    val playing = paused.copy(playback = PlaybackState(PlaybackStatus.Playing, positionMs = 24_000, lengthMs = 95_000))
    val interrupted = silent.copy(session = session(title = "Interview at the office").copy(id = 1, isCutOff = true))
    val stoppedAfterSilence = silent.copy(session = session(lengthMs = 395_000).copy(id = 1, stoppedAfterSilenceMin = 5))
    val cutShort = silent.copy(session = session(title = "voice note.m4a").copy(id = 1, source = SessionSource.File, isCutOff = true))
    val playbackFailed = silent.copy(playback = PlaybackState(PlaybackStatus.Failed))
    val audioMissing = playbackFailed.copy(notice = HistoryNotice.NoAudio)

    /** The page of the first recording of [list]. */
    val first = playing.copy(session = summaries.first().session)
    val withoutSpeech = silent.copy(segments = emptyList(), emotionTimes = emptyList<SpokenSegment>().emotionTimes(), steadiness = null)
    val renaming = silent.copy(dialog = SessionDialog.Rename)

    fun sayingOnPage(notice: HistoryNotice) = paused.copy(notice = notice)

    val shareable = paused.copy(session = silent.session?.copy(audioFile = "1.m4a"))

    /** One tone from the first word to the last. */
    val steady = paused.copy(
        segments = conversation.take(2),
        emotionTimes = conversation.take(2).emotionTimes(),
        steadiness = conversation.take(2).steadiness(),
        envelope = HistorySamples.envelope(conversation.take(2), lengthMs = 95_000),
    )
    val tagging = silent.copy(dialog = SessionDialog.Tags)

    /** One mark before all speech, one within a moment. */
    val marked = playing.copy(marks = listOf(Mark(1, positionMs = 1_200, markedAtMs = 0), Mark(2, 41_000, 0)))
    val markDeleted = paused.copy(marks = marked.marks.take(1), notice = HistoryNotice.MarkDeleted(marked.marks.last()))
    val markedWithoutSpeech = withoutSpeech.copy(marks = marked.marks.take(1))
    val correcting = paused.copy(dialog = SessionDialog.Moment(conversation[6].id))

    /** An hour of talk, without its audio. */
    val hour = HistorySamples.longTalk(1_800).mapIndexed { index, segment -> segment.copy(id = index + 1L) }.let { talk ->
        silent.copy(
            session = session(lengthMs = 3_600_000, title = "Interview at the office").copy(id = 2),
            segments = talk,
            emotionTimes = talk.emotionTimes(),
            steadiness = talk.steadiness(),
        )
    }

    private fun summary(id: Long, session: Session, segments: List<SpokenSegment>) =
        SessionSummary(session.copy(id = id), segments.outline(session.lengthMs))
}
