package app.undertone.ui.chart

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.layout.width
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.text.TextStyle
import androidx.compose.ui.unit.dp
import androidx.compose.ui.unit.em
import app.undertone.R
import app.undertone.theme.hasLargeFont
import app.undertone.ui.word

/**
 * A word, a bar and a value, read out as one phrase. The columns of all rows line up, as wide as the font needs; with a large font
 * the bar moves below its words.
 *
 * @param isBarBelow with any font: the row lines up with no other, and the bar has its whole width.
 */
@Composable
internal fun BarRow(
    word: String,
    value: String,
    style: TextStyle,
    modifier: Modifier = Modifier,
    icon: (@Composable (Modifier) -> Unit)? = null,
    isBarBelow: Boolean = LocalDensity.current.hasLargeFont,
    bar: @Composable (Modifier) -> Unit,
) {
    val description = stringResource(R.string.bar_description, word, value)
    val spokenOnce = modifier.fillMaxWidth().clearAndSetSemantics { contentDescription = description }
    val em = with(LocalDensity.current) { MaterialTheme.typography.bodyLarge.fontSize.toDp() }
    if (!isBarBelow) {
        Row(spokenOnce, Arrangement.spacedBy(GAP), Alignment.CenterVertically) {
            if (icon != null) icon(Modifier.size(ICON))
            Box(Modifier.width(em * WORD_EMS + if (icon == null) ICON + GAP else 0.dp)) { Text(word, style = style, maxLines = 1) }
            bar(Modifier.weight(1f).height(THICKNESS))
            Box(Modifier.width(em * VALUE_EMS), contentAlignment = Alignment.CenterEnd) { Text(value, style = style, maxLines = 1) }
        }
    } else {
        // Close to its words: each bar belongs to what is above it.
        val tight = style.copy(lineHeight = 1.2.em)
        Column(spokenOnce, Arrangement.spacedBy(GAP / 2)) {
            Row(Modifier.fillMaxWidth(), Arrangement.spacedBy(GAP), Alignment.CenterVertically) {
                if (icon != null) icon(Modifier.size(em))
                Box(Modifier.weight(1f)) { Text(word, style = tight) }
                Text(value, style = tight, maxLines = 1)
            }
            bar(Modifier.fillMaxWidth().height(THICKNESS))
        }
    }
}

private val ICON = 20.dp
private val GAP = 8.dp
private val THICKNESS = 12.dp
private const val WORD_EMS = 4.25f

/** As wide as "100 %". */
private const val VALUE_EMS = 3.75f
