package app.undertone.history

import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.setValue
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.semantics.SemanticsActions
import androidx.compose.ui.semantics.SemanticsNode
import androidx.compose.ui.semantics.SemanticsProperties
import androidx.compose.ui.semantics.getOrNull
import androidx.compose.ui.test.assertIsDisplayed
import androidx.compose.ui.test.assertIsEnabled
import androidx.compose.ui.test.assertIsNotEnabled
import androidx.compose.ui.test.assertIsSelected
import androidx.compose.ui.test.hasClickAction
import androidx.compose.ui.test.hasScrollToIndexAction
import androidx.compose.ui.test.hasSetTextAction
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.isHeading
import androidx.compose.ui.test.isSelectable
import androidx.compose.ui.test.junit4.v2.createComposeRule
import androidx.compose.ui.test.onAllNodesWithText
import androidx.compose.ui.test.onFirst
import androidx.compose.ui.test.onNodeWithContentDescription
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.performScrollTo
import androidx.compose.ui.test.performScrollToIndex
import androidx.compose.ui.test.performScrollToNode
import androidx.compose.ui.test.performSemanticsAction
import androidx.compose.ui.test.performTextInput
import androidx.compose.ui.test.performTouchInput
import androidx.compose.ui.test.swipeLeft
import androidx.compose.ui.test.swipeRight
import androidx.compose.ui.unit.Density
import androidx.compose.ui.unit.dp
import app.undertone.model.Emotion
import app.undertone.model.HistoryFilter
import app.undertone.session.PlaybackState
import app.undertone.session.PlaybackStatus
import app.undertone.session.SessionDetailCallbacks
import app.undertone.session.SessionDetailScreen
import app.undertone.session.SessionDialog
import app.undertone.theme.UndertoneTheme
import app.undertone.ui.LANDSCAPE
import app.undertone.ui.name
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config
import java.time.LocalDate
import kotlin.test.assertEquals
import kotlin.test.assertTrue

@RunWith(RobolectricTestRunner::class)
class HistoryAccessibilityTest {
    @get:Rule
    val compose = createComposeRule()

    private var list by mutableStateOf(HistoryStates.list)
    private var detail by mutableStateOf(HistoryStates.paused)
    private val done = mutableListOf<Any?>()

    private fun show(fontScale: Float = 1f, screen: @Composable () -> Unit) = compose.setContent {
        CompositionLocalProvider(LocalDensity provides Density(LocalDensity.current.density, fontScale)) {
            UndertoneTheme(usesDynamicColor = false, content = screen)
        }
    }

    private fun showList(fontScale: Float = 1f) = show(fontScale) {
        HistoryScreen(
            list,
            HistoryCallbacks(
                onListen = { done += "listen" },
                onOpen = { done += it },
                onReadAgain = { done += "read again" },
                onFilter = { done += it },
                onDelete = { done += it.id },
                onUndo = { done += "undo" },
                onAskToDeleteEverything = { done += "ask" },
                onDeleteEverything = { done += "delete everything" },
                onExportArchive = { done += "export archive" },
                onImportArchive = { done += "import archive" },
            ),
        )
    }

    private fun showDetail(fontScale: Float = 1f) = show(fontScale) {
        SessionDetailScreen(
            detail,
            SessionDetailCallbacks(
                onAsk = { done += it },
                onDismissDialog = { done += "dismissed" },
                onRename = { done += it },
                onCorrect = { segment, emotion -> done += segment.id to emotion },
                onSeek = { done += it },
                onPlayFrom = { done += it },
                onTogglePlayback = { done += "toggle" },
                onSpeed = { done += it },
                onDeleteMark = { done += it },
                onUndo = { done += "undo" },
            ),
        )
    }

    private fun scrollToNode(words: String) = compose.onNode(hasScrollToIndexAction()).performScrollToNode(hasText(words))

    @Test
    fun `everything that can be tapped in the list is at least 48 dp and says what it does`() {
        showList()
        for (state in listOf(HistoryStates.list, HistoryStates.empty, HistoryStates.noMatch, HistoryStates.asksToDeleteEverything)) {
            list = state
            assertTappable()
        }
    }

    @Test
    fun `everything that can be tapped on a session's page is at least 48 dp and says what it does`() {
        showDetail()
        for (state in listOf(HistoryStates.paused, HistoryStates.markedWithoutSpeech, HistoryStates.correcting)) {
            detail = state
            assertTappable()
        }
        detail = HistoryStates.marked
        compose.onNode(hasScrollToIndexAction()).performScrollToIndex(3)
        assertTappable()
    }

    @Test
    fun `days and titles are headings, and a card is read out as one`() {
        showList()
        compose.onNode(hasText("Today") and isHeading()).assertIsDisplayed()
        compose.onNode(hasText("Started neutral, turned happy, ended sad") and hasClickAction()).assertIsDisplayed()
        val card = compose.onNode(hasText("Interview at the office") and hasClickAction())
        val words = card.fetchSemanticsNode().words()
        for (part in listOf("9:12", "1:02:05", "work")) assertTrue(part in words, "$part in $words")
        card.performClick()
        val actions = card.fetchSemanticsNode().config[SemanticsActions.CustomActions]
        assertEquals(listOf("Delete Interview at the office"), actions.map { it.label })
        compose.runOnUiThread { actions.single().action() }
        assertEquals(listOf<Any?>(2L, 2L), done)
    }

    @Test
    fun `a card that is swiped aside is deleted, to either side, and one that comes back lies in its place`() {
        showList()
        val card = compose.onNode(hasText("Interview at the office") and hasClickAction())
        val left = card.fetchSemanticsNode().boundsInRoot.left
        card.performTouchInput { swipeLeft() }
        compose.waitForIdle()
        card.performTouchInput { swipeRight() }
        compose.waitForIdle()
        assertEquals(listOf<Any?>(2L, 2L), done)
        assertEquals(left, card.fetchSemanticsNode().boundsInRoot.left)
    }

    @Test
    fun `a day of the week says what was heard, and limits the list until it is tapped again`() {
        showList()
        val day = compose.onNodeWithContentDescription("Sunday, November 22", substring = true)
        val words = day.fetchSemanticsNode().words()
        for (part in listOf("18 min", "Angry", "Not sure")) assertTrue(part in words, "$part in $words")
        day.performClick()
        val chosen = HistoryFilter(day = LocalDate.of(2026, 11, 22))
        list = list.copy(filter = chosen)
        compose.onNodeWithText("Sunday").assertIsDisplayed()
        day.assertIsSelected().performClick()
        assertEquals(listOf<Any?>(chosen, HistoryFilter()), done)
    }

    @Test
    fun `days of another year stand with it`() {
        list = list.copy(today = list.today.plusYears(1))
        showList()
        compose.onAllNodesWithText(", 2026", substring = true).onFirst().assertExists()
    }

    @Test
    fun `emotions and tags are chosen and left with a tap`() {
        showList()
        compose.onNode(hasText("Happy") and isSelectable()).performClick()
        list = HistoryStates.filtered.copy(filter = HistoryFilter(emotions = setOf(Emotion.Happy)))
        compose.onNode(hasText("Happy") and isSelectable()).assertIsSelected().performClick()
        compose.onNode(hasText("work") and isSelectable()).performScrollTo().performClick()
        val chosen = setOf(Emotion.Happy)
        assertEquals(listOf<Any?>(HistoryFilter(emotions = chosen), HistoryFilter(), HistoryFilter(emotions = chosen, tags = setOf("work"))), done)
    }

    @Test
    fun `where nothing matches, one tap shows everything`() {
        list = HistoryStates.noMatch
        showList()
        compose.onNodeWithText("Show all").performClick()
        assertEquals(listOf<Any?>(HistoryFilter()), done)
    }

    @Test
    fun `an empty history leads to listening, a deletion to undoing it`() {
        list = HistoryStates.empty
        showList()
        compose.onNodeWithText("Start recording").performClick()
        list = HistoryStates.deleted
        compose.onNodeWithText("Interview at the office deleted").assertIsDisplayed()
        compose.onNodeWithText("Undo").performClick()
        compose.waitForIdle()
        assertEquals(listOf<Any?>("listen", "undo"), done)
    }

    @Test
    fun `everything is deleted in two steps`() {
        showList()
        compose.onNodeWithContentDescription("More").performClick()
        compose.onNodeWithText("Delete everything").performClick()
        list = HistoryStates.asksToDeleteEverything
        compose.onNodeWithText("Delete everything").performClick()
        assertEquals(listOf<Any?>("ask", "delete everything"), done)
    }

    @Test
    fun `charts are phrases`() {
        showDetail()
        compose.onNodeWithContentDescription("Happy, 2 moments, 20 sec").assertExists()
        scrollToNode("Neutral 20\u00a0%")
        scrollToNode("The tone changed 3 times")
    }

    @Test
    fun `an empty history is where another phone's is imported, and a full one is exported for a new phone`() {
        list = HistoryStates.empty
        showList()
        compose.onNodeWithContentDescription("More").performClick()
        compose.onNodeWithText("Delete everything").assertDoesNotExist()
        compose.onNodeWithText("Import from another phone").performClick()
        list = HistoryStates.list
        for (words in listOf("Export everything for a new phone", "Import from another phone")) {
            compose.onNodeWithContentDescription("More").performClick()
            compose.onNodeWithText(words).performClick()
        }
        assertEquals(listOf<Any?>("import archive", "export archive", "import archive"), done)
        // Not a second one while it goes on.
        list = HistoryStates.list.copy(isMoving = true)
        compose.onNodeWithContentDescription("More").assertDoesNotExist()
        compose.onNodeWithText("Working on the history file").assertIsDisplayed()
    }

    @Test
    fun `a history that cannot be read is not called empty, and is read again on demand`() {
        list = HistoryStates.notRead
        showList()
        compose.onNodeWithText("Nothing here yet").assertDoesNotExist()
        compose.onNodeWithText("Try again").performClick()
        assertEquals(listOf<Any?>("read again"), done)
    }

    @Test
    @Config(qualifiers = LANDSCAPE)
    fun `on a low screen a recording is in sight beside the week, without scrolling`() {
        showList()
        compose.onNodeWithText("Interview at the office").assertIsDisplayed()
        compose.onNodeWithText("This week").assertIsDisplayed()
    }

    @Test
    fun `where kept audio cannot be played, the page says so and has no player`() {
        detail = HistoryStates.playbackFailed
        showDetail()
        compose.onNodeWithText("The kept audio cannot be played", substring = true).assertIsDisplayed()
        compose.onNodeWithContentDescription("Play").assertDoesNotExist()
    }

    @Test
    fun `what is missing of an interrupted recording is a sentence of its own`() {
        detail = HistoryStates.interrupted
        showDetail()
        compose.onNodeWithText("Today · 2:03", substring = true).assertIsDisplayed()
        compose.onNodeWithText("Interrupted, the end is missing").assertIsDisplayed()
    }

    @Test
    fun `that kept audio is missing is said once, and nothing offers to share it`() {
        detail = HistoryStates.audioMissing.run { copy(session = session?.copy(audioFile = "1.m4a")) }
        showDetail()
        compose.onNodeWithText("The kept audio cannot be read", substring = true).assertDoesNotExist()
        compose.onNodeWithContentDescription("More").performClick()
        compose.onNodeWithText("Share the audio").assertDoesNotExist()
        compose.onNodeWithText("Rename").assertIsDisplayed()
    }

    @Test
    fun `the ribbon says which part it shows, and is zoomed and moved without a gesture`() {
        showDetail()
        compose.onNodeWithContentDescription("Timeline, from 0:00 to 1:35 of 1:35").assertExists()
        compose.onNodeWithContentDescription("Zoom out").assertIsNotEnabled()
        compose.onNodeWithContentDescription("Zoom in").performClick()
        val zoomed = compose.onNodeWithContentDescription("Timeline, from 0:23 to 1:11 of 1:35").assertExists()
        compose.onNodeWithContentDescription("Zoom out").assertIsEnabled()
        zoomed.performSemanticsAction(SemanticsActions.ScrollBy) { it(10_000f, 0f) }
        compose.onNodeWithContentDescription("Timeline, from 0:47 to 1:35 of 1:35").assertExists()
    }

    @Test
    fun `the ribbon turns the page when playback leaves it`() {
        showDetail()
        compose.onNodeWithContentDescription("Zoom in").performClick()
        compose.onNodeWithContentDescription("Zoom in").performClick()
        detail = HistoryStates.playing.copy(playback = PlaybackState(PlaybackStatus.Playing, positionMs = 1_000, lengthMs = 95_000))
        compose.onNodeWithContentDescription("Timeline, from 0:01 to 0:24 of 1:35").assertExists()
    }

    @Test
    fun `a tap on the timeline plays from there, one on a moment opens it, where audio was kept to be played`() {
        showDetail()
        compose.onNodeWithContentDescription("Timeline, from 0:00 to 1:35 of 1:35").performClick()
        scrollToNode("0:21")
        compose.onNode(hasText("0:21") and hasClickAction()).performSemanticsAction(SemanticsActions.OnClick)
        compose.onNodeWithContentDescription("Play").performClick()
        detail = HistoryStates.correcting
        compose.onNodeWithText("Play from here").performClick()
        assertEquals(listOf<Any?>(47_500L, SessionDialog.Moment(3), "toggle", "dismissed", 61_400L), done)

        detail = HistoryStates.silent.copy(dialog = SessionDialog.Moment(7))
        compose.onNodeWithText("Play from here").assertDoesNotExist()
        compose.onNodeWithContentDescription("Play").assertDoesNotExist()
    }

    @Test
    fun `a mark is a row at its time that leads there where there is audio, and is deleted with one tap and brought back with another`() {
        detail = HistoryStates.marked
        showDetail()
        compose.onNodeWithContentDescription("2 marks").assertExists()
        scrollToNode("Marked by you")
        val (first, second) = HistoryStates.marked.marks
        val row = compose.onNode(hasText("0:01") and hasText("Marked by you"))
        row.performSemanticsAction(SemanticsActions.OnClick)
        compose.onNodeWithContentDescription("Delete the mark at 0:01").performSemanticsAction(SemanticsActions.OnClick)
        scrollToNode("0:41")
        compose.onNodeWithContentDescription("Delete the mark at 0:41").performSemanticsAction(SemanticsActions.OnClick)
        detail = HistoryStates.markDeleted
        compose.onNodeWithText("Mark at 0:41 deleted").assertIsDisplayed()
        compose.onNodeWithText("Undo").performClick()
        compose.waitForIdle()
        assertEquals(listOf<Any?>(1_200L, first, second, "undo"), done)

        detail = HistoryStates.markedWithoutSpeech
        compose.onNodeWithText("Marked by you").performScrollTo().assertIsDisplayed()
        compose.onNode(hasText("Marked by you") and hasClickAction()).assertDoesNotExist()
    }

    @Test
    fun `the player has three speeds, one after the other`() {
        showDetail()
        compose.onNodeWithContentDescription("Speed 1×").performClick()
        detail = HistoryStates.paused.run { copy(playback = playback.copy(speed = 1.5f)) }
        compose.onNodeWithContentDescription("Speed 1.5×").performClick()
        detail = HistoryStates.paused.run { copy(playback = playback.copy(speed = 2f)) }
        compose.onNodeWithContentDescription("Speed 2×").performClick()
        assertEquals(listOf<Any?>(1.5f, 2f, 1f), done)
    }

    @Test
    fun `the player steps by ten seconds and by moments, and not beyond the ends`() {
        showDetail()
        detail = HistoryStates.playing
        for (step in listOf("10 seconds back", "10 seconds forward", "Previous moment", "Next moment")) {
            compose.onNodeWithContentDescription(step).performClick()
        }
        detail = HistoryStates.paused
        compose.onNodeWithContentDescription("10 seconds back").performClick()
        compose.onNodeWithContentDescription("Previous moment").assertIsNotEnabled()
        assertEquals(listOf<Any?>(14_000L, 34_000L, 21_000L, 30_500L, 0L), done)
    }

    @Test
    fun `moments that sound the same are one row, which says when, what, how sure, how long, and what was corrected`() {
        fun row(time: String): String {
            scrollToNode(time)
            return compose.onNode(hasText(time) and hasClickAction()).fetchSemanticsNode().words()
        }
        showDetail()
        assertEquals("0:02, Neutral, Likely\u00a0· 84\u00a0%, 17 sec", row("0:02"))
        assertEquals("0:30, Not sure, Maybe angry\u00a0· 39\u00a0%, 3 sec", row("0:30"))
        assertEquals("1:01, Sad, Corrected from Happy, 7 sec", row("1:01"))
        compose.onNode(hasText("0:14")).assertDoesNotExist()
    }

    @Test
    fun `a correction is chosen with a tap, and taken back with another, from moment to moment`() {
        detail = HistoryStates.correcting
        showDetail()
        compose.onNode(hasText("Sounds happy")).assertExists()
        compose.onNode(hasText("Neutral") and isSelectable()).performClick()
        compose.onNode(hasText("Sad") and isSelectable()).assertIsSelected().performClick()
        compose.onNodeWithText("Previous").performClick()
        compose.onNodeWithText("Next").performClick()
        assertEquals(listOf<Any?>(7L to Emotion.Neutral, 7L to null, SessionDialog.Moment(6), SessionDialog.Moment(8)), done)
    }

    @Test
    fun `the name stands in the bar once it is scrolled away`() {
        showDetail()
        compose.onNode(hasText("Interview at the office") and isHeading()).assertIsDisplayed()
        compose.onNode(hasScrollToIndexAction()).performScrollToIndex(3)
        compose.onNode(hasText("Interview at the office") and isHeading()).assertIsDisplayed()
        compose.onNodeWithContentDescription("Timeline, from 0:00 to 1:35 of 1:35").assertIsDisplayed()
    }

    @Test
    @Config(qualifiers = SIZE_FOR_TYPING)
    fun `where a name or tags are typed, everything that can be tapped is at least 48 dp and says what it does`() {
        detail = HistoryStates.renaming
        showDetail()
        assertTappable()
        detail = HistoryStates.tagging
        assertTappable()
    }

    @Test
    @Config(qualifiers = SIZE_FOR_TYPING)
    fun `the name that is typed is saved`() {
        detail = HistoryStates.renaming.copy(session = HistoryStates.silent.session?.copy(title = null))
        showDetail()
        compose.onNode(hasText("Name") and hasSetTextAction()).performTextInput("Monday")
        compose.onNodeWithText("Save").performClick()
        assertEquals(listOf<Any?>("Monday"), done)
    }

    @Test
    fun `at 200 percent everything is reached by scrolling`() {
        showList(fontScale = 2f)
        scrollToNode("مكالمة الصباح")
        compose.onNodeWithText("مكالمة الصباح").assertIsDisplayed()
    }

    private fun assertTappable() {
        val nodes = compose.onAllNodes(hasClickAction()).fetchSemanticsNodes()
        assertTrue(nodes.isNotEmpty())
        // A chip beside the screen has no place to be tapped until it is scrolled there.
        for (node in nodes.filterNot { it.boundsInRoot.isEmpty }) {
            // What scrolls out of sight is cut by the edge, and whole when it is back.
            val touch = with(compose.density) {
                node.touchBoundsInRoot.run { minOf(maxOf(width, node.size.width.toFloat()), maxOf(height, node.size.height.toFloat())).toDp() }
            }
            assertTrue(touch >= 47.5.dp, "${node.words()} is $touch")
            assertTrue(node.words().isNotBlank(), "a tappable thing without words")
        }
    }

    private fun SemanticsNode.words(): String {
        val typed = listOfNotNull(config.getOrNull(SemanticsProperties.EditableText)?.text)
        val read = config.getOrNull(SemanticsProperties.Text).orEmpty().map { it.text }
        return (read + typed + config.getOrNull(SemanticsProperties.ContentDescription).orEmpty()).joinToString()
    }
}
