package app.undertone.live

import app.undertone.asset.AssetProblem
import app.undertone.engine.ArousalValence
import app.undertone.history.HistorySamples
import app.undertone.model.Emotion
import app.undertone.model.RecognisedSegment
import app.undertone.model.SILENCE_DBFS
import app.undertone.model.SpokenSegment
import app.undertone.recording.Listening
import app.undertone.ui.word
import kotlin.math.PI
import kotlin.math.sin
import kotlin.random.Random

/** The states of the Live screen that tests look at. */
internal object LiveStates {
    /** The segments before the last one, and the first word of it, are always the same. */
    private val earlier = listOf(
        segment(Emotion.Angry, 1_200, 3_600),
        segment(Emotion.Neutral, 5_000, 7_400),
        segment(Emotion.Happy, 8_600, 10_400),
        segment(Emotion.Sad, 13_000, 14_200, isUncertain = true),
        segment(Emotion.Neutral, 16_000, 18_800).copy(correctedTo = Emotion.Happy),
    )

    val loading = LiveUiState()
    val ready = LiveUiState(LiveStatus.Ready)
    val listening = LiveUiState(
        LiveStatus.Listening,
        levelDbfs = -58f,
        waveform = waveform(lengthMs = 4_000, spoken = emptyList()),
        elapsedMs = 4_000,
    )
    val hearing = spoken(recognised(Emotion.Neutral, .08, .18, .71, .03)).copy(status = LiveStatus.HearingYou, levelDbfs = -24f, isGateOpen = true)
    val soFar = spoken(recognised(Emotion.Happy, .12, .66, .16, .06)).run {
        copy(status = LiveStatus.HearingYou, levelDbfs = -24f, isGateOpen = true, recognised = recognised?.copy(isSoFar = true))
    }
    val angry = listened(recognised(Emotion.Angry, .71, .18, .08, .03, durationMs = 2_400))
    val happy = listened(recognised(Emotion.Happy, .04, .91, .03, .02, durationMs = 1_300))
    val neutral = listened(recognised(Emotion.Neutral, .10, .15, .55, .20, durationMs = 3_100))
    val sad = listened(recognised(Emotion.Sad, .01, .02, .09, .88, durationMs = 4_700))
    val uncertain = listened(
        recognised(Emotion.Neutral, .30, .05, .36, .29, durationMs = 800).copy(isUncertain = true),
    )
    val clipping = angry.copy(status = LiveStatus.Clipping, levelDbfs = -1f, isGateOpen = true)
    val tooQuiet = listening.copy(status = LiveStatus.TooQuiet, levelDbfs = -70f, isGateOpen = true)
    val tooQuietLater = angry.copy(status = LiveStatus.TooQuiet, levelDbfs = -70f)
    val rationale = LiveUiState(LiveStatus.Ready, notice = LiveNotice.PermissionRationale)
    val denied = LiveUiState(LiveStatus.MicrophoneDenied, notice = LiveNotice.PermissionDenied(canAskAgain = false))
    val assetFailed = LiveUiState(
        LiveStatus.Unavailable,
        notice = LiveNotice.AssetFailed(
            AssetProblem.Damaged("model.onnx", "has SHA-256 08afe308afe3..., the manifest says 4711c04711c0..."),
        ),
    )
    val busy = LiveUiState(LiveStatus.MicrophoneBusy, notice = LiveNotice.MicrophoneBusy)
    val noSpeech = listening.copy(elapsedMs = 34_000, notice = LiveNotice.NoSpeech)

    val paused = angry.copy(status = LiveStatus.Paused, levelDbfs = SILENCE_DBFS)
    val pausedAtOnce = LiveUiState(LiveStatus.Paused)

    /** One mark in the middle of a moment, one just now. */
    val marked = happy.copy(marksMs = listOf(9_600, happy.elapsedMs - 700))
    val keepsAudio = angry.copy(keepsAudio = true)

    /** Of a model that says arousal and valence. */
    val livelyAndNegative = angry.run {
        val said = ArousalValence(arousal = .7f, valence = -.6f)
        copy(recognised = recognised?.copy(arousalValence = said), ribbon = ribbon.dropLast(1) + ribbon.last().copy(arousalValence = said))
    }

    /** A minute and a half with three tones. */
    val saved = SavedRecording(
        HistorySamples.session().copy(id = 1),
        HistorySamples.conversation.mapIndexed { place, segment -> segment.copy(id = place + 1L) },
    )
    val savedAfterSilence = saved.copy(session = saved.session.copy(lengthMs = 395_000, stoppedAfterSilenceMin = 5))
    val savedWithoutSpeech = SavedRecording(HistorySamples.session(lengthMs = 9_000).copy(id = 1), emptyList())

    val NoActions = LiveActions({}, {}, {}, {}, {}, {}, {}, {}, {})

    private fun spoken(recognised: RecognisedSegment): LiveUiState {
        val ribbon = earlier + segment(recognised.emotion, 20_000, 20_000L + recognised.durationMs, recognised.isUncertain)
        val lengthMs = 20_600L + recognised.durationMs
        val waveform = waveform(lengthMs, ribbon)
        return LiveUiState(LiveStatus.Listening, recognised = recognised, waveform = waveform, ribbon = ribbon, elapsedMs = lengthMs)
    }

    private fun listened(recognised: RecognisedSegment) = spoken(recognised).copy(levelDbfs = -52f)

    private fun segment(emotion: Emotion, startMs: Long, endMs: Long, isUncertain: Boolean = false) =
        (if (isUncertain) .4 else .7).let { likely ->
            SpokenSegment(0, startMs, endMs, emotion, Emotion.entries.map { if (it == emotion) likely else (1 - likely) / 3 }, isUncertain)
        }

    /** Syllables at 4 Hz where somebody speaks, a quiet room elsewhere. */
    private fun waveform(lengthMs: Long, spoken: List<SpokenSegment>): Waveform {
        val random = Random(1)
        return (0 until lengthMs / Waveform.FRAME_MS).fold(Waveform.Empty) { waveform, frame ->
            val timeMs = frame * Waveform.FRAME_MS
            val isSpoken = spoken.any { timeMs in it.startMs + 300..it.endMs }
            val isOpen = spoken.any { timeMs in it.startMs + 300..it.endMs + 480 }
            val levelDbfs = if (isSpoken) -22f + 12 * sin(timeMs * 8 * PI / 1000).toFloat() + random.nextInt(4) else -60f + random.nextInt(6)
            waveform.afterLevel(levelDbfs).afterGate(isOpen)
        }
    }

    private fun recognised(emotion: Emotion, angry: Double, happy: Double, neutral: Double, sad: Double, durationMs: Int = 1_900) =
        RecognisedSegment(emotion, listOf(angry, happy, neutral, sad), isUncertain = false, isSoFar = false, durationMs)
}
