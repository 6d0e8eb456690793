package app.undertone.session

import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.offset
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.layout.widthIn
import androidx.compose.material3.Icon
import androidx.compose.material3.IconButton
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.res.painterResource
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.unit.dp
import app.undertone.R
import app.undertone.model.Mark
import app.undertone.model.summary.MomentRun
import app.undertone.ui.position

/** A row in the list of moments. */
internal sealed interface PageRow {
    val startMs: Long

    data class Spoken(val run: MomentRun) : PageRow {
        override val startMs get() = run.startMs
    }

    data class Marked(val mark: Mark) : PageRow {
        override val startMs get() = mark.positionMs
    }
}

/** In order of time: a mark stands below the run that it lies in. */
internal fun rowsOf(runs: List<MomentRun>, marks: List<Mark>): List<PageRow> =
    (runs.map(PageRow::Spoken) + marks.map(PageRow::Marked)).sortedBy { it.startMs }

/**
 * A mark of the user, which can be deleted.
 *
 * @param onJump leads there, in audio that was kept; null where none was.
 */
@Composable
internal fun MarkedRow(mark: Mark, onJump: (() -> Unit)?, onDelete: () -> Unit, modifier: Modifier = Modifier) {
    val scheme = MaterialTheme.colorScheme
    val em = with(LocalDensity.current) { MaterialTheme.typography.bodyLarge.fontSize.toDp() }
    val place = position(mark.positionMs)
    val jump = stringResource(R.string.session_jump)
    Row(
        modifier
            .clip(MaterialTheme.shapes.small)
            .then(if (onJump == null) Modifier else Modifier.clickable(onClickLabel = jump, role = Role.Button, onClick = onJump))
            .heightIn(min = 56.dp)
            .padding(start = 16.dp),
        horizontalArrangement = Arrangement.spacedBy(12.dp),
        verticalAlignment = Alignment.CenterVertically,
    ) {
        Text(place, Modifier.widthIn(min = em * placeEms), style = MaterialTheme.typography.bodyMedium, color = scheme.onSurfaceVariant)
        Icon(painterResource(R.drawable.ic_flag), contentDescription = null, Modifier.size(em), tint = scheme.primary)
        Text(stringResource(R.string.session_marked), Modifier.weight(1f), style = MaterialTheme.typography.bodyLarge)
        // The sign ends where the lengths of the moments do.
        IconButton(onDelete, Modifier.offset(x = 4.dp)) {
            Icon(painterResource(R.drawable.ic_delete), stringResource(R.string.session_delete_mark, place), tint = scheme.onSurfaceVariant)
        }
    }
}
