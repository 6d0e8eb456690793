package app.undertone.history

import androidx.compose.foundation.background
import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.layout.widthIn
import androidx.compose.material3.FilledTonalIconButton
import androidx.compose.material3.Icon
import androidx.compose.material3.IconButton
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.res.painterResource
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.semantics.stateDescription
import androidx.compose.ui.unit.dp
import app.undertone.R
import app.undertone.live.certainty

/**
 * A segment: when, what, how sure, and what the user corrected.
 *
 * @param onPlay null where no audio was kept.
 */
@Composable
internal fun SegmentRow(
    segment: SpokenSegment,
    isPlayed: Boolean,
    onPlay: (() -> Unit)?,
    onCorrect: () -> Unit,
    modifier: Modifier = Modifier,
) {
    val scheme = MaterialTheme.colorScheme
    val start = position(segment.startMs)
    val playing = stringResource(R.string.session_playing)
    val playFromHere = stringResource(R.string.session_play_from_here)
    Row(
        modifier.clip(MaterialTheme.shapes.small).background(if (isPlayed) scheme.surfaceContainerHighest else Color.Transparent),
        verticalAlignment = Alignment.CenterVertically,
    ) {
        Row(
            Modifier
                .weight(1f)
                .then(if (onPlay == null) Modifier else Modifier.clickable(onClickLabel = playFromHere, onClick = onPlay))
                .heightIn(min = 56.dp)
                .padding(horizontal = 8.dp, vertical = 8.dp)
                .semantics(mergeDescendants = true) { if (isPlayed) stateDescription = playing },
            horizontalArrangement = Arrangement.spacedBy(12.dp),
            verticalAlignment = Alignment.CenterVertically,
        ) {
            val em = with(LocalDensity.current) { MaterialTheme.typography.bodyLarge.fontSize.toDp() }
            Text(start, Modifier.widthIn(min = em * 2.5f), style = MaterialTheme.typography.bodyMedium, color = scheme.onSurfaceVariant)
            HeardMark(segment.heard, Modifier.size(em))
            Column(Modifier.weight(1f)) {
                Text(stringResource(segment.heard.heardWord), style = MaterialTheme.typography.bodyLarge)
                Text(
                    if (segment.correctedTo == null) {
                        segment.asRecognised().certainty()
                    } else {
                        stringResource(R.string.session_corrected, stringResource(segment.emotion.takeUnless { segment.isUncertain }.heardWord))
                    },
                    style = MaterialTheme.typography.bodyMedium,
                    color = scheme.onSurfaceVariant,
                )
            }
        }
        val icon = @Composable {
            Icon(painterResource(R.drawable.ic_edit), stringResource(R.string.session_correct, start), Modifier.size(20.dp), scheme.onSurfaceVariant)
        }
        if (segment.correctedTo == null) IconButton(onCorrect, content = icon) else FilledTonalIconButton(onCorrect, content = icon)
    }
}
