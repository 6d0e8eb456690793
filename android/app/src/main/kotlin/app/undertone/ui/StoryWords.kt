package app.undertone.ui

import android.content.res.Resources
import androidx.annotation.StringRes
import androidx.compose.runtime.Composable
import androidx.compose.ui.platform.LocalResources
import app.undertone.R
import app.undertone.model.Emotion
import app.undertone.model.summary.Story

@Composable
internal fun Story.sentence(): String = sentence(LocalResources.current)

/** Of the voice, never of the person; each pattern has a sentence of its own, because other languages bend the words. */
internal fun Story.sentence(resources: Resources): String {
    fun word(emotion: Emotion) = resources.getString(emotion.inSentence)
    fun percent(percent: Int) = resources.getString(R.string.percent, percent)
    return when (this) {
        Story.Silence -> resources.getString(R.string.story_silence)
        Story.NotSure -> resources.getString(R.string.story_not_sure)
        is Story.OneMoment -> resources.getString(R.string.story_one_moment, word(emotion))
        is Story.Throughout -> resources.getString(R.string.story_throughout, word(emotion))
        is Story.Mostly -> if (ending == null) {
            resources.getString(R.string.story_mostly, word(emotion), percent(percent))
        } else {
            resources.getString(R.string.story_mostly_ending, word(emotion), percent(percent), word(ending))
        }
        is Story.MoreThanOthers -> resources.getString(R.string.story_more_than_others, word(emotion))
        is Story.TwoParts -> resources.getString(R.string.story_two_parts, word(start), word(end))
        is Story.ThreeParts -> resources.getString(R.string.story_three_parts, word(start), word(middle), word(end))
    }
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
