package app.undertone.ui

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.Immutable
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp

/** A name and its value, in words. */
@Immutable
internal data class LabelledValue(val label: String, val value: String)

/** One phrase to a screen reader; the value moves below its label where they do not fit side by side. */
@Composable
internal fun ValueRow(row: LabelledValue, modifier: Modifier = Modifier) {
    FlowRow(
        modifier.fillMaxWidth().semantics(mergeDescendants = true) {},
        horizontalArrangement = Arrangement.SpaceBetween,
        verticalArrangement = Arrangement.spacedBy(2.dp),
    ) {
        val style = MaterialTheme.typography.bodyMedium
        Text(row.label, Modifier.padding(end = 12.dp), style = style, color = MaterialTheme.colorScheme.onSurfaceVariant)
        Text(row.value, style = style)
    }
}
