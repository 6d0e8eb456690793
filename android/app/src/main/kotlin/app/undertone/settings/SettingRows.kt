package app.undertone.settings

import androidx.annotation.DrawableRes
import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ColumnScope
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.RowScope
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.selection.toggleable
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.material3.Card
import androidx.compose.material3.CardDefaults
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Switch
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.Shape
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.res.painterResource
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.unit.dp
import app.undertone.R
import app.undertone.theme.hasLargeFont
import app.undertone.ui.CardHeading

/** Settings that belong together, under a heading of their own where they have one. */
@Composable
internal fun SettingsCard(
    modifier: Modifier = Modifier,
    title: String? = null,
    @DrawableRes icon: Int? = null,
    shape: Shape = RoundedCornerShape(20.dp),
    content: @Composable ColumnScope.() -> Unit,
) {
    val scheme = MaterialTheme.colorScheme
    Card(modifier.fillMaxWidth(), shape, CardDefaults.cardColors(scheme.surfaceContainerLow, scheme.onSurface)) {
        Column(Modifier.padding(vertical = 8.dp)) {
            if (title != null) CardHeading(title, icon, Modifier.padding(horizontal = ROW_MARGIN, vertical = 8.dp))
            content()
        }
    }
}

@Composable
internal fun SwitchRow(label: String, explanation: String, isOn: Boolean, onChange: (Boolean) -> Unit) {
    SettingRow(
        label,
        explanation,
        Modifier.toggleable(isOn, role = Role.Switch, onValueChange = onChange),
        trailing = { Switch(isOn, onCheckedChange = null) },
    )
}

/** @param value at the end of the row, in place of the arrow; with a large font below the rest, which needs the width. */
@Composable
internal fun ActionRow(
    label: String,
    explanation: String? = null,
    color: Color = Color.Unspecified,
    value: String? = null,
    onClick: () -> Unit,
) {
    val hasLargeFont = LocalDensity.current.hasLargeFont
    val words = if (hasLargeFont) listOfNotNull(explanation, value).joinToString("\n").ifEmpty { null } else explanation
    SettingRow(label, words, Modifier.clickable(role = Role.Button, onClick = onClick), color) {
        when {
            value != null && hasLargeFont -> Unit
            value != null -> Text(value, style = MaterialTheme.typography.bodyMedium, color = MaterialTheme.colorScheme.onSurfaceVariant)
            color == Color.Unspecified ->
                Icon(painterResource(R.drawable.ic_forward), null, Modifier.size(20.dp), MaterialTheme.colorScheme.onSurfaceVariant)
        }
    }
}

@Composable
internal fun SettingRow(
    label: String,
    explanation: String?,
    modifier: Modifier,
    color: Color = Color.Unspecified,
    trailing: @Composable RowScope.() -> Unit = {},
) {
    Row(
        modifier.fillMaxWidth().heightIn(min = 56.dp).padding(horizontal = ROW_MARGIN, vertical = 8.dp),
        Arrangement.spacedBy(16.dp),
        Alignment.CenterVertically,
    ) {
        Column(Modifier.weight(1f)) {
            Text(label, style = MaterialTheme.typography.bodyLarge, color = color)
            if (explanation != null) {
                Text(explanation, style = MaterialTheme.typography.bodyMedium, color = MaterialTheme.colorScheme.onSurfaceVariant)
            }
        }
        trailing()
    }
}

internal val ROW_MARGIN = 16.dp
