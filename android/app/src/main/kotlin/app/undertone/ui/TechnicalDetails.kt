package app.undertone.ui

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ColumnScope
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.material3.Icon
import androidx.compose.material3.Text
import androidx.compose.material3.TextButton
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.rotate
import androidx.compose.ui.res.painterResource
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.semantics.stateDescription
import androidx.compose.ui.unit.dp
import app.undertone.R

/** [content] that is of use to whoever looks into a problem: folded until somebody asks for it. */
@Composable
internal fun TechnicalDetails(
    modifier: Modifier = Modifier,
    alignment: Alignment.Horizontal = Alignment.Start,
    content: @Composable ColumnScope.() -> Unit,
) = Folded(stringResource(R.string.technical_details), modifier, alignment, content)

/** [content] that few want to see, behind a button with its [title]. */
@Composable
internal fun Folded(
    title: String,
    modifier: Modifier = Modifier,
    alignment: Alignment.Horizontal = Alignment.Start,
    content: @Composable ColumnScope.() -> Unit,
) {
    var isOpen by rememberSaveable { mutableStateOf(false) }
    val state = stringResource(if (isOpen) R.string.details_shown else R.string.details_hidden)
    Column(modifier, Arrangement.spacedBy(8.dp), alignment) {
        TextButton({ isOpen = !isOpen }, Modifier.semantics { stateDescription = state }, contentPadding = PaddingValues(vertical = 8.dp)) {
            Text(title)
            Icon(painterResource(R.drawable.ic_expand), null, Modifier.padding(start = 8.dp).size(20.dp).rotate(if (isOpen) 180f else 0f))
        }
        if (isOpen) content()
    }
}
