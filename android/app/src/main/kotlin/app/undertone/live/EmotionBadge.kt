package app.undertone.live

import androidx.compose.animation.Crossfade
import androidx.compose.animation.core.animateFloatAsState
import androidx.compose.animation.core.tween
import androidx.compose.foundation.Canvas
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.aspectRatio
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.geometry.Size
import androidx.compose.ui.graphics.StrokeCap
import androidx.compose.ui.graphics.drawscope.Stroke
import androidx.compose.ui.res.painterResource
import app.undertone.R
import app.undertone.theme.LocalEmotionColors
import app.undertone.theme.drawEmotion
import app.undertone.theme.drawUncertain

internal const val CROSS_FADE_MS = 200

/** What was heard, as a shape inside a ring that closes with confidence. Says nothing to TalkBack: the headline does. */
@Composable
internal fun EmotionBadge(heard: HeardSegment?, modifier: Modifier = Modifier) {
    val outline = MaterialTheme.colorScheme.outline
    val track = MaterialTheme.colorScheme.surfaceContainerHighest
    val emotionColors = LocalEmotionColors.current
    val ring by animateFloatAsState(heard?.confidence?.toFloat() ?: 0f, tween(CROSS_FADE_MS), label = "confidence")
    val ringColor = if (heard == null || heard.isUncertain) outline else emotionColors[heard.emotion]
    Box(modifier.aspectRatio(1f), contentAlignment = Alignment.Center) {
        Canvas(Modifier.fillMaxSize()) {
            val width = size.width * 0.06f
            val inset = Offset(width / 2, width / 2)
            val arc = Size(size.width - width, size.height - width)
            drawArc(track, 0f, 360f, useCenter = false, topLeft = inset, size = arc, style = Stroke(width))
            if (ring > 0f) {
                drawArc(ringColor, -90f, 360f * ring, useCenter = false, topLeft = inset, size = arc, style = Stroke(width, cap = StrokeCap.Round))
            }
        }
        Crossfade(heard?.let { it.shape to it.isUncertain }, animationSpec = tween(CROSS_FADE_MS), label = "shape") { face ->
            Box(Modifier.fillMaxSize(), contentAlignment = Alignment.Center) {
                if (face == null) {
                    Icon(painterResource(R.drawable.ic_mark), null, Modifier.fillMaxSize(0.42f), tint = outline)
                } else {
                    val (shape, isUncertain) = face
                    Canvas(Modifier.fillMaxSize(0.5f)) {
                        if (isUncertain) drawUncertain(shape, outline) else drawEmotion(shape, emotionColors[shape])
                    }
                }
            }
        }
    }
}
