package app.undertone.history

import androidx.annotation.StringRes
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.WindowInsets
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.safeDrawing
import androidx.compose.material3.DropdownMenu
import androidx.compose.material3.DropdownMenuItem
import androidx.compose.material3.HorizontalDivider
import androidx.compose.material3.Icon
import androidx.compose.material3.IconButton
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Scaffold
import androidx.compose.material3.SnackbarDuration
import androidx.compose.material3.SnackbarHostState
import androidx.compose.material3.SnackbarResult
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.res.painterResource
import androidx.compose.ui.res.pluralStringResource
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.unit.dp
import app.undertone.R
import app.undertone.history.archive.ArchiveProblem
import app.undertone.ui.NoticeHost
import app.undertone.ui.TitleBar
import app.undertone.ui.isolated
import app.undertone.ui.name
import app.undertone.ui.position
import app.undertone.ui.sentence
import java.time.ZoneId

/**
 * The frame of the history's pages: a bar with the way back and a menu, and what just happened at the bottom.
 *
 * @param title null where the page itself begins with one.
 * @param onBack null where a rail or a list beside the page leads on.
 * @param isScrolled whether part of the page has gone below the bar.
 * @param menu without items there is none.
 * @param content takes what bars and insets cover.
 */
@Composable
internal fun HistoryScaffold(
    title: String?,
    onBack: (() -> Unit)?,
    notice: HistoryNotice?,
    zone: ZoneId,
    onUndo: () -> Unit,
    onNoticeShown: (HistoryNotice) -> Unit,
    modifier: Modifier = Modifier,
    isScrolled: () -> Boolean = { false },
    actions: @Composable () -> Unit = {},
    menu: List<MenuItem> = emptyList(),
    bottomBar: @Composable () -> Unit = {},
    content: @Composable (PaddingValues) -> Unit,
) {
    val snackbars = remember { SnackbarHostState() }
    Scaffold(
        modifier,
        topBar = {
            TitleBar(title, onBack, isScrolled) {
                actions()
                if (menu.isNotEmpty()) Menu(menu)
            }
        },
        bottomBar = bottomBar,
        snackbarHost = { NoticeHost(snackbars) },
        contentWindowInsets = WindowInsets.safeDrawing,
        content = content,
    )
    if (notice != null) {
        val words = notice.words(zone)
        val undo = stringResource(R.string.history_undo)
        LaunchedEffect(notice) {
            val canUndo = notice is HistoryNotice.Deleted || notice is HistoryNotice.MarkDeleted
            val result = snackbars.showSnackbar(words, actionLabel = undo.takeIf { canUndo }, duration = SnackbarDuration.Long)
            if (result == SnackbarResult.ActionPerformed) onUndo() else onNoticeShown(notice)
        }
    }
}

/** @param isFinal what it does cannot be undone: it stands apart from the items above it. */
internal class MenuItem(@param:StringRes val words: Int, val isFinal: Boolean = false, val onClick: () -> Unit)

@Composable
private fun Menu(items: List<MenuItem>) {
    var isOpen by rememberSaveable { mutableStateOf(false) }
    Box {
        IconButton({ isOpen = true }) { Icon(painterResource(R.drawable.ic_more), stringResource(R.string.history_more)) }
        DropdownMenu(isOpen, onDismissRequest = { isOpen = false }) {
            for (item in items) {
                if (item.isFinal) HorizontalDivider(Modifier.padding(vertical = 8.dp))
                DropdownMenuItem(
                    text = { Text(stringResource(item.words), color = if (item.isFinal) MaterialTheme.colorScheme.error else Color.Unspecified) },
                    onClick = {
                        isOpen = false
                        item.onClick()
                    },
                )
            }
        }
    }
}

@Composable
internal fun HistoryNotice.words(zone: ZoneId): String = when (this) {
    is HistoryNotice.Deleted -> stringResource(R.string.history_deleted, session.name(zone).isolated())
    is HistoryNotice.MarkDeleted -> stringResource(R.string.session_mark_deleted, position(mark.positionMs))
    HistoryNotice.Exported -> stringResource(R.string.history_exported)
    HistoryNotice.ExportFailed -> stringResource(R.string.history_export_failed)
    is HistoryNotice.Imported -> words()
    is HistoryNotice.NotImported -> stringResource(problem.sentence)
    HistoryNotice.NoAudio -> stringResource(R.string.session_audio_missing)
    HistoryNotice.RecordingGoesOn -> stringResource(R.string.session_play_not_now)
    HistoryNotice.NoPicker -> stringResource(R.string.picker_missing)
    HistoryNotice.NotRead -> stringResource(R.string.history_not_read_title) + ". " + stringResource(R.string.history_not_read)
    HistoryNotice.NotStored -> stringResource(R.string.history_not_stored)
}

@Composable
private fun HistoryNotice.Imported.words(): String {
    val imported = pluralStringResource(R.plurals.history_imported, added, added)
    if (known == 0) return imported
    return stringResource(R.string.history_facts, imported, pluralStringResource(R.plurals.history_known, known, known))
}

@get:StringRes
private val ArchiveProblem.sentence: Int
    get() = when (this) {
        ArchiveProblem.Unreadable -> R.string.import_unreadable
        ArchiveProblem.NotOurs -> R.string.import_not_ours
        ArchiveProblem.Newer -> R.string.import_newer
        ArchiveProblem.Incomplete -> R.string.import_incomplete
        ArchiveProblem.NoRoom -> R.string.import_no_room
    }
