package app.undertone.settings

import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.selection.selectable
import androidx.compose.foundation.selection.selectableGroup
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.RadioButton
import androidx.compose.material3.SegmentedButton
import androidx.compose.material3.SegmentedButtonDefaults
import androidx.compose.material3.SingleChoiceSegmentedButtonRow
import androidx.compose.material3.Text
import androidx.compose.material3.TextButton
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.res.painterResource
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.unit.dp
import app.undertone.R
import app.undertone.theme.hasLargeFont
import app.undertone.ui.TitledDialog

internal data class Option<T>(val value: T, val label: String, val explanation: String? = null)

/** One of a few short words, side by side; below each other with a large font. What the chosen one means stands below. */
@Composable
internal fun <T> SegmentedChoice(title: String, options: List<Option<T>>, chosen: T, onChoose: (T) -> Unit) {
    Column(Modifier.fillMaxWidth().padding(horizontal = ROW_MARGIN, vertical = 8.dp), Arrangement.spacedBy(8.dp)) {
        Text(title, style = MaterialTheme.typography.bodyLarge)
        if (LocalDensity.current.hasLargeFont) {
            Column(Modifier.selectableGroup()) { options.forEach { RadioRow(it, it.value == chosen, onChoose) } }
        } else {
            SingleChoiceSegmentedButtonRow(Modifier.fillMaxWidth()) {
                options.forEachIndexed { place, option ->
                    val isChosen = option.value == chosen
                    SegmentedButton(
                        isChosen,
                        onClick = { onChoose(option.value) },
                        shape = SegmentedButtonDefaults.itemShape(place, options.size),
                        // As wide as its word needs: "System default" beside "Dark".
                        modifier = Modifier.weight(option.label.length + PADDING_LETTERS).heightIn(min = 48.dp),
                        icon = {},
                    ) { Text(option.label, fontWeight = if (isChosen) FontWeight.Bold else null, maxLines = 1) }
                }
            }
            options.firstOrNull { it.value == chosen }?.explanation?.let {
                Text(it, style = MaterialTheme.typography.bodyMedium, color = MaterialTheme.colorScheme.onSurfaceVariant)
            }
        }
    }
}

/** A row that says what is chosen and asks in a dialog. */
@Composable
internal fun <T> DialogChoice(title: String, options: List<Option<T>>, chosen: T, onChoose: (T) -> Unit) {
    var isOpen by rememberSaveable { mutableStateOf(false) }
    SettingRow(title, options.firstOrNull { it.value == chosen }?.label, Modifier.clickable(role = Role.Button) { isOpen = true }) {
        Icon(painterResource(R.drawable.ic_expand), null, tint = MaterialTheme.colorScheme.onSurfaceVariant)
    }
    if (!isOpen) return
    TitledDialog(
        title,
        onDismiss = { isOpen = false },
        confirmButton = { TextButton({ isOpen = false }) { Text(stringResource(R.string.cancel)) } },
    ) {
        Column(Modifier.selectableGroup().verticalScroll(rememberScrollState())) {
            options.forEach { option ->
                RadioRow(option, option.value == chosen) {
                    isOpen = false
                    onChoose(it)
                }
            }
        }
    }
}

@Composable
private fun <T> RadioRow(option: Option<T>, isChosen: Boolean, onChoose: (T) -> Unit) {
    Row(
        Modifier
            .fillMaxWidth()
            .heightIn(min = 48.dp)
            .selectable(isChosen, role = Role.RadioButton) { onChoose(option.value) }
            .padding(vertical = 8.dp),
        Arrangement.spacedBy(16.dp),
        Alignment.CenterVertically,
    ) {
        RadioButton(isChosen, onClick = null)
        Column(Modifier.weight(1f)) {
            Text(option.label, style = MaterialTheme.typography.bodyLarge, color = MaterialTheme.colorScheme.onSurface)
            if (option.explanation != null) {
                Text(option.explanation, style = MaterialTheme.typography.bodyMedium, color = MaterialTheme.colorScheme.onSurfaceVariant)
            }
        }
    }
}

/** What the padding of a segment takes, in letters. */
private const val PADDING_LETTERS = 5f
