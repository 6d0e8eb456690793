package app.undertone.ui.chart

import androidx.compose.animation.core.animateFloatAsState
import androidx.compose.animation.core.tween
import androidx.compose.foundation.Canvas
import androidx.compose.foundation.background
import androidx.compose.foundation.border
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Spacer
import androidx.compose.foundation.layout.fillMaxHeight
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.material3.MaterialTheme
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.alpha
import androidx.compose.ui.draw.clip
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.unit.dp
import app.undertone.R
import app.undertone.model.Emotion
import app.undertone.model.RecognisedSegment
import app.undertone.theme.LocalEmotionColors
import app.undertone.theme.drawEmotion
import app.undertone.ui.MORPH_MS
import app.undertone.ui.percentText
import app.undertone.ui.word

/**
 * The four probabilities, always in the same order: the eye learns the places. The highest is bold where it is sure, the others quiet.
 *
 * @param isPaused they are those of a moment ago: fainter, as the shape above them.
 */
@Composable
internal fun ProbabilityBars(recognised: RecognisedSegment?, modifier: Modifier = Modifier, isPaused: Boolean = false) {
    Column(modifier.fillMaxWidth(), verticalArrangement = Arrangement.spacedBy(8.dp)) {
        Emotion.entries.forEach { emotion ->
            val isWinner = recognised?.isUncertain == false && recognised.emotion == emotion
            ProbabilityBar(emotion, recognised?.probabilities?.get(emotion.ordinal), isWinner, strength = if (isPaused) PAUSED_ALPHA else 1f)
        }
    }
}

@Composable
private fun ProbabilityBar(emotion: Emotion, probability: Double?, isWinner: Boolean, strength: Float) {
    val scheme = MaterialTheme.colorScheme
    val color = LocalEmotionColors.current[emotion]
    val fill by animateFloatAsState(probability?.toFloat() ?: 0f, tween(MORPH_MS), label = "probability")
    BarRow(
        word = stringResource(emotion.word),
        value = if (probability == null) stringResource(R.string.no_value) else percentText(probability),
        style = MaterialTheme.typography.bodyLarge.copy(
            color = if (isWinner) scheme.onSurface else scheme.onSurfaceVariant,
            fontWeight = if (isWinner) FontWeight.Bold else FontWeight.Normal,
        ),
        icon = { Canvas(it.alpha(strength)) { drawEmotion(emotion, color, sidePx = size.width * 0.92f) } },
    ) {
        Box(it.alpha(strength), contentAlignment = Alignment.CenterStart) {
            Box(Modifier.fillMaxWidth().height(if (isWinner) 12.dp else 8.dp).clip(BAR_SHAPE).background(scheme.surfaceContainer)) {
                Spacer(Modifier.fillMaxSize().border(1.dp, scheme.outlineVariant, BAR_SHAPE))
                Spacer(Modifier.fillMaxHeight().fillMaxWidth(fill.coerceIn(0f, 1f)).clip(BAR_SHAPE).background(color))
            }
        }
    }
}

/** Not a full pill: its round ends would cut a bar of a few percent down to a sliver. */
private val BAR_SHAPE = RoundedCornerShape(4.dp)

/** Of what is drawn while a recording is paused; words stay as readable as they are. */
internal const val PAUSED_ALPHA = 0.5f
