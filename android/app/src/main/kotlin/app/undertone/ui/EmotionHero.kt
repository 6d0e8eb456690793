package app.undertone.ui

import androidx.compose.animation.animateColorAsState
import androidx.compose.animation.core.Animatable
import androidx.compose.animation.core.FastOutSlowInEasing
import androidx.compose.animation.core.RepeatMode
import androidx.compose.animation.core.Spring
import androidx.compose.animation.core.animateFloat
import androidx.compose.animation.core.animateFloatAsState
import androidx.compose.animation.core.infiniteRepeatable
import androidx.compose.animation.core.rememberInfiniteTransition
import androidx.compose.animation.core.spring
import androidx.compose.animation.core.tween
import androidx.compose.foundation.Canvas
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.aspectRatio
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.derivedStateOf
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.rememberCoroutineScope
import androidx.compose.runtime.rememberUpdatedState
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.MotionDurationScale
import androidx.compose.ui.draw.alpha
import androidx.compose.ui.graphics.Brush
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.res.painterResource
import app.undertone.R
import app.undertone.model.Emotion
import app.undertone.model.RecognisedSegment
import app.undertone.theme.Figure
import app.undertone.theme.LocalEmotionColors
import app.undertone.theme.drawFigure

internal const val MORPH_MS = 400

/**
 * What the voice sounds like, as a shape that breathes with the level: the largest thing on screen. Its figure and colour change in
 * [MORPH_MS]; at once where animations are off, and then the level does not move it either. Silent to TalkBack: the headline speaks.
 *
 * @param isRecorded null while nothing is recorded, false while the recording is paused.
 * @param levelDbfs read while drawing only.
 */
@Composable
internal fun EmotionHero(recognised: RecognisedSegment?, isRecorded: Boolean?, levelDbfs: () -> Float, modifier: Modifier = Modifier) {
    val scheme = MaterialTheme.colorScheme
    val emotion = recognised?.emotion?.takeUnless { recognised.isUncertain }
    val figure = if (recognised == null) Figure.Disc else Figure.of(emotion)
    val morph = remember { Morph(figure) }
    LaunchedEffect(figure) { morph.to(figure) }
    val fill = if (recognised == null) scheme.primary else LocalEmotionColors.current[emotion]
    val color by animateColorAsState(fill, tween(MORPH_MS), label = "hero colour")
    val glow by animateFloatAsState(if (emotion == Emotion.Neutral) GREY_GLOW_ALPHA else GLOW_ALPHA, tween(MORPH_MS), label = "hero glow")
    val scale = heroScale(isRecorded == true, levelDbfs)
    val strength = if (isRecorded == false) PAUSED_ALPHA else 1f
    // As one layer: the outline of a figure lies over its edge.
    Box(modifier.aspectRatio(1f).alpha(strength), contentAlignment = Alignment.Center) {
        Canvas(Modifier.fillMaxSize()) {
            val side = size.minDimension * FIGURE_SHARE * scale()
            drawCircle(Brush.radialGradient(listOf(color.copy(alpha = glow), Color.Transparent)))
            drawFigure(morph.figure, color, isHatched = recognised != null && emotion == null, sidePx = side)
        }
        if (recognised == null) Icon(painterResource(R.drawable.ic_mark), null, Modifier.fillMaxSize(0.36f), tint = scheme.onPrimary)
    }
}

/** A figure on its way from one shape to another; a new target begins where it is. */
private class Morph(first: Figure) {
    private val progress = Animatable(1f)
    private var from by mutableStateOf(first)
    private var target by mutableStateOf(first)

    val figure: Figure get() = from.blend(target, progress.value)

    suspend fun to(figure: Figure) {
        if (figure === target) return
        from = this.figure
        target = figure
        progress.snapTo(0f)
        progress.animateTo(1f, tween(MORPH_MS, easing = FastOutSlowInEasing))
    }
}

/** 1 and up to [LOUD_GROWTH] more while something is recorded; a slow breath while nothing is. */
@Composable
private fun heroScale(isRecorded: Boolean, levelDbfs: () -> Float): () -> Float {
    val motion = rememberCoroutineScope().coroutineContext[MotionDurationScale]
    if (motion != null && motion.scaleFactor == 0f) return { 1f }
    val level by rememberUpdatedState(levelDbfs)
    if (isRecorded) {
        // In steps: a new level reaches the spring only where the eye could tell.
        val target by remember { derivedStateOf { 1f + LOUD_GROWTH * (loudness(level()) * LEVEL_STEPS).toInt() / LEVEL_STEPS } }
        val scale = animateFloatAsState(target, spring(Spring.DampingRatioMediumBouncy, Spring.StiffnessMediumLow), label = "hero level")
        return { scale.value }
    }
    val breath = rememberInfiniteTransition(label = "hero breath")
        .animateFloat(1f - BREATH, 1f + BREATH, infiniteRepeatable(tween(BREATH_MS / 2), RepeatMode.Reverse), label = "breath")
    return { breath.value }
}

/** Of a level, in 0..1, above the noise of a quiet room. */
internal fun loudness(levelDbfs: Float): Float = ((levelDbfs - QUIET_DBFS) / (LOUD_DBFS - QUIET_DBFS)).coerceIn(0f, 1f)

private const val QUIET_DBFS = -56f
private const val LOUD_DBFS = -12f
private const val LEVEL_STEPS = 24
private const val LOUD_GROWTH = 0.18f
private const val BREATH = 0.03f
private const val BREATH_MS = 4_000
private const val PAUSED_ALPHA = 0.35f
private const val GLOW_ALPHA = 0.3f

/** Of a colour that is nearly grey, more would look like a smudge. */
private const val GREY_GLOW_ALPHA = 0.12f

/** Room for growth and glow. */
private const val FIGURE_SHARE = 0.8f
