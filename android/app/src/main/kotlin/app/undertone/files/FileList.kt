package app.undertone.files

import androidx.annotation.StringRes
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.BoxWithConstraints
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.WindowInsets
import androidx.compose.foundation.layout.WindowInsetsSides
import androidx.compose.foundation.layout.asPaddingValues
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.offset
import androidx.compose.foundation.layout.only
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.safeDrawing
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.LazyListState
import androidx.compose.foundation.lazy.items
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.material3.ButtonDefaults
import androidx.compose.material3.Icon
import androidx.compose.material3.IconButton
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.material3.TextButton
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.res.painterResource
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.text.style.TextOverflow
import androidx.compose.ui.unit.dp
import app.undertone.R
import app.undertone.analysis.FileJob
import app.undertone.analysis.FileStep
import app.undertone.theme.hasLargeFont
import app.undertone.ui.MainButton
import app.undertone.ui.SecondButton
import app.undertone.ui.TEXT_BUTTON_ROOM
import app.undertone.ui.WIDEST_PAGE
import app.undertone.ui.isolated
import app.undertone.ui.navigationScrim
import app.undertone.ui.pageMargin
import app.undertone.ui.pageStart
import app.undertone.ui.reachingIntoMargin

/** Several files, each with how far it is or what became of it. */
@Composable
internal fun FileList(jobs: List<FileJob>, list: LazyListState, actions: FileActions, modifier: Modifier = Modifier) {
    val bottom = WindowInsets.safeDrawing.only(WindowInsetsSides.Bottom).asPaddingValues().calculateBottomPadding()
    BoxWithConstraints(modifier.fillMaxSize().navigationScrim(), contentAlignment = Alignment.TopCenter) {
        val margin = pageMargin(maxWidth, narrow = 16.dp)
        LazyColumn(
            Modifier.widthIn(max = WIDEST_PAGE),
            list,
            contentPadding = PaddingValues(start = margin, end = margin, top = 8.dp, bottom = bottom + 24.dp),
            verticalArrangement = Arrangement.spacedBy(8.dp),
        ) {
            items(jobs, key = { it.id }) { FileCard(it, actions) }
            if (jobs.any { it.isPending }) item { GoesOn() }
            item { ListActions(jobs, actions) }
        }
    }
}

@Composable
private fun FileCard(job: FileJob, actions: FileActions) {
    val name = job.name ?: stringResource(R.string.files_unnamed)
    Surface(Modifier.fillMaxWidth(), RoundedCornerShape(20.dp), MaterialTheme.colorScheme.surfaceContainerLow) {
        val hasActions = !job.isPending && (job.canContinue || job.sessionId != null)
        // Buttons bring air of their own, above and below what they show.
        val bottom = if (hasActions) 4.dp else 16.dp
        Column(Modifier.padding(start = 16.dp, end = 16.dp, bottom = bottom), verticalArrangement = Arrangement.spacedBy(4.dp)) {
            Row(Modifier.padding(top = if (job.isPending) 4.dp else 16.dp), verticalAlignment = Alignment.CenterVertically) {
                // In a box: a name of another script than the page's begins where the page does.
                Box(Modifier.weight(1f)) { CardName(name) }
                if (job.isPending) {
                    val cancel = stringResource(R.string.files_cancel_name, name.isolated())
                    IconButton({ actions.onCancel(job.id) }, Modifier.offset(x = TEXT_BUTTON_ROOM)) {
                        Icon(painterResource(R.drawable.ic_close), cancel)
                    }
                }
            }
            (job.step as? FileStep.Analysing)?.let { FileProgress(it) }
            Text(
                job.words(),
                style = MaterialTheme.typography.bodyMedium,
                color = MaterialTheme.colorScheme.onSurfaceVariant,
            )
            if (hasActions) CardActions(job, name, actions)
        }
    }
}

@Composable
private fun CardActions(job: FileJob, name: String, actions: FileActions) = FlowRow(
    // Their words stand below those of the card.
    Modifier.reachingIntoMargin(),
    horizontalArrangement = Arrangement.spacedBy(8.dp),
) {
    if (job.sessionId != null) {
        val open = stringResource(R.string.files_open_name, name.isolated())
        TextButton({ actions.onOpen(job.sessionId) }, Modifier.semantics { contentDescription = open }) { ActionWords(R.string.files_open) }
    }
    if (job.canContinue) {
        val resume = stringResource(R.string.files_resume_name, name.isolated())
        TextButton({ actions.onResume(job.id) }, Modifier.semantics { contentDescription = resume }) { ActionWords(R.string.files_resume) }
    }
}

/** From the start of the room that a button has at least, where its middle would stand away from the words of the card. */
@Composable
private fun ActionWords(@StringRes words: Int) = Text(stringResource(words), Modifier.widthIn(min = ButtonDefaults.MinWidth - TEXT_BUTTON_ROOM * 2))

/** Recordings of one series differ at the end of their names, which therefore stays. */
@Composable
private fun CardName(name: String) {
    val hasLargeFont = LocalDensity.current.hasLargeFont
    Text(
        name,
        style = MaterialTheme.typography.titleMedium,
        textAlign = pageStart,
        maxLines = if (hasLargeFont) 3 else 1,
        overflow = if (hasLargeFont) TextOverflow.Ellipsis else TextOverflow.MiddleEllipsis,
    )
}

@Composable
private fun GoesOn() = Text(
    stringResource(R.string.files_goes_on),
    Modifier.fillMaxWidth().padding(horizontal = 16.dp, vertical = 8.dp),
    style = MaterialTheme.typography.bodyMedium,
    color = MaterialTheme.colorScheme.onSurfaceVariant,
    textAlign = TextAlign.Center,
)

@Composable
private fun ListActions(jobs: List<FileJob>, actions: FileActions) = FlowRow(
    Modifier.fillMaxWidth().padding(top = 8.dp),
    horizontalArrangement = Arrangement.spacedBy(12.dp, Alignment.CenterHorizontally),
) {
    if (jobs.count { it.isPending } > 1) SecondButton(stringResource(R.string.files_cancel_all), actions.onCancelAll)
    MainButton(stringResource(R.string.files_choose_more), actions.onChoose)
}
