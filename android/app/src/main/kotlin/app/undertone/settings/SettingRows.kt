package app.undertone.settings

import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ColumnScope
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.RowScope
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.selection.selectable
import androidx.compose.foundation.selection.selectableGroup
import androidx.compose.foundation.selection.toggleable
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.RadioButton
import androidx.compose.material3.Switch
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp

/** A heading and the rows below it. */
@Composable
internal fun Section(title: String, content: @Composable ColumnScope.() -> Unit) {
    Column(Modifier.fillMaxWidth().padding(top = 12.dp)) {
        Text(
            title,
            Modifier.padding(horizontal = 24.dp, vertical = 8.dp).semantics { heading() },
            style = MaterialTheme.typography.titleMedium,
            color = MaterialTheme.colorScheme.primary,
        )
        content()
    }
}

/** One of several, under a [title] of its own. */
@Composable
internal fun <T> Choice(title: String, options: List<Option<T>>, chosen: T, onChoose: (T) -> Unit) {
    Column(Modifier.fillMaxWidth().selectableGroup()) {
        Text(
            title,
            Modifier.padding(horizontal = 24.dp).padding(top = 8.dp),
            style = MaterialTheme.typography.bodyMedium,
            color = MaterialTheme.colorScheme.onSurfaceVariant,
        )
        options.forEach { option ->
            val isChosen = option.value == chosen
            SettingRow(
                option.label,
                option.explanation,
                Modifier.selectable(isChosen, role = Role.RadioButton) { onChoose(option.value) },
                leading = { RadioButton(isChosen, onClick = null) },
            )
        }
    }
}

internal data class Option<T>(val value: T, val label: String, val explanation: String? = null)

@Composable
internal fun SwitchRow(label: String, explanation: String, isOn: Boolean, onChange: (Boolean) -> Unit) {
    SettingRow(
        label,
        explanation,
        Modifier.toggleable(isOn, role = Role.Switch, onValueChange = onChange),
        trailing = { Switch(isOn, onCheckedChange = null) },
    )
}

@Composable
internal fun ActionRow(label: String, explanation: String? = null, color: Color = Color.Unspecified, onClick: () -> Unit) {
    SettingRow(label, explanation, Modifier.clickable(role = Role.Button, onClick = onClick), color)
}

@Composable
private fun SettingRow(
    label: String,
    explanation: String?,
    modifier: Modifier,
    color: Color = Color.Unspecified,
    leading: @Composable RowScope.() -> Unit = {},
    trailing: @Composable RowScope.() -> Unit = {},
) {
    Row(
        modifier.fillMaxWidth().heightIn(min = 48.dp).padding(horizontal = 24.dp, vertical = 8.dp),
        Arrangement.spacedBy(16.dp),
        Alignment.CenterVertically,
    ) {
        leading()
        Column(Modifier.weight(1f)) {
            Text(label, style = MaterialTheme.typography.bodyLarge, color = color)
            if (explanation != null) {
                Text(explanation, style = MaterialTheme.typography.bodyMedium, color = MaterialTheme.colorScheme.onSurfaceVariant)
            }
        }
        trailing()
    }
}
