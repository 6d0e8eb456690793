package app.undertone.history

import androidx.compose.foundation.ScrollState
import androidx.compose.foundation.horizontalScroll
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.shape.CircleShape
import androidx.compose.material3.FilterChip
import androidx.compose.material3.FilterChipDefaults
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.drawWithContent
import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.geometry.Size
import androidx.compose.ui.graphics.Brush
import androidx.compose.ui.res.painterResource
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.unit.LayoutDirection
import androidx.compose.ui.unit.dp
import app.undertone.R
import app.undertone.model.Emotion
import app.undertone.model.HistoryFilter
import app.undertone.ui.chart.EmotionMark
import app.undertone.ui.word

/** The four emotions and the [tags] that are used most; each is chosen and left with a tap. */
@Composable
internal fun FilterChips(filter: HistoryFilter, tags: List<String>, onFilter: (HistoryFilter) -> Unit, modifier: Modifier = Modifier) {
    val scroll = rememberScrollState()
    Row(
        modifier.fillMaxWidth().fadingEdges(scroll).horizontalScroll(scroll).padding(horizontal = 16.dp),
        Arrangement.spacedBy(8.dp),
    ) {
        for (emotion in Emotion.entries) {
            Chip(
                stringResource(emotion.word),
                isChosen = emotion in filter.emotions,
                onToggle = { onFilter(filter.copy(emotions = filter.emotions.toggled(emotion))) },
            ) { EmotionMark(emotion, Modifier.size(FilterChipDefaults.IconSize)) }
        }
        for (tag in tags) {
            Chip(tag, isChosen = tag in filter.tags, onToggle = { onFilter(filter.copy(tags = filter.tags.toggled(tag))) }) {
                Icon(painterResource(R.drawable.ic_tag), null, Modifier.size(FilterChipDefaults.IconSize))
            }
        }
    }
}

/** Dims what is about to be scrolled out of sight: also where a chip ends just at the edge, more of them are seen to lie beyond it. */
@Composable
private fun Modifier.fadingEdges(scroll: ScrollState): Modifier {
    val color = MaterialTheme.colorScheme.background
    return drawWithContent {
        drawContent()
        val width = 32.dp.toPx()
        val ends = listOf(scroll.canScrollBackward, scroll.canScrollForward)
        val (goesOnLeft, goesOnRight) = if (layoutDirection == LayoutDirection.Ltr) ends else ends.reversed()
        if (goesOnLeft) {
            drawRect(Brush.horizontalGradient(listOf(color, color.copy(alpha = 0f)), 0f, width), size = Size(width, size.height))
        }
        if (goesOnRight) {
            val left = size.width - width
            val fade = Brush.horizontalGradient(listOf(color.copy(alpha = 0f), color), left, size.width)
            drawRect(fade, Offset(left, 0f), Size(width, size.height))
        }
    }
}

@Composable
private fun Chip(words: String, isChosen: Boolean, onToggle: () -> Unit, icon: @Composable () -> Unit) =
    FilterChip(isChosen, onToggle, label = { Text(words) }, leadingIcon = icon, shape = CircleShape)

private fun <T> Set<T>.toggled(element: T): Set<T> = if (element in this) this - element else this + element
