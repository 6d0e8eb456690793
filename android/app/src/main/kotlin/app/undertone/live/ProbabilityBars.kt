package app.undertone.live

import androidx.compose.animation.core.animateFloatAsState
import androidx.compose.animation.core.tween
import androidx.compose.foundation.Canvas
import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Spacer
import androidx.compose.foundation.layout.fillMaxHeight
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.material3.MaterialTheme
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.unit.dp
import app.undertone.R
import app.undertone.theme.LocalEmotionColors
import app.undertone.theme.drawEmotion
import kotlin.math.roundToInt

/** The four probabilities, always in the same order: the eye learns the places. */
@Composable
internal fun ProbabilityBars(heard: HeardSegment?, modifier: Modifier = Modifier) {
    Column(modifier.fillMaxWidth(), verticalArrangement = Arrangement.spacedBy(8.dp)) {
        Emotion.entries.forEach { ProbabilityBar(it, heard?.probabilities?.get(it.ordinal)) }
    }
}

@Composable
private fun ProbabilityBar(emotion: Emotion, probability: Double?) {
    val color = LocalEmotionColors.current[emotion]
    val fill by animateFloatAsState(probability?.toFloat() ?: 0f, tween(CROSS_FADE_MS), label = "probability")
    BarRow(
        word = stringResource(emotion.word),
        value = if (probability == null) stringResource(R.string.no_value) else stringResource(R.string.percent, (probability * 100).roundToInt()),
        style = MaterialTheme.typography.bodyLarge,
        icon = { Canvas(it) { drawEmotion(emotion, color, sidePx = size.width * 0.9f) } },
    ) {
        Box(it.clip(BAR_SHAPE).background(MaterialTheme.colorScheme.surfaceContainerHighest)) {
            Spacer(Modifier.fillMaxHeight().fillMaxWidth(fill.coerceIn(0f, 1f)).clip(BAR_SHAPE).background(color))
        }
    }
}

/** Not a full pill: its round ends would cut a bar of a few percent down to a sliver. */
private val BAR_SHAPE = RoundedCornerShape(4.dp)
