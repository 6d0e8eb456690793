package app.undertone.session

import androidx.compose.foundation.background
import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.layout.widthIn
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.draw.drawBehind
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.drawscope.inset
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.semantics.stateDescription
import androidx.compose.ui.unit.LayoutDirection
import androidx.compose.ui.unit.dp
import app.undertone.R
import app.undertone.history.words
import app.undertone.model.Emotion
import app.undertone.model.summary.MomentRun
import app.undertone.theme.LocalEmotionColors
import app.undertone.theme.drawMoment
import app.undertone.theme.hasLargeFont
import app.undertone.ui.certainty
import app.undertone.ui.chart.EmotionMark
import app.undertone.ui.length
import app.undertone.ui.position
import app.undertone.ui.recognisedWord

/** Moments that sound the same: when, what, how sure or what was corrected, and how long until its last word. A tap opens the first of them. */
@Composable
internal fun MomentRow(run: MomentRun, isPlayed: Boolean, onOpen: () -> Unit, modifier: Modifier = Modifier) {
    val scheme = MaterialTheme.colorScheme
    val playing = stringResource(R.string.session_playing)
    val hasLargeFont = LocalDensity.current.hasLargeFont
    val em = with(LocalDensity.current) { MaterialTheme.typography.bodyLarge.fontSize.toDp() }
    Row(
        modifier
            .clip(MaterialTheme.shapes.small)
            .background(if (isPlayed) scheme.surfaceContainerHighest else Color.Transparent)
            .clickable(onClickLabel = stringResource(R.string.session_open_moment), role = Role.Button, onClick = onOpen)
            .rail(run.recognised, LocalEmotionColors.current[run.recognised])
            .heightIn(min = 56.dp)
            .padding(start = 16.dp, end = 8.dp, top = 8.dp, bottom = 8.dp)
            .semantics { if (isPlayed) stateDescription = playing },
        horizontalArrangement = Arrangement.spacedBy(12.dp),
        verticalAlignment = Alignment.CenterVertically,
    ) {
        val quiet = @Composable { words: String, of: Modifier ->
            Text(words, of, style = MaterialTheme.typography.bodyMedium, color = scheme.onSurfaceVariant)
        }
        val mark = @Composable { EmotionMark(run.recognised, Modifier.size(em)) }
        val word = @Composable { Text(stringResource(run.recognised.recognisedWord), style = MaterialTheme.typography.bodyLarge) }
        val certainty = @Composable { quiet(run.certaintyOrCorrection(), Modifier) }
        // As one form from a second to an hour; TalkBack says it in words.
        val spoken = length(run.spanMs)
        val span = @Composable { quiet(position(run.spanMs + HALF_SECOND_MS), Modifier.clearAndSetSemantics { contentDescription = spoken }) }
        if (hasLargeFont) {
            Column {
                Row(horizontalArrangement = Arrangement.spacedBy(12.dp), verticalAlignment = Alignment.CenterVertically) {
                    quiet(position(run.startMs), Modifier.widthIn(min = em * placeEms))
                    mark()
                    Box(Modifier.weight(1f)) { word() }
                    span()
                }
                certainty()
            }
        } else {
            quiet(position(run.startMs), Modifier.widthIn(min = em * placeEms))
            mark()
            Column(Modifier.weight(1f)) {
                word()
                certainty()
            }
            span()
        }
    }
}

@Composable
private fun MomentRun.certaintyOrCorrection(): String {
    val recognised = recognised()
    return if (isCorrected) {
        stringResource(R.string.session_corrected, stringResource(recognised.emotion.takeUnless { recognised.isUncertain }.recognisedWord))
    } else {
        recognised.certainty()
    }
}

/** The run's colour along the start of its row, hatched where nobody can be sure. */
private fun Modifier.rail(recognised: Emotion?, color: Color) = drawBehind {
    val width = 6.dp.toPx()
    val left = if (layoutDirection == LayoutDirection.Ltr) 0f else size.width - width
    inset(0f, 2.dp.toPx()) { drawMoment(recognised, color, left, width, cornerPx = width / 2) }
}

/** How wide the times are at the start of all rows, so that what follows lines up; less where a large font needs the width. */
internal val placeEms: Float
    @Composable get() = if (LocalDensity.current.hasLargeFont) 1.6f else 2.5f

private const val HALF_SECOND_MS = 500L
