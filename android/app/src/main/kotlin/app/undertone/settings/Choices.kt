package app.undertone.settings

import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.selection.selectable
import androidx.compose.foundation.selection.selectableGroup
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.HorizontalDivider
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
import androidx.compose.ui.layout.layout
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.res.painterResource
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.unit.dp
import androidx.compose.ui.unit.offset
import app.undertone.R
import app.undertone.theme.hasLargeFont
import app.undertone.ui.TitledDialog
import kotlin.math.ceil

internal data class Option<T>(val value: T, val label: String, val explanation: String? = null)

/** One of a few short words, side by side; below each other with a large font. What the chosen one means stands below. */
@Composable
internal fun <T> SegmentedChoice(title: String, options: List<Option<T>>, chosen: T, onChoose: (T) -> Unit) {
    Column(Modifier.fillMaxWidth().padding(horizontal = ROW_MARGIN, vertical = 8.dp), Arrangement.spacedBy(8.dp)) {
        Text(title, style = MaterialTheme.typography.bodyLarge)
        if (LocalDensity.current.hasLargeFont) {
            Column(Modifier.selectableGroup()) { options.forEach { RadioRow(it, it.value == chosen, onChoose) } }
        } else {
            val hasLongWord = options.any { it.label.length > LETTERS_OF_A_THIRD }
            // In whole pixels, as it is drawn: borders that overlap by less show as two lines.
            val border = with(LocalDensity.current) { ceil(SegmentedButtonDefaults.BorderWidth.toPx()).toDp() }
            SingleChoiceSegmentedButtonRow(Modifier.fillMaxWidth(), space = border) {
                options.forEachIndexed { place, option ->
                    val isChosen = option.value == chosen
                    SegmentedButton(
                        isChosen,
                        onClick = { onChoose(option.value) },
                        shape = SegmentedButtonDefaults.itemShape(place, options.size),
                        // As wide as its word needs where one is long: "System default" beside "Dark".
                        modifier = Modifier.weight(if (hasLongWord) option.label.length + PADDING_LETTERS else 1f).heightIn(min = 48.dp),
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
        val scroll = rememberScrollState()
        Box(Modifier.intoGapBelow()) {
            Column(Modifier.selectableGroup().verticalScroll(scroll)) {
                options.forEach { option ->
                    RadioRow(option, option.value == chosen) {
                        isOpen = false
                        onChoose(it)
                    }
                }
            }
            if (scroll.canScrollForward) HorizontalDivider(Modifier.align(Alignment.BottomCenter))
        }
    }
}

/** Into the air that a dialog leaves above its buttons: the last row brings air of its own. */
private fun Modifier.intoGapBelow() = layout { measurable, constraints ->
    val gap = 16.dp.roundToPx()
    val rows = measurable.measure(constraints.offset(vertical = gap))
    layout(rows.width, rows.height - gap) { rows.place(0, 0) }
}

@Composable
private fun <T> RadioRow(option: Option<T>, isChosen: Boolean, onChoose: (T) -> Unit) {
    val labelStyle = MaterialTheme.typography.bodyLarge
    Row(
        Modifier
            .fillMaxWidth()
            .heightIn(min = 48.dp)
            .selectable(isChosen, role = Role.RadioButton) { onChoose(option.value) }
            .padding(vertical = 12.dp),
        Arrangement.spacedBy(16.dp),
    ) {
        RadioButton(isChosen, onClick = null, Modifier.height(with(LocalDensity.current) { labelStyle.lineHeight.toDp() }))
        Column(Modifier.weight(1f)) {
            Text(option.label, style = labelStyle, color = MaterialTheme.colorScheme.onSurface)
            if (option.explanation != null) {
                Text(option.explanation, style = MaterialTheme.typography.bodyMedium, color = MaterialTheme.colorScheme.onSurfaceVariant)
            }
        }
    }
}

/** A third of a phone's width has room for them. */
private const val LETTERS_OF_A_THIRD = 9

/** What the padding of a segment takes, in letters. */
private const val PADDING_LETTERS = 5f
