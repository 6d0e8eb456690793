package app.undertone.selfcheck

import androidx.activity.compose.BackHandler
import androidx.annotation.DrawableRes
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ColumnScope
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.shape.CircleShape
import androidx.compose.material3.Icon
import androidx.compose.material3.LinearProgressIndicator
import androidx.compose.material3.MaterialTheme
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
import androidx.compose.ui.unit.Dp
import androidx.compose.ui.unit.dp
import app.undertone.R
import app.undertone.asset.AssetProblem
import app.undertone.theme.hasLargeFont
import app.undertone.ui.MainButton
import app.undertone.ui.ReadingPage
import app.undertone.ui.SecondButton
import app.undertone.ui.TechnicalDetails
import app.undertone.ui.ValueRow
import app.undertone.ui.sentence

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
            SelfCheckStep.Ready -> item {
                Middle(R.drawable.ic_mark, stringResource(R.string.self_check_headline), stringResource(R.string.self_check_intro)) {
                    WideButton(R.string.self_check_start, onStart)
                }
            }
            is SelfCheckStep.Running -> item {
                Middle(R.drawable.ic_mark, stringResource(R.string.self_check_running), isNews = true) {
                    Progress(step.progress)
                    SecondButton(stringResource(R.string.self_check_cancel), onCancel)
                }
            }
            is SelfCheckStep.Failed -> item {
                Middle(R.drawable.ic_warning, stringResource(R.string.asset_failed_title), step.problem.sentence(), isNews = true, isBad = true) {
                    if (step.problem != AssetProblem.NoRuntime) WideButton(R.string.try_again, onStart)
                }
            }
            is SelfCheckStep.Finished -> item {
                val report = step.report
                val icon = if (report.hasPassed) R.drawable.ic_check else R.drawable.ic_warning
                Middle(icon, stringResource(report.verdict), stringResource(report.meaning), isNews = true, isBad = !report.hasPassed) {
                    WideButton(R.string.self_check_share) { onShare(report) }
                    SecondButton(stringResource(R.string.self_check_again), onStart, Modifier.widthIn(max = WIDEST_BUTTON).fillMaxWidth())
                    TechnicalDetails(alignment = Alignment.CenterHorizontally) {
                        report.rows(state.phone, resources).forEach { ValueRow(it) }
                    }
                }
            }
        }
    }
}

/**
 * A picture, a headline, a sentence and what to do: in the middle of the page where there is room, the picture beside the rest on a low screen.
 *
 * @param isNews read out when it appears.
 * @param isBad in red, before any number.
 */
@Composable
private fun Middle(
    @DrawableRes icon: Int,
    headline: String,
    explanation: String? = null,
    isNews: Boolean = false,
    isBad: Boolean = false,
    actions: @Composable ColumnScope.() -> Unit,
) {
    val hasLargeFont = LocalDensity.current.hasLargeFont
    val heightDp = LocalConfiguration.current.screenHeightDp
    if (heightDp < LOW_BELOW_DP && !hasLargeFont) {
        Row(Modifier.fillMaxWidth(), Arrangement.spacedBy(32.dp, Alignment.CenterHorizontally), Alignment.CenterVertically) {
            Disc(icon, isBad, 112.dp)
            Column(
                Modifier.weight(1f, fill = false).widthIn(max = WIDEST_BUTTON),
                Arrangement.spacedBy(12.dp),
                Alignment.CenterHorizontally,
            ) {
                Words(headline, explanation, isNews)
                actions()
            }
        }
    } else {
        val isRoomy = heightDp >= ROOMY_FROM_DP
        Column(
            Modifier.fillMaxWidth().heightIn(min = if (isRoomy) (heightDp * MIDDLE).dp else 0.dp),
            Arrangement.spacedBy(16.dp, Alignment.CenterVertically),
            Alignment.CenterHorizontally,
        ) {
            Disc(icon, isBad, if (hasLargeFont) 72.dp else 112.dp)
            Words(headline, explanation, isNews)
            actions()
        }
    }
}

@Composable
private fun Disc(@DrawableRes icon: Int, isBad: Boolean, side: Dp) {
    val scheme = MaterialTheme.colorScheme
    Surface(Modifier.size(side), CircleShape, if (isBad) scheme.errorContainer else scheme.primaryContainer) {
        Icon(painterResource(icon), null, Modifier.padding(side * 0.28f))
    }
}

@Composable
private fun Words(headline: String, explanation: String?, isNews: Boolean) {
    Column(
        Modifier.semantics { if (isNews) liveRegion = LiveRegionMode.Polite },
        Arrangement.spacedBy(12.dp),
        Alignment.CenterHorizontally,
    ) {
        Text(headline, Modifier.semantics { heading() }, style = MaterialTheme.typography.headlineMedium, textAlign = TextAlign.Center)
        if (explanation != null) {
            Text(
                explanation,
                style = MaterialTheme.typography.bodyLarge,
                color = MaterialTheme.colorScheme.onSurfaceVariant,
                textAlign = TextAlign.Center,
            )
        }
    }
}

@Composable
private fun WideButton(label: Int, onClick: () -> Unit) {
    MainButton(stringResource(label), onClick, Modifier.padding(top = 8.dp).widthIn(max = WIDEST_BUTTON).fillMaxWidth())
}

@Composable
private fun Progress(progress: SelfCheckProgress.Running?) {
    val description = stringResource(R.string.self_check_progress)
    val bar = Modifier.widthIn(max = WIDEST_BUTTON).fillMaxWidth().padding(vertical = 8.dp).semantics { contentDescription = description }
    if (progress == null) LinearProgressIndicator(bar) else LinearProgressIndicator({ progress.share }, bar)
    val clip = progress?.clip
    Text(
        when {
            progress == null -> stringResource(R.string.self_check_load)
            clip == null -> stringResource(R.string.self_check_speed)
            else -> stringResource(R.string.self_check_clip, clip, progress.clips)
        },
        style = MaterialTheme.typography.bodyLarge,
        color = MaterialTheme.colorScheme.onSurfaceVariant,
        textAlign = TextAlign.Center,
    )
}

/** Of the screen's height: a little above the middle, where the eye is. */
private const val MIDDLE = 0.74f
private const val ROOMY_FROM_DP = 560

/** Phones on their side. */
private const val LOW_BELOW_DP = 480
private val WIDEST_BUTTON = 400.dp
