package app.undertone.history

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.LazyListScope
import androidx.compose.foundation.lazy.items
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.shape.CircleShape
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.AlertDialog
import androidx.compose.material3.Button
import androidx.compose.material3.ButtonDefaults
import androidx.compose.material3.FilledTonalButton
import androidx.compose.material3.Icon
import androidx.compose.material3.IconButton
import androidx.compose.material3.LinearProgressIndicator
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.material3.TextButton
import androidx.compose.material3.TextField
import androidx.compose.material3.TextFieldDefaults
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.Color
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
import app.undertone.history.export.ExportFormat
import app.undertone.model.HistoryFilter
import app.undertone.model.Session
import app.undertone.theme.hasLargeFont
import app.undertone.ui.LocalHasRail
import app.undertone.ui.NothingHere
import app.undertone.ui.READING_WIDTH
import app.undertone.ui.dayHeading
import app.undertone.ui.pageWidth

/** What can be done on the History screen. */
class HistoryCallbacks(
    val onBack: () -> Unit = {},
    val onListen: () -> Unit = {},
    val onFile: () -> Unit = {},
    val onOpen: (Long) -> Unit = {},
    val onEndShown: () -> Unit = {},
    val onFilter: (HistoryFilter) -> Unit = {},
    val onDelete: (Session) -> Unit = {},
    val onUndo: () -> Unit = {},
    val onNoticeShown: (HistoryNotice) -> Unit = {},
    val onAskToDeleteEverything: () -> Unit = {},
    val onKeepEverything: () -> Unit = {},
    val onDeleteEverything: () -> Unit = {},
    val onExport: (ExportFormat) -> Unit = {},
    val onExportArchive: () -> Unit = {},
    val onImportArchive: () -> Unit = {},
)

/**
 * Every session, by day.
 *
 * @param shownId of the session whose page stands beside the list; null where there is none.
 */
@Composable
fun HistoryScreen(state: HistoryUiState, callbacks: HistoryCallbacks, modifier: Modifier = Modifier, shownId: Long? = null) {
    HistoryScaffold(
        title = stringResource(R.string.history_title),
        onBack = callbacks.onBack.takeUnless { LocalHasRail.current },
        notice = state.notice,
        zone = state.zone,
        onUndo = callbacks.onUndo,
        onNoticeShown = callbacks.onNoticeShown,
        modifier = modifier,
        actions = {
            IconButton(callbacks.onFile) { Icon(painterResource(R.drawable.ic_audio_file), stringResource(R.string.history_hear_file)) }
        },
        menu = menu(state, callbacks),
    ) { insets ->
        when {
            state.isLoading -> Unit
            !state.hasSessions -> EmptyHistory(callbacks.onListen, Modifier.padding(insets))
            else -> Sessions(state, callbacks, shownId, insets)
        }
        if (state.isMoving) Moving(insets)
    }
    if (state.asksToDeleteEverything) {
        AlertDialog(
            onDismissRequest = callbacks.onKeepEverything,
            title = { Text(stringResource(R.string.history_delete_everything_question)) },
            text = { Text(stringResource(R.string.history_delete_everything_consequence)) },
            confirmButton = {
                TextButton(
                    callbacks.onDeleteEverything,
                    colors = ButtonDefaults.textButtonColors(contentColor = MaterialTheme.colorScheme.error),
                ) { Text(stringResource(R.string.history_delete_everything)) }
            },
            dismissButton = { TextButton(callbacks.onKeepEverything) { Text(stringResource(R.string.history_cancel)) } },
        )
    }
}

private fun menu(state: HistoryUiState, callbacks: HistoryCallbacks): List<MenuItem> {
    val import = MenuItem(R.string.history_import_archive, callbacks.onImportArchive)
    return when {
        state.isLoading || state.isMoving -> emptyList()
        !state.hasSessions -> listOf(import)
        else -> listOf(
            MenuItem(R.string.history_export_everything_csv) { callbacks.onExport(ExportFormat.Csv) },
            MenuItem(R.string.history_export_everything_json) { callbacks.onExport(ExportFormat.Json) },
            MenuItem(R.string.history_export_archive, callbacks.onExportArchive),
            import,
            MenuItem(R.string.history_delete_everything, callbacks.onAskToDeleteEverything),
        )
    }
}

@Composable
private fun Moving(insets: PaddingValues) {
    val words = stringResource(R.string.history_moving)
    LinearProgressIndicator(Modifier.fillMaxWidth().padding(insets).semantics { contentDescription = words })
}

@Composable
private fun Sessions(state: HistoryUiState, callbacks: HistoryCallbacks, shownId: Long?, insets: PaddingValues) {
    LazyColumn(
        Modifier.fillMaxSize(),
        contentPadding = insets,
        verticalArrangement = Arrangement.spacedBy(12.dp),
        horizontalAlignment = Alignment.CenterHorizontally,
    ) {
        item(key = "search") {
            SearchField(state.filter.query, { callbacks.onFilter(state.filter.copy(query = it)) }, Modifier.pageWidth())
        }
        if (state.week.any { it.speechMs > 0 }) {
            item(key = "week") {
                WeekCard(state.week, state.filter.day, { callbacks.onFilter(state.filter.copy(day = it)) }, Modifier.pageWidth())
            }
        }
        item(key = "chips") { FilterChips(state.filter, state.tags, callbacks.onFilter, Modifier.widthIn(max = READING_WIDTH)) }
        if (state.days.isEmpty()) item(key = "no match") { NoMatch({ callbacks.onFilter(HistoryFilter()) }, Modifier.pageWidth()) }
        for (day in state.days) day(day, state, callbacks, shownId)
        item(key = "end") {
            LaunchedEffect(state.sessionCount) { callbacks.onEndShown() }
            Box(Modifier.padding(bottom = 4.dp))
        }
    }
}

@Composable
private fun NoMatch(onShowAll: () -> Unit, modifier: Modifier) {
    Column(modifier.padding(top = 24.dp), Arrangement.spacedBy(12.dp), Alignment.CenterHorizontally) {
        if (!LocalDensity.current.hasLargeFont) NothingHere(R.drawable.ic_search)
        Text(
            stringResource(R.string.history_no_match),
            Modifier.semantics { liveRegion = LiveRegionMode.Polite },
            style = MaterialTheme.typography.titleLarge,
            textAlign = TextAlign.Center,
        )
        FilledTonalButton(onShowAll) { Text(stringResource(R.string.history_show_all)) }
    }
}

private fun LazyListScope.day(day: HistoryDay, state: HistoryUiState, callbacks: HistoryCallbacks, shownId: Long?) {
    item(key = day.date.toString(), contentType = "day") {
        Text(
            dayHeading(day.date, state.today),
            Modifier.pageWidth().padding(top = 8.dp).semantics { heading() },
            style = MaterialTheme.typography.titleLarge,
            textAlign = TextAlign.Start,
        )
    }
    items(day.sessions, key = { it.session.id }, contentType = { "session" }) { summary ->
        SessionCard(
            summary,
            state.zone,
            onOpen = { callbacks.onOpen(summary.session.id) },
            onDelete = { callbacks.onDelete(summary.session) },
            Modifier.pageWidth().animateItem(),
            isChosen = summary.session.id == shownId,
        )
    }
}

@Composable
private fun SearchField(query: String, onSearch: (String) -> Unit, modifier: Modifier) {
    val container = MaterialTheme.colorScheme.surfaceContainerHigh
    TextField(
        value = query,
        onValueChange = onSearch,
        modifier = modifier,
        placeholder = { Text(stringResource(R.string.history_search)) },
        leadingIcon = { Icon(painterResource(R.drawable.ic_search), null) },
        trailingIcon = {
            if (query.isNotEmpty()) {
                IconButton({ onSearch("") }) { Icon(painterResource(R.drawable.ic_close), stringResource(R.string.history_clear_search)) }
            }
        },
        singleLine = true,
        shape = CircleShape,
        colors = TextFieldDefaults.colors(
            focusedContainerColor = container,
            unfocusedContainerColor = container,
            focusedIndicatorColor = Color.Transparent,
            unfocusedIndicatorColor = Color.Transparent,
        ),
    )
}

@Composable
private fun EmptyHistory(onListen: () -> Unit, modifier: Modifier) {
    Column(
        modifier.fillMaxSize().verticalScroll(rememberScrollState()).padding(horizontal = 24.dp, vertical = 12.dp),
        verticalArrangement = Arrangement.spacedBy(16.dp, Alignment.CenterVertically),
        horizontalAlignment = Alignment.CenterHorizontally,
    ) {
        if (!LocalDensity.current.hasLargeFont) {
            NothingHere(R.drawable.ic_history)
        }
        Text(
            stringResource(R.string.history_empty_title),
            Modifier.semantics { heading() },
            style = MaterialTheme.typography.headlineMedium,
            textAlign = TextAlign.Center,
        )
        Text(
            stringResource(R.string.history_empty),
            Modifier.widthIn(max = 480.dp),
            style = MaterialTheme.typography.bodyLarge,
            color = MaterialTheme.colorScheme.onSurfaceVariant,
            textAlign = TextAlign.Center,
        )
        Button(onListen, Modifier.padding(top = 8.dp)) { Text(stringResource(R.string.start_listening)) }
    }
}
