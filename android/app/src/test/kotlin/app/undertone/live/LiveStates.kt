package app.undertone.live

import app.undertone.asset.AssetProblem

/** The states of the Live screen that tests look at. */
internal object LiveStates {
    val loading = LiveUiState()
    val ready = LiveUiState(LiveStatus.Ready)
    val listening = LiveUiState(LiveStatus.Listening, levelDbfs = -58f)
    val hearing = LiveUiState(LiveStatus.HearingYou, levelDbfs = -24f, isGateOpen = true, heard = heard(Emotion.Neutral, .08, .18, .71, .03))
    val soFar = hearing.copy(heard = heard(Emotion.Happy, .12, .66, .16, .06).copy(isSoFar = true))
    val angry = listened(heard(Emotion.Angry, .71, .18, .08, .03, durationMs = 2_400))
    val happy = listened(heard(Emotion.Happy, .04, .91, .03, .02, durationMs = 1_300))
    val neutral = listened(heard(Emotion.Neutral, .10, .15, .55, .20, durationMs = 3_100))
    val sad = listened(heard(Emotion.Sad, .01, .02, .09, .88, durationMs = 4_700))
    val uncertain = listened(
        heard(Emotion.Neutral, .30, .05, .36, .29, durationMs = 800).copy(shape = Emotion.Sad, isUncertain = true),
    )
    val clipping = angry.copy(status = LiveStatus.Clipping, levelDbfs = -1f, isGateOpen = true)
    val tooQuiet = listening.copy(status = LiveStatus.TooQuiet, levelDbfs = -70f, isGateOpen = true)
    val rationale = LiveUiState(LiveStatus.Ready, notice = LiveNotice.PermissionRationale)
    val denied = LiveUiState(LiveStatus.MicrophoneDenied, notice = LiveNotice.PermissionDenied(canAskAgain = false))
    val assetFailed = LiveUiState(
        LiveStatus.Unavailable,
        notice = LiveNotice.AssetFailed(
            AssetProblem.Damaged("model.onnx", "has SHA-256 08afe308afe3..., the manifest says 4711c04711c0..."),
        ),
    )
    val busy = LiveUiState(LiveStatus.MicrophoneBusy, notice = LiveNotice.MicrophoneBusy)
    val noSpeech = listening.copy(notice = LiveNotice.NoSpeech)

    private fun listened(heard: HeardSegment) = LiveUiState(LiveStatus.Listening, levelDbfs = -52f, heard = heard)

    private fun heard(emotion: Emotion, angry: Double, happy: Double, neutral: Double, sad: Double, durationMs: Int = 1_900) =
        HeardSegment(emotion, shape = emotion, listOf(angry, happy, neutral, sad), isUncertain = false, isSoFar = false, durationMs)
}
