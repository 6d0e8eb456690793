package app.undertone.history

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.BoxWithConstraints
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.calculateEndPadding
import androidx.compose.foundation.layout.calculateStartPadding
import androidx.compose.foundation.layout.fillMaxHeight
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.LazyListScope
import androidx.compose.foundation.lazy.LazyListState
import androidx.compose.foundation.lazy.items
import androidx.compose.foundation.lazy.rememberLazyListState
import androidx.compose.foundation.shape.CircleShape
import androidx.compose.material3.FilledTonalButton
import androidx.compose.material3.Icon
import androidx.compose.material3.IconButton
import androidx.compose.material3.LinearProgressIndicator
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.material3.TextField
import androidx.compose.material3.TextFieldDefaults
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.platform.LocalLayoutDirection
import androidx.compose.ui.res.painterResource
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.Dp
import androidx.compose.ui.unit.dp
import app.undertone.R
import app.undertone.history.export.ExportFormat
import app.undertone.model.HistoryFilter
import app.undertone.model.Session
import app.undertone.theme.hasLargeFont
import app.undertone.ui.DeletionDialog
import app.undertone.ui.LocalHasRail
import app.undertone.ui.NothingHere
import app.undertone.ui.READING_WIDTH
import app.undertone.ui.dayHeading
import app.undertone.ui.navigationScrim
import app.undertone.ui.pageWidth

/** What can be done on the History screen. */
class HistoryCallbacks(
    val onBack: () -> Unit = {},
    val onListen: () -> Unit = {},
    val onFile: () -> Unit = {},
    val onOpen: (Long) -> Unit = {},
    val onReadAgain: () -> Unit = {},
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
    val list = rememberLazyListState()
    val choicesList = rememberLazyListState()
    HistoryScaffold(
        title = stringResource(R.string.history_title),
        onBack = callbacks.onBack.takeUnless { LocalHasRail.current },
        notice = state.notice,
        zone = state.zone,
        onUndo = callbacks.onUndo,
        onNoticeShown = callbacks.onNoticeShown,
        modifier = modifier,
        isScrolled = { state.hasSessions && (list.canScrollBackward || choicesList.canScrollBackward) },
        actions = {
            IconButton(callbacks.onFile) { Icon(painterResource(R.drawable.ic_audio_file), stringResource(R.string.history_hear_file)) }
        },
        menu = menu(state, callbacks),
    ) { insets ->
        val direction = LocalLayoutDirection.current
        val rest = PaddingValues(
            start = insets.calculateStartPadding(direction),
            end = insets.calculateEndPadding(direction),
            bottom = insets.calculateBottomPadding(),
        )
        Column(Modifier.fillMaxSize().padding(top = insets.calculateTopPadding()), horizontalAlignment = Alignment.CenterHorizontally) {
            if (state.isMoving) Moving(Modifier.pageWidth().padding(top = 8.dp, bottom = 12.dp))
            when {
                state.isLoading -> Unit
                state.isNotRead -> NotRead(callbacks.onReadAgain, Modifier.padding(rest))
                !state.hasSessions -> EmptyHistory(callbacks.onListen, Modifier.padding(rest))
                else -> Sessions(state, callbacks, shownId, list, choicesList, rest)
            }
        }
    }
    if (state.asksToDeleteEverything) {
        DeletionDialog(
            stringResource(R.string.delete_question),
            stringResource(R.string.delete_question_explained),
            stringResource(R.string.delete_everything),
            onConfirm = callbacks.onDeleteEverything,
            onDismiss = callbacks.onKeepEverything,
        )
    }
}

private fun menu(state: HistoryUiState, callbacks: HistoryCallbacks): List<MenuItem> {
    val import = MenuItem(R.string.history_import_archive, onClick = callbacks.onImportArchive)
    return when {
        state.isLoading || state.isMoving || state.isNotRead -> emptyList()
        !state.hasSessions -> listOf(import)
        else -> listOf(
            MenuItem(R.string.history_export_everything_csv) { callbacks.onExport(ExportFormat.Csv) },
            MenuItem(R.string.history_export_everything_json) { callbacks.onExport(ExportFormat.Json) },
            MenuItem(R.string.history_export_archive, onClick = callbacks.onExportArchive),
            import,
            MenuItem(R.string.delete_everything, isFinal = true, onClick = callbacks.onAskToDeleteEverything),
        )
    }
}

@Composable
private fun Moving(modifier: Modifier) {
    Column(modifier, Arrangement.spacedBy(8.dp)) {
        LinearProgressIndicator(Modifier.fillMaxWidth().clearAndSetSemantics {})
        Text(
            stringResource(R.string.history_moving),
            Modifier.semantics { liveRegion = LiveRegionMode.Polite },
            style = MaterialTheme.typography.bodyMedium,
            color = MaterialTheme.colorScheme.onSurfaceVariant,
        )
    }
}

/** On a low screen, where search and week would leave no room to any recording, these stand beside the list. */
@Composable
private fun Sessions(
    state: HistoryUiState,
    callbacks: HistoryCallbacks,
    shownId: Long?,
    list: LazyListState,
    choicesList: LazyListState,
    insets: PaddingValues,
) = BoxWithConstraints {
    if (maxHeight >= LOW_BELOW || maxWidth < BESIDE_FROM) {
        SessionList(state, callbacks, shownId, list, insets) { choices(state, callbacks, DAY_HEIGHT) }
    } else {
        val direction = LocalLayoutDirection.current
        val (start, end) = insets.calculateStartPadding(direction) to insets.calculateEndPadding(direction)
        Row {
            LazyColumn(
                Modifier.weight(1f).fillMaxHeight(),
                choicesList,
                contentPadding = PaddingValues(start = start, bottom = insets.calculateBottomPadding() + 12.dp),
                verticalArrangement = Arrangement.spacedBy(12.dp),
            ) { choices(state, callbacks, LOW_DAY_HEIGHT) }
            // The first day is level with the search.
            val rest = PaddingValues(top = 6.dp, end = end, bottom = insets.calculateBottomPadding())
            SessionList(state, callbacks, shownId, list, rest, Modifier.weight(1f))
        }
    }
}

/** What limits the list. */
private fun LazyListScope.choices(state: HistoryUiState, callbacks: HistoryCallbacks, dayHeight: Dp) {
    item(key = "search") {
        SearchField(state.filter.query, { callbacks.onFilter(state.filter.copy(query = it)) }, Modifier.pageWidth())
    }
    if (state.week.any { it.speechMs > 0 }) {
        item(key = "week") {
            WeekCard(state.week, state.filter.day, { callbacks.onFilter(state.filter.copy(day = it)) }, dayHeight, Modifier.pageWidth())
        }
    }
    item(key = "chips") { FilterChips(state.filter, state.tags, callbacks.onFilter, Modifier.widthIn(max = READING_WIDTH)) }
}

@Composable
private fun SessionList(
    state: HistoryUiState,
    callbacks: HistoryCallbacks,
    shownId: Long?,
    list: LazyListState,
    insets: PaddingValues,
    modifier: Modifier = Modifier,
    above: LazyListScope.() -> Unit = {},
) {
    LazyColumn(
        modifier.fillMaxSize().navigationScrim(),
        list,
        contentPadding = insets,
        verticalArrangement = Arrangement.spacedBy(12.dp),
        horizontalAlignment = Alignment.CenterHorizontally,
    ) {
        above()
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
        FilledTonalButton(onShowAll, Modifier.heightIn(min = 48.dp)) { Text(stringResource(R.string.history_show_all)) }
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

/** Phones on their side. */
private val LOW_BELOW = 400.dp
private val BESIDE_FROM = 600.dp

private val DAY_HEIGHT = 88.dp

/** The chips below the week are in sight, too. */
private val LOW_DAY_HEIGHT = 40.dp
