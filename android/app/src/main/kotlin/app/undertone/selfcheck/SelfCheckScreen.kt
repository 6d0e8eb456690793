package app.undertone.selfcheck

import androidx.activity.compose.BackHandler
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.lazy.items
import androidx.compose.material3.Button
import androidx.compose.material3.LinearProgressIndicator
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.OutlinedButton
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalContext
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.dp
import app.undertone.R
import app.undertone.live.sentence
import app.undertone.page.Paragraph
import app.undertone.page.ReadingPage
import app.undertone.page.ValueRow

/** Does this phone compute what it should, and how fast. */
@Composable
fun SelfCheckScreen(
    state: SelfCheckUiState,
    onStart: () -> Unit,
    onCancel: () -> Unit,
    onShare: (SelfCheckReport) -> Unit,
    onBack: () -> Unit,
    modifier: Modifier = Modifier,
) {
    BackHandler(onBack = onBack)
    val resources = LocalContext.current.resources
    ReadingPage(stringResource(R.string.self_check_title), onBack, modifier) {
        when (val step = state.step) {
            SelfCheckStep.Ready -> {
                item { Paragraph(stringResource(R.string.self_check_intro)) }
                item { Button(onStart, Modifier.padding(top = 8.dp)) { Text(stringResource(R.string.self_check_start)) } }
            }
            is SelfCheckStep.Running -> {
                item { Verdict(stringResource(R.string.self_check_running)) }
                item { Progress(step.share) }
                item { OutlinedButton(onCancel) { Text(stringResource(R.string.self_check_cancel)) } }
            }
            is SelfCheckStep.Failed -> {
                item { Verdict(stringResource(R.string.asset_failed_title)) }
                item { Paragraph(step.problem.sentence()) }
                item { Button(onStart, Modifier.padding(top = 8.dp)) { Text(stringResource(R.string.try_again)) } }
            }
            is SelfCheckStep.Finished -> {
                item { Verdict(step.report.verdict(resources)) }
                items(step.report.rows(state.phone, resources)) { ValueRow(it) }
                item {
                    Button({ onShare(step.report) }, Modifier.padding(top = 8.dp)) {
                        Text(stringResource(R.string.self_check_share), textAlign = TextAlign.Center)
                    }
                }
                item { OutlinedButton(onStart) { Text(stringResource(R.string.self_check_again), textAlign = TextAlign.Center) } }
            }
        }
    }
}

@Composable
private fun Verdict(sentence: String) {
    Text(
        sentence,
        Modifier.padding(bottom = 8.dp).semantics { liveRegion = LiveRegionMode.Polite },
        style = MaterialTheme.typography.bodyLarge,
    )
}

@Composable
private fun Progress(share: Float?) {
    val description = stringResource(R.string.self_check_progress)
    val bar = Modifier.fillMaxWidth().padding(vertical = 8.dp).semantics { contentDescription = description }
    if (share == null) LinearProgressIndicator(bar) else LinearProgressIndicator({ share }, bar)
}
