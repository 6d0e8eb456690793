package app.undertone.ui

import androidx.annotation.StringRes
import androidx.compose.runtime.Composable
import androidx.compose.ui.res.stringResource
import app.undertone.R
import app.undertone.model.Emotion
import app.undertone.model.Story

/** Of the voice, never of the person; each pattern has a sentence of its own, because other languages bend the words. */
@Composable
internal fun Story.sentence(): String = when (this) {
    Story.Silence -> stringResource(R.string.story_silence)
    Story.NotSure -> stringResource(R.string.story_not_sure)
    is Story.OneMoment -> stringResource(R.string.story_one_moment, stringResource(emotion.inSentence))
    is Story.Mostly -> if (ending == null) {
        stringResource(R.string.story_mostly, stringResource(emotion.inSentence), stringResource(R.string.percent, percent))
    } else {
        stringResource(
            R.string.story_mostly_ending,
            stringResource(emotion.inSentence),
            stringResource(R.string.percent, percent),
            stringResource(ending.inSentence),
        )
    }
    is Story.MoreThanOthers -> stringResource(R.string.story_more_than_others, stringResource(emotion.inSentence))
    is Story.TwoParts -> stringResource(R.string.story_two_parts, stringResource(start.inSentence), stringResource(end.inSentence))
    is Story.ThreeParts -> stringResource(
        R.string.story_three_parts,
        stringResource(start.inSentence),
        stringResource(middle.inSentence),
        stringResource(end.inSentence),
    )
}

/** The word as it stands inside a sentence. */
@get:StringRes
private val Emotion.inSentence: Int
    get() = when (this) {
        Emotion.Angry -> R.string.story_angry
        Emotion.Happy -> R.string.story_happy
        Emotion.Neutral -> R.string.story_neutral
        Emotion.Sad -> R.string.story_sad
    }
