package app.undertone.session

import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.res.pluralStringResource
import androidx.compose.ui.res.stringResource
import app.undertone.R
import app.undertone.model.summary.Steadiness
import app.undertone.model.summary.steadiness

/** How often the tone changed from one sure moment to the next; nothing where that cannot be told. */
@Composable
internal fun ToneChanges(steadiness: Steadiness?, modifier: Modifier = Modifier) {
    if (steadiness == null) return
    val changes = steadiness.steps - steadiness.kept
    Text(
        if (changes == 0) stringResource(R.string.tone_kept) else pluralStringResource(R.plurals.tone_changes, changes, changes),
        modifier,
        style = MaterialTheme.typography.bodyLarge,
    )
}
