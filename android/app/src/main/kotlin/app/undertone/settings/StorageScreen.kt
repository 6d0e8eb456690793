package app.undertone.settings

import android.text.format.Formatter
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.BoxWithConstraints
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Spacer
import androidx.compose.foundation.layout.WindowInsets
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.safeDrawing
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.LazyListScope
import androidx.compose.foundation.lazy.itemsIndexed
import androidx.compose.foundation.lazy.rememberLazyListState
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.material3.ButtonDefaults
import androidx.compose.material3.FilledTonalButton
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Scaffold
import androidx.compose.material3.SnackbarDuration
import androidx.compose.material3.SnackbarHostState
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.Immutable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalContext
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.res.pluralStringResource
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.dp
import app.undertone.R
import app.undertone.model.StorageUse
import app.undertone.model.startedOn
import app.undertone.theme.hasLargeFont
import app.undertone.ui.DeletionDialog
import app.undertone.ui.FailureText
import app.undertone.ui.LabelledValue
import app.undertone.ui.NothingHere
import app.undertone.ui.NoticeHost
import app.undertone.ui.PageBar
import app.undertone.ui.ValueRow
import app.undertone.ui.WIDEST_PAGE
import app.undertone.ui.dayHeading
import app.undertone.ui.name
import app.undertone.ui.navigationScrim
import app.undertone.ui.pageMargin
import app.undertone.ui.position

/** What can be tapped on the Storage screen. */
@Immutable
data class StorageActions(
    val onBack: () -> Unit = {},
    val onOpen: (sessionId: Long) -> Unit = {},
    val onKeepAudioFor: (days: Int?) -> Unit = {},
    val onAsk: (StorageQuestion?) -> Unit = {},
    val onConfirm: () -> Unit = {},
)

/** What the recordings take, and what to delete. */
@Composable
fun StorageScreen(state: StorageUiState, actions: StorageActions, modifier: Modifier = Modifier) {
    val snackbars = remember { SnackbarHostState() }
    val list = rememberLazyListState()
    Scaffold(
        modifier,
        topBar = { Surface { PageBar(stringResource(R.string.storage), actions.onBack, isScrolled = { list.canScrollBackward }) } },
        snackbarHost = { NoticeHost(snackbars) },
        contentWindowInsets = WindowInsets.safeDrawing,
    ) { insets ->
        val use = state.use ?: return@Scaffold
        BoxWithConstraints(Modifier.fillMaxSize().navigationScrim(), Alignment.TopCenter) {
            LazyColumn(
                Modifier.widthIn(max = WIDEST_PAGE).padding(horizontal = pageMargin(maxWidth, narrow = 16.dp)),
                list,
                contentPadding = insets,
                verticalArrangement = Arrangement.spacedBy(2.dp),
            ) {
                if (state.isNotStored) {
                    item(key = "not stored") { FailureText(stringResource(R.string.history_not_stored), Modifier.group()) }
                }
                item(key = "sum") { Sum(use, state.isDeleted, { actions.onAsk(StorageQuestion.DeleteAudio) }, Modifier.group()) }
                item(key = "days") { KeptFor(state.keptAudioDays, actions.onKeepAudioFor, Modifier.group()) }
                recordings(state, use, actions.onOpen)
                if (!state.isDeleted) {
                    item(key = "everything") {
                        SettingsCard(modifier = Modifier.group()) {
                            ActionRow(
                                stringResource(R.string.delete_everything),
                                stringResource(R.string.delete_everything_explained),
                                MaterialTheme.colorScheme.error,
                            ) { actions.onAsk(StorageQuestion.DeleteEverything) }
                        }
                    }
                }
                item(key = "end") { Spacer(Modifier) }
            }
        }
    }
    if (state.question != null) Question(state.question, actions)
    if (state.isDeleted) {
        val words = stringResource(R.string.deleted_everything)
        var isShown by rememberSaveable { mutableStateOf(false) }
        LaunchedEffect(Unit) {
            if (!isShown) snackbars.showSnackbar(words, duration = SnackbarDuration.Long)
            isShown = true
        }
    }
}

/** The audio as the largest figure, or how there comes to be some; the rest below it. */
@Composable
private fun Sum(use: StorageUse, isDeleted: Boolean, onDeleteAudio: () -> Unit, modifier: Modifier) {
    SettingsCard(modifier = modifier) {
        Column(Modifier.padding(horizontal = 16.dp, vertical = 8.dp), Arrangement.spacedBy(4.dp)) {
            if (use.audio.isEmpty()) {
                NoAudio()
            } else {
                Text(size(use.audioBytes), style = MaterialTheme.typography.displayMedium)
                Text(
                    pluralStringResource(R.plurals.storage_audio, use.audio.size, use.audio.size),
                    Modifier.padding(bottom = 8.dp),
                    style = MaterialTheme.typography.bodyLarge,
                    color = MaterialTheme.colorScheme.onSurfaceVariant,
                )
            }
            // Large letters leave a value no room beside its label, and each pair stands apart.
            Column(verticalArrangement = Arrangement.spacedBy(if (LocalDensity.current.hasLargeFont) 16.dp else 4.dp)) {
                // What an empty database takes is no result of any recording.
                if (!isDeleted) ValueRow(LabelledValue(stringResource(R.string.storage_results), size(use.resultsBytes)))
                ValueRow(LabelledValue(stringResource(R.string.storage_free), size(use.freeBytes)))
            }
            if (use.audio.isNotEmpty()) {
                FilledTonalButton(
                    onDeleteAudio,
                    Modifier.padding(top = 8.dp).heightIn(min = 48.dp),
                    colors = ButtonDefaults.filledTonalButtonColors(
                        MaterialTheme.colorScheme.errorContainer,
                        MaterialTheme.colorScheme.onErrorContainer,
                    ),
                ) { Text(stringResource(R.string.storage_delete_audio)) }
            }
        }
    }
}

@Composable
private fun NoAudio() {
    Column(Modifier.fillMaxWidth().padding(top = 8.dp, bottom = 16.dp), Arrangement.spacedBy(12.dp), Alignment.CenterHorizontally) {
        if (!LocalDensity.current.hasLargeFont) NothingHere(R.drawable.ic_storage)
        Text(stringResource(R.string.storage_no_audio), style = MaterialTheme.typography.headlineMedium, textAlign = TextAlign.Center)
        Text(
            stringResource(R.string.storage_no_audio_explained, stringResource(R.string.keep_audio)),
            style = MaterialTheme.typography.bodyLarge,
            color = MaterialTheme.colorScheme.onSurfaceVariant,
            textAlign = TextAlign.Center,
        )
    }
}

@Composable
private fun KeptFor(days: Int?, onChoose: (Int?) -> Unit, modifier: Modifier) {
    SettingsCard(modifier = modifier) {
        DialogChoice(
            stringResource(R.string.storage_days),
            KEPT_DAYS.map { choice ->
                val words = choice?.let { pluralStringResource(R.plurals.storage_kept_days, it, it) } ?: stringResource(R.string.storage_never)
                Option<Int?>(choice, words)
            },
            days,
            onChoose,
        )
    }
}

private fun LazyListScope.recordings(state: StorageUiState, use: StorageUse, onOpen: (Long) -> Unit) {
    if (use.audio.isEmpty()) return
    item(key = "recordings") {
        Text(
            stringResource(R.string.storage_recordings),
            Modifier.group().padding(top = 8.dp).semantics { heading() },
            style = MaterialTheme.typography.titleMedium,
        )
    }
    itemsIndexed(use.audio, key = { _, audio -> audio.session.id }) { place, audio ->
        SettingsCard(shape = partOfGroup(isFirst = place == 0, isLast = place == use.audio.lastIndex)) {
            val session = audio.session
            val day = dayHeading(session.startedOn(state.zone), state.today, isShort = true)
            val occasion = stringResource(R.string.history_facts, day, position(session.lengthMs))
            val facts = if (audio.staysLarge) {
                stringResource(R.string.history_facts, occasion, stringResource(R.string.storage_not_compressed))
            } else {
                occasion
            }
            ActionRow(
                session.name(state.zone),
                facts,
                value = size(audio.sizeBytes),
            ) { onOpen(session.id) }
        }
    }
}

@Composable
private fun Question(question: StorageQuestion, actions: StorageActions) {
    val (title, text, confirm) = when (question) {
        StorageQuestion.DeleteAudio ->
            Triple(R.string.storage_delete_audio_question, R.string.storage_delete_audio_explained, R.string.delete_confirm)
        StorageQuestion.DeleteEverything -> Triple(R.string.delete_question, R.string.delete_question_explained, R.string.delete_everything)
    }
    DeletionDialog(
        stringResource(title),
        stringResource(text),
        stringResource(confirm),
        onConfirm = actions.onConfirm,
        onDismiss = { actions.onAsk(null) },
    )
}

/** As the phone writes sizes: 3.05 MB. */
@Composable
private fun size(bytes: Long): String = Formatter.formatShortFileSize(LocalContext.current, bytes)

/** What stands 16 dp apart from the things around it, 2 dp of which the list puts between all. */
private fun Modifier.group() = fillMaxWidth().padding(vertical = 7.dp)

/** Cards that touch make one, however many there are. */
private fun partOfGroup(isFirst: Boolean, isLast: Boolean): RoundedCornerShape {
    val top = if (isFirst) OUTER_CORNER else INNER_CORNER
    val bottom = if (isLast) OUTER_CORNER else INNER_CORNER
    return RoundedCornerShape(top, top, bottom, bottom)
}

private val OUTER_CORNER = 20.dp
private val INNER_CORNER = 4.dp
private val KEPT_DAYS = listOf(null, 7, 30, 90)
