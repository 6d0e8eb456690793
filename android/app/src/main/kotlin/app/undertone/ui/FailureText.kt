package app.undertone.ui

import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import app.undertone.R
import app.undertone.asset.AssetProblem

/** A sentence about what just failed, beside what it failed for; read out when it appears. */
@Composable
internal fun FailureText(words: String, modifier: Modifier = Modifier) = Text(
    words,
    modifier.semantics { liveRegion = LiveRegionMode.Polite },
    style = MaterialTheme.typography.bodyMedium,
    color = MaterialTheme.colorScheme.error,
)

@Composable
internal fun AssetProblem.sentence(): String = when (this) {
    is AssetProblem.Damaged -> stringResource(R.string.asset_damaged)
    AssetProblem.NoRuntime -> stringResource(R.string.asset_no_runtime)
    is AssetProblem.Stopped -> stringResource(R.string.asset_engine_failed)
}
