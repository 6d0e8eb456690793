package app.undertone.files

import androidx.activity.compose.BackHandler
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.BoxWithConstraints
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.WindowInsets
import androidx.compose.foundation.layout.WindowInsetsSides
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.only
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.safeDrawing
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.layout.windowInsetsPadding
import androidx.compose.foundation.lazy.rememberLazyListState
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.LinearProgressIndicator
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.material3.TextButton
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.text.style.TextOverflow
import androidx.compose.ui.unit.dp
import app.undertone.R
import app.undertone.analysis.FileJob
import app.undertone.analysis.FileProblem
import app.undertone.analysis.FileStep
import app.undertone.theme.hasLargeFont
import app.undertone.ui.MainButton
import app.undertone.ui.NothingHere
import app.undertone.ui.SecondButton
import app.undertone.ui.TitledPage

/** What the user does on the Files screen. */
class FileActions(
    val onChoose: () -> Unit,
    val onCancel: (jobId: String) -> Unit,
    val onCancelAll: () -> Unit,
    val onResume: (jobId: String) -> Unit,
    val onOpen: (sessionId: Long) -> Unit,
    val onBack: () -> Unit,
)

/** Choose files, see how far each is analysed, or read why it cannot be. */
@Composable
fun FileScreen(state: FileUiState, actions: FileActions, modifier: Modifier = Modifier) {
    BackHandler(onBack = actions.onBack)
    val list = rememberLazyListState()
    val isList = state.jobs.size > 1
    TitledPage(stringResource(R.string.files_title), actions.onBack, modifier, isScrolled = { isList && list.canScrollBackward }) { rest ->
        if (isList) {
            FileList(state.jobs, list, actions, rest)
            return@TitledPage
        }
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
                val job = state.jobs.singleOrNull()
                if (this@BoxWithConstraints.maxHeight >= HEIGHT_FOR_PICTURE && !LocalDensity.current.hasLargeFont) Sign(state)
                when {
                    state.isChooserMissing -> Ended(null, R.string.files_failed_headline, FileProblem.NoChooser.sentence())
                    job != null -> Only(job, actions)
                    else -> Choosing()
                }
                if (job?.isPending != true) Choose(state, actions)
            }
        }
    }
}

@Composable
private fun Sign(state: FileUiState) {
    val step = state.jobs.singleOrNull()?.step
    // That nobody speaks in a file is a result.
    val hasFailed = state.isChooserMissing || (step is FileStep.Failed && step.problem != FileProblem.NoSpeech)
    when {
        hasFailed -> NothingHere(R.drawable.ic_warning, container = MaterialTheme.colorScheme.errorContainer)
        step == FileStep.Done -> NothingHere(R.drawable.ic_check)
        else -> NothingHere(R.drawable.ic_audio_file)
    }
}

@Composable
private fun Choosing() {
    Headline(stringResource(R.string.files_choose_headline))
    Supporting(stringResource(R.string.files_choose_supporting))
}

/** The only button that is filled, unless there is something better to do. */
@Composable
private fun Choose(state: FileUiState, actions: FileActions) {
    val job = state.jobs.singleOrNull()
    val isAgain = job != null || state.isChooserMissing
    val words = stringResource(if (isAgain) R.string.files_choose_another else R.string.files_choose)
    if (job?.hasActions == true) {
        TextButton(actions.onChoose) { Text(words, textAlign = TextAlign.Center) }
    } else {
        MainButton(words, actions.onChoose)
    }
}

private val FileJob.hasActions: Boolean get() = canContinue || sessionId != null

@Composable
private fun Only(job: FileJob, actions: FileActions) {
    when (val step = job.step) {
        FileStep.Queued -> Analysing(job.name, FileStep.Analysing()) { actions.onCancel(job.id) }
        is FileStep.Analysing -> Analysing(job.name, step) { actions.onCancel(job.id) }
        is FileStep.Stopped -> Ended(job.name, step.headline, job.wordsBelowHeadline())
        is FileStep.Failed -> Ended(job.name, step.headline, job.words())
        FileStep.Done -> Ended(job.name, R.string.files_done_headline, job.words())
    }
    if (!job.isPending && job.hasActions) OnlyActions(job, actions)
}

@Composable
private fun OnlyActions(job: FileJob, actions: FileActions) = FlowRow(
    horizontalArrangement = Arrangement.spacedBy(12.dp, Alignment.CenterHorizontally),
) {
    if (job.canContinue) MainButton(stringResource(R.string.files_resume), { actions.onResume(job.id) })
    if (job.sessionId != null) {
        val onOpen = { actions.onOpen(job.sessionId) }
        if (job.canContinue) {
            SecondButton(stringResource(R.string.files_open), onOpen)
        } else {
            MainButton(stringResource(R.string.files_open), onOpen)
        }
    }
}

@Composable
private fun Analysing(name: String?, step: FileStep.Analysing, onCancel: () -> Unit) {
    val isOpening = step.analysedMs == 0L
    Column(
        Modifier.semantics { liveRegion = LiveRegionMode.Polite },
        verticalArrangement = Arrangement.spacedBy(8.dp),
        horizontalAlignment = Alignment.CenterHorizontally,
    ) {
        Headline(stringResource(if (isOpening) R.string.files_preparing else R.string.files_analysing))
        if (name != null) FileName(name)
    }
    FileProgress(step, Modifier.widthIn(max = 480.dp).padding(vertical = 8.dp))
    if (!isOpening || step.isWaiting) Supporting(step.words())
    if (!step.isWaiting) Supporting(stringResource(R.string.files_goes_on))
    SecondButton(stringResource(R.string.files_cancel), onCancel)
}

/** A bar of the share that is analysed; one that moves where it is not known. */
@Composable
internal fun FileProgress(step: FileStep.Analysing, modifier: Modifier = Modifier) {
    val share = step.share
    val description = stringResource(R.string.files_progress)
    val bar = modifier.fillMaxWidth().semantics { contentDescription = description }
    if (share == null) LinearProgressIndicator(bar) else LinearProgressIndicator({ share }, bar)
}

@Composable
private fun Ended(name: String?, headline: Int, words: String) {
    Column(
        Modifier.widthIn(max = 480.dp).semantics { liveRegion = LiveRegionMode.Polite },
        verticalArrangement = Arrangement.spacedBy(16.dp),
        horizontalAlignment = Alignment.CenterHorizontally,
    ) {
        Headline(stringResource(headline))
        if (name != null) FileName(name)
        Supporting(words)
    }
}

@Composable
private fun Headline(text: String) = Text(text, style = MaterialTheme.typography.headlineMedium, textAlign = TextAlign.Center)

@Composable
private fun FileName(name: String) =
    Text(name, style = MaterialTheme.typography.bodyMedium, textAlign = TextAlign.Center, maxLines = 3, overflow = TextOverflow.Ellipsis)

@Composable
private fun Supporting(text: String) = Text(
    text,
    Modifier.widthIn(max = if (LocalDensity.current.hasLargeFont) 640.dp else 480.dp),
    style = MaterialTheme.typography.bodyLarge,
    color = MaterialTheme.colorScheme.onSurfaceVariant,
    textAlign = TextAlign.Center,
)

private val HEIGHT_FOR_PICTURE = 480.dp
