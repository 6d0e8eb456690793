package app.undertone.history

import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.shape.CircleShape
import androidx.compose.material3.CardDefaults
import androidx.compose.material3.Icon
import androidx.compose.material3.IconButton
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.OutlinedCard
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.res.painterResource
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.unit.dp
import app.undertone.R
import java.time.ZoneId
import kotlin.math.roundToInt

/** One session of the list: its name or time, length, ribbon, and the share of each emotion. */
@Composable
internal fun SessionCard(
    summary: SessionSummary,
    ribbon: List<RibbonBlock>,
    zone: ZoneId,
    onOpen: () -> Unit,
    onDelete: () -> Unit,
    modifier: Modifier = Modifier,
) {
    val session = summary.session
    val name = session.name(zone)
    // The lightest ground there is, so that the emotions' colours stand out as much as on the page.
    OutlinedCard(modifier, colors = CardDefaults.outlinedCardColors(containerColor = MaterialTheme.colorScheme.surfaceContainerLowest)) {
        Row {
            Column(
                Modifier
                    .weight(1f)
                    .clickable(onClickLabel = stringResource(R.string.history_open), role = Role.Button, onClick = onOpen)
                    .padding(start = 16.dp, top = 12.dp, bottom = 16.dp),
                verticalArrangement = Arrangement.spacedBy(8.dp),
            ) {
                Text(name, style = MaterialTheme.typography.titleLarge)
                Text(session.extent(zone), style = MaterialTheme.typography.bodyMedium, color = MaterialTheme.colorScheme.onSurfaceVariant)
                RibbonCanvas(ribbon, Modifier.fillMaxWidth().height(16.dp))
                Shares(summary.heardTimes())
                if (session.tags.isNotEmpty()) Tags(session.tags)
            }
            IconButton(onDelete, Modifier.padding(4.dp)) {
                Icon(
                    painterResource(R.drawable.ic_delete),
                    stringResource(R.string.history_delete_session, name.isolated()),
                    tint = MaterialTheme.colorScheme.onSurfaceVariant,
                )
            }
        }
    }
}

/** Length, the time where the name does not say it, and whether it has an end. */
@Composable
internal fun Session.extent(zone: ZoneId): String {
    val length = length(lengthMs)
    val extent = if (title == null) length else stringResource(R.string.history_list, timeOfDay(startedAtMs, zone), length)
    return if (isFinished) extent else stringResource(R.string.history_list, extent, stringResource(R.string.history_unfinished))
}

@Composable
private fun Shares(times: List<HeardTime>) {
    val heard = times.filter { it.timeMs > 0 }
    if (heard.isEmpty()) {
        Text(stringResource(R.string.history_no_speech), style = MaterialTheme.typography.bodyMedium)
        return
    }
    val side = with(LocalDensity.current) { MaterialTheme.typography.bodyMedium.fontSize.toDp() }
    FlowRow(horizontalArrangement = Arrangement.spacedBy(16.dp), verticalArrangement = Arrangement.spacedBy(4.dp)) {
        for (time in heard) {
            Row(horizontalArrangement = Arrangement.spacedBy(6.dp), verticalAlignment = Alignment.CenterVertically) {
                HeardMark(time.emotion, Modifier.size(side))
                val word = stringResource(time.emotion.heardWord)
                val percent = stringResource(R.string.percent, (time.share * 100).roundToInt())
                Text(stringResource(R.string.history_share, word, percent), style = MaterialTheme.typography.bodyMedium)
            }
        }
    }
}

@Composable
internal fun Tags(tags: List<String>, modifier: Modifier = Modifier) {
    FlowRow(modifier, horizontalArrangement = Arrangement.spacedBy(8.dp), verticalArrangement = Arrangement.spacedBy(8.dp)) {
        for (tag in tags) {
            Surface(shape = CircleShape, color = MaterialTheme.colorScheme.secondaryContainer) {
                Text(tag, Modifier.padding(horizontal = 12.dp, vertical = 4.dp), style = MaterialTheme.typography.bodySmall)
            }
        }
    }
}
