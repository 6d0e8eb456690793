package app.undertone.ui

import androidx.compose.foundation.layout.heightIn
import androidx.compose.material3.Button
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.OutlinedButton
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.layout.layout
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.dp
import androidx.compose.ui.unit.offset

/** The one thing to do on a page or a sheet. */
@Composable
internal fun MainButton(label: String, onClick: () -> Unit, modifier: Modifier = Modifier) {
    Button(onClick, modifier.heightIn(min = HEIGHT)) {
        Text(label, textAlign = TextAlign.Center, style = MaterialTheme.typography.titleMedium)
    }
}

/** What can be done as well, or the way out of what goes on. */
@Composable
internal fun SecondButton(label: String, onClick: () -> Unit, modifier: Modifier = Modifier) {
    OutlinedButton(onClick, modifier.heightIn(min = HEIGHT)) {
        Text(label, textAlign = TextAlign.Center, style = MaterialTheme.typography.titleMedium)
    }
}

/** Wider by the room beside the words of a text button: the words begin and end where the column does. */
internal fun Modifier.reachingIntoMargin() = layout { measurable, constraints ->
    val room = TEXT_BUTTON_ROOM.roundToPx()
    val placeable = measurable.measure(constraints.offset(horizontal = 2 * room))
    layout(placeable.width - 2 * room, placeable.height) { placeable.place(-room, 0) }
}

/** Between the edge of a text or icon button and what it shows. */
internal val TEXT_BUTTON_ROOM = 12.dp
private val HEIGHT = 56.dp
