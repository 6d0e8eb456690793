package app.undertone.ui

import androidx.annotation.StringRes
import androidx.compose.runtime.Composable
import androidx.compose.ui.res.stringResource
import app.undertone.R
import app.undertone.model.Emotion
import app.undertone.model.RecognisedSegment
import app.undertone.model.summary.percent

@get:StringRes
internal val Emotion.word: Int
    get() = when (this) {
        Emotion.Angry -> R.string.emotion_angry
        Emotion.Happy -> R.string.emotion_happy
        Emotion.Neutral -> R.string.emotion_neutral
        Emotion.Sad -> R.string.emotion_sad
    }

@get:StringRes
internal val RecognisedSegment.headline: Int
    get() = when {
        isUncertain -> R.string.headline_uncertain
        else -> when (emotion) {
            Emotion.Angry -> R.string.headline_angry
            Emotion.Happy -> R.string.headline_happy
            Emotion.Neutral -> R.string.headline_neutral
            Emotion.Sad -> R.string.headline_sad
        }
    }

/** How likely that is, in words and as the calibrated probability: what is wrong once in five times is never "certain". */
@Composable
internal fun RecognisedSegment.certainty(): String =
    stringResource(R.string.certainty, stringResource(likelihood), percentText(confidence))

@get:StringRes
private val RecognisedSegment.likelihood: Int
    get() = when {
        isUncertain -> when (emotion) {
            Emotion.Angry -> R.string.certainty_maybe_angry
            Emotion.Happy -> R.string.certainty_maybe_happy
            Emotion.Neutral -> R.string.certainty_maybe_neutral
            Emotion.Sad -> R.string.certainty_maybe_sad
        }
        confidence >= VERY_LIKELY_FROM -> R.string.certainty_very_likely
        confidence >= LIKELY_FROM -> R.string.certainty_likely
        else -> R.string.certainty_possible
    }

/** A share in 0..1 as every screen shows it. */
@Composable
internal fun percentText(share: Double): String = stringResource(R.string.percent, percent(share))

private const val VERY_LIKELY_FROM = 0.85
private const val LIKELY_FROM = 0.6
