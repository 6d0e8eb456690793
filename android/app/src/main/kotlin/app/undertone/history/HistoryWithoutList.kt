package app.undertone.history

import androidx.annotation.DrawableRes
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.dp
import app.undertone.R
import app.undertone.theme.hasLargeFont
import app.undertone.ui.MainButton
import app.undertone.ui.NothingHere

/** There is no recording yet. */
@Composable
internal fun EmptyHistory(onListen: () -> Unit, modifier: Modifier = Modifier) = WithoutList(
    R.drawable.ic_history,
    stringResource(R.string.history_empty_title),
    stringResource(R.string.history_empty),
    stringResource(R.string.record_start),
    onListen,
    modifier,
    MaterialTheme.colorScheme.primaryContainer,
)

/** There may be recordings, which cannot be read. */
@Composable
internal fun NotRead(onReadAgain: () -> Unit, modifier: Modifier = Modifier) = WithoutList(
    R.drawable.ic_warning,
    stringResource(R.string.history_not_read_title),
    stringResource(R.string.history_not_read),
    stringResource(R.string.try_again),
    onReadAgain,
    modifier.semantics { liveRegion = LiveRegionMode.Polite },
    MaterialTheme.colorScheme.errorContainer,
)

@Composable
private fun WithoutList(
    @DrawableRes icon: Int,
    title: String,
    explanation: String,
    action: String,
    onAct: () -> Unit,
    modifier: Modifier,
    container: Color,
) {
    Column(
        modifier.fillMaxSize().verticalScroll(rememberScrollState()).padding(horizontal = 24.dp, vertical = 12.dp),
        verticalArrangement = Arrangement.spacedBy(16.dp, Alignment.CenterVertically),
        horizontalAlignment = Alignment.CenterHorizontally,
    ) {
        if (!LocalDensity.current.hasLargeFont) NothingHere(icon, container = container)
        Text(title, Modifier.semantics { heading() }, style = MaterialTheme.typography.headlineMedium, textAlign = TextAlign.Center)
        Text(
            explanation,
            Modifier.widthIn(max = 480.dp),
            style = MaterialTheme.typography.bodyLarge,
            color = MaterialTheme.colorScheme.onSurfaceVariant,
            textAlign = TextAlign.Center,
        )
        MainButton(action, onAct, Modifier.padding(top = 8.dp))
    }
}
