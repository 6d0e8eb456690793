package app.undertone.welcome

import androidx.annotation.DrawableRes
import androidx.annotation.StringRes
import androidx.compose.animation.core.LinearEasing
import androidx.compose.animation.core.animateFloat
import androidx.compose.animation.core.infiniteRepeatable
import androidx.compose.animation.core.rememberInfiniteTransition
import androidx.compose.animation.core.tween
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.BoxWithConstraints
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ColumnScope
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.WindowInsets
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.safeDrawing
import androidx.compose.foundation.layout.width
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.layout.windowInsetsPadding
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.HorizontalDivider
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.derivedStateOf
import androidx.compose.runtime.getValue
import androidx.compose.runtime.remember
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.res.painterResource
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.TextStyle
import androidx.compose.ui.text.style.LineBreak
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.Dp
import androidx.compose.ui.unit.coerceIn
import androidx.compose.ui.unit.dp
import app.undertone.R
import app.undertone.model.Emotion
import app.undertone.model.RecognisedSegment
import app.undertone.model.SILENCE_DBFS
import app.undertone.theme.hasLargeFont
import app.undertone.ui.EmotionHero
import app.undertone.ui.MainButton
import app.undertone.ui.WIDEST_PAGE

/** The first run: what the app can tell and what it cannot. Asks for nothing yet. */
@Composable
fun WelcomeScreen(onBegin: () -> Unit, modifier: Modifier = Modifier) {
    Surface(modifier.fillMaxSize()) {
        BoxWithConstraints(Modifier.windowInsetsPadding(WindowInsets.safeDrawing)) {
            val height = maxHeight
            if (maxWidth > maxHeight && maxWidth >= TWO_COLUMNS_FROM) {
                Row(Modifier.align(Alignment.Center).widthIn(max = WIDEST_PAGE).fillMaxSize(), verticalAlignment = Alignment.CenterVertically) {
                    Box(Modifier.weight(2f), Alignment.Center) { FourTones((height * 0.5f).coerceIn(96.dp, 320.dp)) }
                    val isLow = height < HEIGHT_FOR_DISPLAY
                    val title = MaterialTheme.typography.run { if (isLow) headlineLarge else displaySmall }
                    // On a tablet the button would else be far below the words.
                    Column(Modifier.weight(3f), horizontalAlignment = Alignment.CenterHorizontally) {
                        Words(title, TextAlign.Start, Modifier.weight(1f, fill = false), isTight = isLow)
                        Begin(onBegin)
                    }
                }
            } else {
                // Large letters leave it little: what the app cannot do is to be read before anything is tapped.
                val hero = if (LocalDensity.current.hasLargeFont) 56.dp else (height * 0.2f).coerceIn(96.dp, 240.dp)
                Column(horizontalAlignment = Alignment.CenterHorizontally) {
                    Words(MaterialTheme.typography.headlineLarge, TextAlign.Center, Modifier.weight(1f), LocalDensity.current.hasLargeFont) {
                        if (height >= 320.dp) FourTones(hero)
                    }
                    Begin(onBegin)
                }
            }
        }
    }
}

@Composable
private fun Words(
    titleStyle: TextStyle,
    titleAlign: TextAlign,
    modifier: Modifier,
    isTight: Boolean,
    above: @Composable ColumnScope.() -> Unit = {},
) {
    val scroll = rememberScrollState()
    val marginPx = with(LocalDensity.current) { MARGIN.toPx() }
    Box(modifier, Alignment.Center) {
        Column(
            Modifier.verticalScroll(scroll).fillMaxWidth().padding(horizontal = 24.dp, vertical = MARGIN),
            verticalArrangement = Arrangement.spacedBy(12.dp),
            horizontalAlignment = Alignment.CenterHorizontally,
        ) {
            above()
            Text(
                stringResource(R.string.welcome_title),
                Modifier
                    .widthIn(max = WIDEST)
                    .fillMaxWidth()
                    .padding(bottom = if (isTight) 0.dp else 12.dp)
                    .semantics { heading() },
                style = titleStyle,
                textAlign = titleAlign,
            )
            Line(R.drawable.ic_mark, R.string.welcome_can)
            Line(R.drawable.ic_info, R.string.welcome_cannot)
            Line(R.drawable.ic_lock, R.string.welcome_private)
        }
        // Not where nothing but the margin is out of sight.
        if (scroll.maxValue - scroll.value > marginPx) HorizontalDivider(Modifier.align(Alignment.BottomCenter))
    }
}

@Composable
private fun Line(@DrawableRes icon: Int, @StringRes sentence: Int) {
    // In lines of about equal length: none of a last word alone.
    val style = MaterialTheme.typography.bodyLarge.copy(lineBreak = LineBreak.Heading)
    val firstLine = with(LocalDensity.current) { style.lineHeight.toDp() }
    Row(Modifier.widthIn(max = WIDEST).fillMaxWidth(), Arrangement.spacedBy(16.dp)) {
        Icon(painterResource(icon), null, Modifier.height(firstLine).width(24.dp), tint = MaterialTheme.colorScheme.primary)
        Text(stringResource(sentence), style = style, color = MaterialTheme.colorScheme.onSurfaceVariant)
    }
}

@Composable
private fun Begin(onBegin: () -> Unit) {
    MainButton(
        stringResource(R.string.welcome_begin),
        onBegin,
        Modifier.padding(horizontal = 24.dp, vertical = 16.dp).widthIn(max = WIDEST).fillMaxWidth(),
    )
}

/** The hero as each emotion in turn, where animations are off as the first, over a track of them as a recording shows it, and the app's name. */
@Composable
private fun FourTones(heroSize: Dp) {
    val count = Emotion.entries.size
    val tones = rememberInfiniteTransition(label = "tones")
        .animateFloat(FIRST, FIRST + count, infiniteRepeatable(tween(count * TONE_MS, easing = LinearEasing)), label = "tone")
    val emotion by remember { derivedStateOf { emotionOfTone(tones.value) } }
    val recognised = RecognisedSegment(emotion, List(count) { 1.0 / count }, isUncertain = false, isSoFar = false, durationMs = 0)
    Column(horizontalAlignment = Alignment.CenterHorizontally) {
        EmotionHero(recognised, isRecorded = null, levelDbfs = { SILENCE_DBFS }, Modifier.width(heroSize))
        if (!LocalDensity.current.hasLargeFont) TonesTrack({ tones.value }, Modifier.width(TRACK_WIDTH).height(40.dp))
        Text(
            stringResource(R.string.app_name),
            Modifier.padding(top = 12.dp),
            style = MaterialTheme.typography.titleMedium,
            color = MaterialTheme.colorScheme.primary,
        )
    }
}

internal fun emotionOfTone(tone: Float): Emotion = Emotion.entries[tone.toInt() % Emotion.entries.size]

private const val TONE_MS = 2_000

/** In tones since an angry one began: of a happy one, most. */
private const val FIRST = 5.7f
private val TRACK_WIDTH = 200.dp
private val MARGIN = 12.dp

private val WIDEST = 480.dp

/** More than a phone on its side has. */
private val HEIGHT_FOR_DISPLAY = 480.dp

/** Material's medium window class. */
private val TWO_COLUMNS_FROM = 600.dp
