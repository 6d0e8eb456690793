package app.undertone.settings

import android.text.format.Formatter
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Spacer
import androidx.compose.foundation.layout.WindowInsets
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.safeDrawing
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.LazyListScope
import androidx.compose.foundation.lazy.itemsIndexed
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.material3.AlertDialog
import androidx.compose.material3.ButtonDefaults
import androidx.compose.material3.FilledTonalButton
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Scaffold
import androidx.compose.material3.Text
import androidx.compose.material3.TextButton
import androidx.compose.runtime.Composable
import androidx.compose.runtime.Immutable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalContext
import androidx.compose.ui.res.pluralStringResource
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import app.undertone.R
import app.undertone.model.StorageUse
import app.undertone.model.startedOn
import app.undertone.ui.FailureText
import app.undertone.ui.LabelledValue
import app.undertone.ui.TitleBar
import app.undertone.ui.ValueRow
import app.undertone.ui.dayHeading
import app.undertone.ui.name
import app.undertone.ui.pageWidth
import app.undertone.ui.position
import java.time.format.FormatStyle

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
    Scaffold(
        modifier,
        topBar = { TitleBar(stringResource(R.string.storage), actions.onBack) },
        contentWindowInsets = WindowInsets.safeDrawing,
    ) { insets ->
        val use = state.use ?: return@Scaffold
        LazyColumn(
            Modifier.fillMaxSize(),
            contentPadding = insets,
            verticalArrangement = Arrangement.spacedBy(2.dp),
            horizontalAlignment = Alignment.CenterHorizontally,
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
    if (state.question != null) Question(state.question, actions)
}

/** The audio as the largest figure, or that there is none; the rest below it. */
@Composable
private fun Sum(use: StorageUse, isDeleted: Boolean, onDeleteAudio: () -> Unit, modifier: Modifier) {
    SettingsCard(modifier = modifier) {
        Column(Modifier.padding(horizontal = 16.dp, vertical = 8.dp), Arrangement.spacedBy(4.dp)) {
            if (use.audio.isEmpty()) {
                Text(stringResource(R.string.storage_no_audio), Modifier.padding(bottom = 8.dp), style = MaterialTheme.typography.headlineMedium)
            } else {
                Text(size(use.audioBytes), style = MaterialTheme.typography.displayMedium)
                Text(
                    pluralStringResource(R.plurals.storage_audio, use.audio.size, use.audio.size),
                    Modifier.padding(bottom = 8.dp),
                    style = MaterialTheme.typography.bodyLarge,
                    color = MaterialTheme.colorScheme.onSurfaceVariant,
                )
            }
            ValueRow(LabelledValue(stringResource(R.string.storage_results), size(use.resultsBytes)))
            ValueRow(LabelledValue(stringResource(R.string.storage_free), size(use.freeBytes)))
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
            if (isDeleted) {
                Text(
                    stringResource(R.string.deleted_everything),
                    Modifier.padding(top = 8.dp).semantics { liveRegion = LiveRegionMode.Polite },
                    style = MaterialTheme.typography.bodyLarge,
                )
            }
        }
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
        SettingsCard(modifier = Modifier.pageWidth(), shape = partOfGroup(isFirst = place == 0, isLast = place == use.audio.lastIndex)) {
            val session = audio.session
            val day = dayHeading(session.startedOn(state.zone), state.today, FormatStyle.MEDIUM)
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
    val (title, text) = when (question) {
        StorageQuestion.DeleteAudio -> R.string.storage_delete_audio_question to R.string.storage_delete_audio_explained
        StorageQuestion.DeleteEverything -> R.string.delete_question to R.string.delete_question_explained
    }
    AlertDialog(
        onDismissRequest = { actions.onAsk(null) },
        title = { Text(stringResource(title)) },
        text = { Text(stringResource(text)) },
        confirmButton = {
            TextButton(actions.onConfirm, colors = ButtonDefaults.textButtonColors(contentColor = MaterialTheme.colorScheme.error)) {
                Text(stringResource(R.string.delete_confirm))
            }
        },
        dismissButton = { TextButton({ actions.onAsk(null) }) { Text(stringResource(R.string.cancel)) } },
    )
}

/** As the phone writes sizes: 3.05 MB. */
@Composable
private fun size(bytes: Long): String = Formatter.formatShortFileSize(LocalContext.current, bytes)

/** What stands apart from the things around it. */
private fun Modifier.group() = pageWidth().padding(vertical = 6.dp)

/** Cards that touch make one, however many there are. */
private fun partOfGroup(isFirst: Boolean, isLast: Boolean): RoundedCornerShape {
    val top = if (isFirst) OUTER_CORNER else INNER_CORNER
    val bottom = if (isLast) OUTER_CORNER else INNER_CORNER
    return RoundedCornerShape(top, top, bottom, bottom)
}

private val OUTER_CORNER = 20.dp
private val INNER_CORNER = 4.dp
private val KEPT_DAYS = listOf(null, 7, 30, 90)
