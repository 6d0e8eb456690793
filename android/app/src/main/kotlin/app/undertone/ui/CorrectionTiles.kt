package app.undertone.ui

import androidx.compose.foundation.BorderStroke
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.selection.selectable
import androidx.compose.foundation.selection.selectableGroup
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.unit.dp
import app.undertone.R
import app.undertone.model.Emotion
import app.undertone.theme.LocalEmotionColors
import app.undertone.theme.hasLargeFont
import app.undertone.ui.chart.EmotionMark

/** The four emotions, each a shape to tap: what the user heard. Another tap on the chosen one takes that back, which a line below says. */
@Composable
internal fun CorrectionTiles(correctedTo: Emotion?, onCorrect: (Emotion?) -> Unit, modifier: Modifier = Modifier) {
    val columns = if (LocalDensity.current.hasLargeFont) 1 else Emotion.entries.size
    Column(modifier.selectableGroup(), Arrangement.spacedBy(8.dp)) {
        for (row in Emotion.entries.chunked(columns)) {
            Row(Modifier.fillMaxWidth(), Arrangement.spacedBy(8.dp)) {
                for (emotion in row) {
                    val isChosen = emotion == correctedTo
                    Tile(emotion, isChosen, { onCorrect(emotion.takeUnless { isChosen }) }, Modifier.weight(1f))
                }
            }
        }
        if (correctedTo != null) {
            Text(
                stringResource(R.string.correct_undo),
                style = MaterialTheme.typography.bodyMedium,
                color = MaterialTheme.colorScheme.onSurfaceVariant,
            )
        }
    }
}

@Composable
private fun Tile(emotion: Emotion, isChosen: Boolean, onClick: () -> Unit, modifier: Modifier) {
    val tones = LocalEmotionColors.current.tones(emotion)
    Surface(
        modifier.clip(TILE_SHAPE).selectable(isChosen, role = Role.RadioButton, onClick = onClick),
        TILE_SHAPE,
        tones.container,
        tones.text,
        border = BorderStroke(3.dp, tones.fill).takeIf { isChosen },
    ) {
        val words = @Composable {
            Text(stringResource(emotion.word), style = MaterialTheme.typography.labelLarge, fontWeight = if (isChosen) FontWeight.Bold else null)
        }
        if (LocalDensity.current.hasLargeFont) {
            Row(Modifier.heightIn(min = 56.dp).padding(12.dp), Arrangement.spacedBy(12.dp), Alignment.CenterVertically) {
                EmotionMark(emotion, Modifier.size(36.dp))
                words()
            }
        } else {
            Column(Modifier.padding(horizontal = 4.dp, vertical = 12.dp), Arrangement.spacedBy(4.dp), Alignment.CenterHorizontally) {
                EmotionMark(emotion, Modifier.size(36.dp))
                words()
            }
        }
    }
}

private val TILE_SHAPE = RoundedCornerShape(20.dp)
