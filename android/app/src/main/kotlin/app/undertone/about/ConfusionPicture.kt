package app.undertone.about

import androidx.annotation.StringRes
import androidx.compose.foundation.Canvas
import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.RowScope
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.layout.width
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.graphics.lerp
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.text.style.TextOverflow
import androidx.compose.ui.unit.dp
import app.undertone.R
import app.undertone.model.Emotion
import app.undertone.theme.LocalEmotionColors
import app.undertone.theme.drawEmotion
import app.undertone.theme.hasLargeFont
import app.undertone.ui.pageStart
import app.undertone.ui.word

/**
 * For each emotion that was acted, a row; for each that was named, a column. The darker a cell, the more of its row's recordings.
 * Shape and word name both; with a large font the word stands above its row, and the columns, in the same order, have the shape only.
 *
 * @param confusion clips, by true emotion, then by the one named.
 */
@Composable
internal fun ConfusionPicture(confusion: List<List<Int>>, modifier: Modifier = Modifier) {
    val hasLargeFont = LocalDensity.current.hasLargeFont
    Column(modifier, verticalArrangement = Arrangement.spacedBy(GAP)) {
        // Read out with each row.
        Column(Modifier.fillMaxWidth().clearAndSetSemantics {}, verticalArrangement = Arrangement.spacedBy(GAP)) {
            AxisWords(R.string.model_confusion_rows)
            Column(Modifier.padding(start = if (hasLargeFont) 0.dp else rowNameWidth + GAP), verticalArrangement = Arrangement.spacedBy(GAP)) {
                AxisWords(R.string.model_confusion_columns, Modifier.fillMaxWidth(), if (hasLargeFont) TextAlign.Start else TextAlign.Center)
                Row(Modifier.fillMaxWidth(), Arrangement.spacedBy(GAP)) {
                    Emotion.entries.forEach {
                        Column(Modifier.weight(1f), horizontalAlignment = Alignment.CenterHorizontally) {
                            Shape(it)
                            if (!hasLargeFont) Word(it)
                        }
                    }
                }
            }
        }
        Emotion.entries.forEach { ConfusionRow(it, confusion[it.ordinal]) }
    }
}

@Composable
private fun ConfusionRow(emotion: Emotion, clips: List<Int>) {
    val shares = clips.map { if (clips.sum() == 0) 0.0 else it.toDouble() / clips.sum() }
    val named = Emotion.entries.map {
        val share = stringResource(R.string.percent, shares[it.ordinal].percent())
        stringResource(R.string.bar_description, stringResource(it.word), share)
    }
    val phrase = stringResource(R.string.model_confusion_row, stringResource(emotion.word), named.joinToString("; "))
    val spokenOnce = Modifier.fillMaxWidth().clearAndSetSemantics { contentDescription = phrase }
    val name = @Composable { width: Modifier ->
        Row(width, Arrangement.spacedBy(NAME_GAP), Alignment.CenterVertically) {
            Shape(emotion)
            Word(emotion)
        }
    }
    if (LocalDensity.current.hasLargeFont) {
        Column(spokenOnce, Arrangement.spacedBy(GAP)) {
            name(Modifier.fillMaxWidth())
            Row(Modifier.fillMaxWidth(), Arrangement.spacedBy(GAP)) { Cells(shares) }
        }
    } else {
        Row(spokenOnce, Arrangement.spacedBy(GAP), Alignment.CenterVertically) {
            name(Modifier.width(rowNameWidth))
            Cells(shares)
        }
    }
}

@Composable
private fun RowScope.Cells(shares: List<Double>) {
    shares.forEach { share ->
        val colors = MaterialTheme.colorScheme
        // As strong as a figure on it lets it be.
        val fullest = lerp(colors.primaryContainer, colors.primary, 0.25f)
        Box(
            Modifier
                .weight(1f)
                .heightIn(min = 40.dp)
                .clip(RoundedCornerShape(4.dp))
                .background(lerp(colors.surfaceContainer, fullest, share.toFloat())),
            Alignment.Center,
        ) {
            Text(
                stringResource(R.string.percent, share.percent()),
                style = MaterialTheme.typography.bodyMedium,
                color = colors.onSurface,
                maxLines = 1,
            )
        }
    }
}

@Composable
private fun Shape(emotion: Emotion) {
    val color = LocalEmotionColors.current[emotion]
    Canvas(Modifier.size(SHAPE)) { drawEmotion(emotion, color, sidePx = size.width * 0.9f) }
}

@Composable
private fun Word(emotion: Emotion) {
    Text(stringResource(emotion.word), style = MaterialTheme.typography.labelMedium, maxLines = 1, overflow = TextOverflow.Ellipsis)
}

@Composable
private fun AxisWords(@StringRes words: Int, modifier: Modifier = Modifier, align: TextAlign = pageStart) {
    val color = MaterialTheme.colorScheme.onSurfaceVariant
    Text(stringResource(words), modifier, color, style = MaterialTheme.typography.labelLarge, textAlign = align)
}

/** As wide as the longest word of the languages there are, beside its shape. */
private val rowNameWidth
    @Composable get() = SHAPE + NAME_GAP + with(LocalDensity.current) { MaterialTheme.typography.labelMedium.fontSize.toDp() } * WORD_EMS

private const val WORD_EMS = 4.4f
private val SHAPE = 24.dp
private val GAP = 4.dp
private val NAME_GAP = 8.dp
