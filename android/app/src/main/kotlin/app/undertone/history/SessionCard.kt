package app.undertone.history

import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.shape.CircleShape
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.material3.Card
import androidx.compose.material3.CardDefaults
import androidx.compose.material3.Icon
import androidx.compose.material3.IconButton
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.res.painterResource
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.unit.dp
import app.undertone.R
import app.undertone.model.Story
import java.time.ZoneId

/** One session of the list: its name or time, length, story and ribbon. */
@Composable
internal fun SessionCard(
    summary: SessionSummary,
    ribbon: List<RibbonBlock>,
    story: Story?,
    zone: ZoneId,
    onOpen: () -> Unit,
    onDelete: () -> Unit,
    modifier: Modifier = Modifier,
) {
    val session = summary.session
    val name = session.name(zone)
    Card(modifier, RoundedCornerShape(20.dp), CardDefaults.cardColors(containerColor = MaterialTheme.colorScheme.surfaceContainerLow)) {
        Row {
            Column(
                Modifier
                    .weight(1f)
                    .clickable(onClickLabel = stringResource(R.string.history_open), role = Role.Button, onClick = onOpen)
                    .padding(start = 16.dp, top = 12.dp, bottom = 12.dp),
                verticalArrangement = Arrangement.spacedBy(4.dp),
            ) {
                Text(name, style = MaterialTheme.typography.titleMedium)
                Text(session.extent(zone), style = MaterialTheme.typography.bodySmall, color = MaterialTheme.colorScheme.onSurfaceVariant)
                if (story != null) Text(story.sentence(), style = MaterialTheme.typography.bodyMedium)
                if (ribbon.isNotEmpty()) RibbonCanvas(ribbon, Modifier.fillMaxWidth().padding(top = 4.dp).height(12.dp))
                if (session.tags.isNotEmpty()) Tags(session.tags, Modifier.padding(top = 4.dp))
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
    val length = position(lengthMs)
    val extent = if (title == null) length else stringResource(R.string.history_facts, timeOfDay(startedAtMs, zone), length)
    return if (isFinished) extent else stringResource(R.string.history_facts, extent, stringResource(R.string.history_unfinished))
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
