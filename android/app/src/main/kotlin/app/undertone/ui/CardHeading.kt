package app.undertone.ui

import androidx.annotation.DrawableRes
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.width
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.res.painterResource
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.LineBreak
import androidx.compose.ui.unit.dp

/** What a card is about, behind an icon where it has one. */
@Composable
internal fun CardHeading(title: String, @DrawableRes icon: Int?, modifier: Modifier = Modifier) {
    val primary = MaterialTheme.colorScheme.primary
    val style = MaterialTheme.typography.titleMedium.copy(lineBreak = LineBreak.Heading)
    val firstLine = with(LocalDensity.current) { style.lineHeight.toDp() }
    Row(modifier, horizontalArrangement = Arrangement.spacedBy(12.dp)) {
        if (icon != null) Icon(painterResource(icon), null, Modifier.height(firstLine).width(24.dp), primary)
        Text(title, Modifier.semantics { heading() }, style = style, color = primary)
    }
}
