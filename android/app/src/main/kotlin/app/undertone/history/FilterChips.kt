package app.undertone.history

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
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.res.painterResource
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.unit.dp
import app.undertone.R
import app.undertone.model.Emotion
import app.undertone.model.HistoryFilter
import app.undertone.ui.chart.EmotionMark
import app.undertone.ui.word

/** The four emotions and the [tags] that are used most; each is chosen and left with a tap. */
@Composable
internal fun FilterChips(filter: HistoryFilter, tags: List<String>, onFilter: (HistoryFilter) -> Unit, modifier: Modifier = Modifier) {
    // Chips scroll up to the edge of the screen, below which more of them are seen to lie.
    Row(modifier.fillMaxWidth().horizontalScroll(rememberScrollState()).padding(horizontal = 16.dp), Arrangement.spacedBy(8.dp)) {
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

@Composable
private fun Chip(words: String, isChosen: Boolean, onToggle: () -> Unit, icon: @Composable () -> Unit) =
    FilterChip(isChosen, onToggle, label = { Text(words) }, leadingIcon = icon, shape = CircleShape)

private fun <T> Set<T>.toggled(element: T): Set<T> = if (element in this) this - element else this + element
