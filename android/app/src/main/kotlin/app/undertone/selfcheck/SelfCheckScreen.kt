package app.undertone.selfcheck

import androidx.activity.compose.BackHandler
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.material3.Button
import androidx.compose.material3.Icon
import androidx.compose.material3.LinearProgressIndicator
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.OutlinedButton
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalConfiguration
import androidx.compose.ui.platform.LocalContext
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.res.painterResource
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.dp
import app.undertone.R
import app.undertone.history.NothingHere
import app.undertone.live.sentence
import app.undertone.page.Paragraph
import app.undertone.page.ReadingPage
import app.undertone.page.TechnicalDetails
import app.undertone.page.ValueRow
import app.undertone.theme.hasLargeFont

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
                item {
                    val isRoomy = !LocalDensity.current.hasLargeFont && LocalConfiguration.current.screenHeightDp >= ROOMY_FROM_DP
                    Introduction(isRoomy, onStart, if (isRoomy) Modifier.fillParentMaxHeight(MIDDLE) else Modifier)
                }
            }
            is SelfCheckStep.Running -> {
                item { Verdict(stringResource(R.string.self_check_running), VerdictKind.Open) }
                item { Progress(step.share) }
                item { OutlinedButton(onCancel) { Text(stringResource(R.string.self_check_cancel)) } }
            }
            is SelfCheckStep.Failed -> {
                item { Verdict(stringResource(R.string.asset_failed_title), VerdictKind.Bad) }
                item { Paragraph(step.problem.sentence()) }
                item { WideButton(R.string.try_again, onStart) }
            }
            is SelfCheckStep.Finished -> {
                item { Verdict(step.report.verdict(resources), if (step.report.hasPassed) VerdictKind.Good else VerdictKind.Bad) }
                item { WideButton(R.string.self_check_share) { onShare(step.report) } }
                item {
                    OutlinedButton(onStart, Modifier.fillMaxWidth().heightIn(min = 48.dp)) {
                        Text(stringResource(R.string.self_check_again), textAlign = TextAlign.Center)
                    }
                }
                item { TechnicalDetails { step.report.rows(state.phone, resources).forEach { ValueRow(it) } } }
            }
        }
    }
}

/** The question, what answers it, and the way there; in the middle of the page where there is room. */
@Composable
private fun Introduction(isRoomy: Boolean, onStart: () -> Unit, modifier: Modifier) {
    Column(modifier.fillMaxWidth(), Arrangement.spacedBy(16.dp, Alignment.CenterVertically), Alignment.CenterHorizontally) {
        if (isRoomy) NothingHere(R.drawable.ic_mark)
        Text(
            stringResource(R.string.self_check_headline),
            Modifier.semantics { heading() },
            style = MaterialTheme.typography.headlineMedium,
            textAlign = TextAlign.Center,
        )
        Text(
            stringResource(R.string.self_check_intro),
            style = MaterialTheme.typography.bodyLarge,
            color = MaterialTheme.colorScheme.onSurfaceVariant,
            textAlign = TextAlign.Center,
        )
        WideButton(R.string.self_check_start, onStart)
    }
}

private enum class VerdictKind { Open, Good, Bad }

/** The answer to the page's question: green and a tick, or red and a warning, before any number. */
@Composable
private fun Verdict(sentence: String, kind: VerdictKind) {
    val scheme = MaterialTheme.colorScheme
    Surface(
        Modifier.fillMaxWidth().padding(bottom = 8.dp).semantics(mergeDescendants = true) { liveRegion = LiveRegionMode.Polite },
        shape = RoundedCornerShape(20.dp),
        color = when (kind) {
            VerdictKind.Open -> scheme.surfaceContainer
            VerdictKind.Good -> scheme.primaryContainer
            VerdictKind.Bad -> scheme.errorContainer
        },
        contentColor = when (kind) {
            VerdictKind.Open -> scheme.onSurface
            VerdictKind.Good -> scheme.onPrimaryContainer
            VerdictKind.Bad -> scheme.onErrorContainer
        },
    ) {
        val icon = when (kind) {
            VerdictKind.Open -> R.drawable.ic_mark
            VerdictKind.Good -> R.drawable.ic_check
            VerdictKind.Bad -> R.drawable.ic_warning
        }
        val parts = @Composable {
            Icon(painterResource(icon), null, Modifier.size(40.dp))
            Text(sentence, style = MaterialTheme.typography.titleLarge)
        }
        if (LocalDensity.current.hasLargeFont) {
            Column(Modifier.padding(20.dp), Arrangement.spacedBy(12.dp)) { parts() }
        } else {
            Row(Modifier.padding(20.dp), Arrangement.spacedBy(16.dp), Alignment.CenterVertically) { parts() }
        }
    }
}

@Composable
private fun WideButton(label: Int, onClick: () -> Unit) {
    Button(onClick, Modifier.fillMaxWidth().heightIn(min = 56.dp).padding(top = 8.dp)) {
        Text(stringResource(label), textAlign = TextAlign.Center, style = MaterialTheme.typography.titleMedium)
    }
}

@Composable
private fun Progress(share: Float?) {
    val description = stringResource(R.string.self_check_progress)
    val bar = Modifier.fillMaxWidth().padding(vertical = 8.dp).semantics { contentDescription = description }
    if (share == null) LinearProgressIndicator(bar) else LinearProgressIndicator({ share }, bar)
}

/** Of the page's height: a little above the middle, where the eye is. */
private const val MIDDLE = 0.85f
private const val ROOMY_FROM_DP = 560
