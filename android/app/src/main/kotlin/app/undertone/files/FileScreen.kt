package app.undertone.files

import androidx.activity.compose.BackHandler
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.BoxWithConstraints
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.WindowInsets
import androidx.compose.foundation.layout.WindowInsetsSides
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.only
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.safeDrawing
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.layout.windowInsetsPadding
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.shape.CircleShape
import androidx.compose.foundation.verticalScroll
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
import androidx.compose.ui.keepScreenOn
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.res.painterResource
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.text.style.TextOverflow
import androidx.compose.ui.unit.dp
import app.undertone.R
import app.undertone.page.TitledPage
import app.undertone.theme.hasLargeFont

/** Choose a file, see how far it is heard, or read why it cannot be. */
@Composable
fun FileScreen(state: FileUiState, onChoose: () -> Unit, onCancel: () -> Unit, onBack: () -> Unit, modifier: Modifier = Modifier) {
    BackHandler(onBack = onBack)
    TitledPage(stringResource(R.string.files_title), onBack, modifier) { rest ->
        BoxWithConstraints(rest.fillMaxSize().windowInsetsPadding(WindowInsets.safeDrawing.only(WindowInsetsSides.Bottom))) {
            Column(
                Modifier
                    .fillMaxWidth()
                    .verticalScroll(rememberScrollState())
                    .heightIn(min = maxHeight)
                    .padding(horizontal = 24.dp, vertical = 12.dp),
                verticalArrangement = Arrangement.spacedBy(16.dp, Alignment.CenterVertically),
                horizontalAlignment = Alignment.CenterHorizontally,
            ) {
                when (val step = state.step) {
                    FileStep.Choosing -> Choosing(onChoose)
                    is FileStep.Hearing -> Hearing(state.name, step, onCancel)
                    is FileStep.Done -> Hearing(state.name, FileStep.Hearing(heardMs = 1, lengthMs = 1), onCancel)
                    is FileStep.Failed -> Failed(state.name, step.problem, onChoose)
                }
            }
        }
    }
}

@Composable
private fun Choosing(onChoose: () -> Unit) {
    if (!LocalDensity.current.hasLargeFont) {
        Surface(Modifier.size(112.dp), CircleShape, MaterialTheme.colorScheme.primaryContainer) {
            Icon(painterResource(R.drawable.ic_audio_file), null, Modifier.padding(32.dp))
        }
    }
    Headline(stringResource(R.string.files_choose_headline))
    Supporting(stringResource(R.string.files_choose_supporting))
    Button(onChoose) { Text(stringResource(R.string.files_choose), textAlign = TextAlign.Center) }
}

@Composable
private fun Hearing(name: String?, step: FileStep.Hearing, onCancel: () -> Unit) {
    val share = step.share
    val description = stringResource(R.string.files_progress)
    Column(
        Modifier.keepScreenOn().semantics { liveRegion = LiveRegionMode.Polite },
        verticalArrangement = Arrangement.spacedBy(8.dp),
        horizontalAlignment = Alignment.CenterHorizontally,
    ) {
        Headline(stringResource(if (step.heardMs == 0L) R.string.files_preparing else R.string.files_hearing))
        if (name != null) FileName(name)
    }
    val bar = Modifier.widthIn(max = 480.dp).fillMaxWidth().padding(vertical = 8.dp).semantics { contentDescription = description }
    if (share == null) LinearProgressIndicator(bar) else LinearProgressIndicator({ share }, bar)
    Supporting(
        when {
            step.isWaiting -> stringResource(R.string.files_waiting)
            step.heardMs == 0L -> stringResource(R.string.files_preparing_supporting)
            step.lengthMs == null -> stringResource(R.string.files_heard, clock(step.heardMs))
            else -> stringResource(R.string.files_heard_of, clock(step.heardMs), clock(step.lengthMs))
        },
    )
    OutlinedButton(onCancel) { Text(stringResource(R.string.files_cancel)) }
}

@Composable
private fun Failed(name: String?, problem: FileProblem, onChoose: () -> Unit) {
    Column(
        Modifier.widthIn(max = 480.dp).semantics { liveRegion = LiveRegionMode.Polite },
        verticalArrangement = Arrangement.spacedBy(16.dp),
        horizontalAlignment = Alignment.CenterHorizontally,
    ) {
        Headline(stringResource(if (problem == FileProblem.NoSpeech) R.string.files_no_speech_headline else R.string.files_failed_headline))
        if (name != null) FileName(name)
        Supporting(problem.sentence())
    }
    Button(onChoose) { Text(stringResource(R.string.files_choose_another), textAlign = TextAlign.Center) }
}

@Composable
private fun Headline(text: String) = Text(text, style = MaterialTheme.typography.headlineMedium, textAlign = TextAlign.Center)

@Composable
private fun FileName(name: String) =
    Text(name, style = MaterialTheme.typography.bodyMedium, textAlign = TextAlign.Center, maxLines = 2, overflow = TextOverflow.Ellipsis)

@Composable
private fun Supporting(text: String) = Text(
    text,
    Modifier.widthIn(max = if (LocalDensity.current.hasLargeFont) 640.dp else 480.dp),
    style = MaterialTheme.typography.bodyLarge,
    color = MaterialTheme.colorScheme.onSurfaceVariant,
    textAlign = TextAlign.Center,
)
