package app.undertone.live

import androidx.annotation.StringRes
import app.undertone.R

@get:StringRes
internal val Emotion.word: Int
    get() = when (this) {
        Emotion.Angry -> R.string.emotion_angry
        Emotion.Happy -> R.string.emotion_happy
        Emotion.Neutral -> R.string.emotion_neutral
        Emotion.Sad -> R.string.emotion_sad
    }

@get:StringRes
internal val HeardSegment.headline: Int
    get() = headlineOf(emotion, isUncertain)

@StringRes
internal fun headlineOf(emotion: Emotion, isUncertain: Boolean): Int = when {
    isUncertain -> R.string.headline_uncertain
    else -> when (emotion) {
        Emotion.Angry -> R.string.headline_angry
        Emotion.Happy -> R.string.headline_happy
        Emotion.Neutral -> R.string.headline_neutral
        Emotion.Sad -> R.string.headline_sad
    }
}

/** How sure it is, in words; takes the seconds. Whole sentences each, because other languages bend the words. */
@get:StringRes
internal val HeardSegment.certainty: Int
    get() = when {
        isUncertain -> when (emotion) {
            Emotion.Angry -> if (isSoFar) R.string.certainty_maybe_angry_so_far else R.string.certainty_maybe_angry
            Emotion.Happy -> if (isSoFar) R.string.certainty_maybe_happy_so_far else R.string.certainty_maybe_happy
            Emotion.Neutral -> if (isSoFar) R.string.certainty_maybe_neutral_so_far else R.string.certainty_maybe_neutral
            Emotion.Sad -> if (isSoFar) R.string.certainty_maybe_sad_so_far else R.string.certainty_maybe_sad
        }
        confidence >= VERY_SURE_FROM -> if (isSoFar) R.string.certainty_very_sure_so_far else R.string.certainty_very_sure
        confidence >= QUITE_SURE_FROM -> if (isSoFar) R.string.certainty_quite_sure_so_far else R.string.certainty_quite_sure
        else -> if (isSoFar) R.string.certainty_leaning_so_far else R.string.certainty_leaning
    }

private const val VERY_SURE_FROM = 0.85
private const val QUITE_SURE_FROM = 0.6

@get:StringRes
internal val LiveStatus.word: Int
    get() = when (this) {
        LiveStatus.Loading -> R.string.status_loading
        LiveStatus.Ready -> R.string.status_ready
        LiveStatus.Listening -> R.string.status_listening
        LiveStatus.HearingYou -> R.string.status_hearing
        LiveStatus.TooQuiet -> R.string.status_too_quiet
        LiveStatus.Clipping -> R.string.status_clipping
        LiveStatus.Paused -> R.string.status_paused
        LiveStatus.MicrophoneBusy, LiveStatus.Interrupted -> R.string.status_microphone_busy
        LiveStatus.Starting -> R.string.status_starting
        LiveStatus.CatchingUp -> R.string.status_catching_up
        LiveStatus.MicrophoneOff -> R.string.status_microphone_off
        LiveStatus.MicrophoneDenied, LiveStatus.MicrophoneNotAllowed -> R.string.status_microphone_denied
        LiveStatus.Unavailable -> R.string.status_unavailable
    }

@StringRes
internal fun gateWord(isListening: Boolean, isGateOpen: Boolean): Int = when {
    isGateOpen -> R.string.gate_open
    isListening -> R.string.gate_closed
    else -> R.string.gate_idle
}
