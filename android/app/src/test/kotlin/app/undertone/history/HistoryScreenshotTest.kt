package app.undertone.history

import androidx.compose.runtime.Composable
import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.semantics.SemanticsActions
import androidx.compose.ui.test.hasClickAction
import androidx.compose.ui.test.hasScrollToIndexAction
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.junit4.v2.createComposeRule
import androidx.compose.ui.test.onNodeWithContentDescription
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.performScrollToIndex
import androidx.compose.ui.test.performSemanticsAction
import androidx.compose.ui.test.performTouchInput
import androidx.compose.ui.unit.Dp
import androidx.compose.ui.unit.dp
import app.undertone.history.archive.ArchiveProblem
import app.undertone.session.SessionDetailCallbacks
import app.undertone.session.SessionDetailScreen
import app.undertone.session.SessionDetailUiState
import app.undertone.ui.Destination
import app.undertone.ui.LANDSCAPE
import app.undertone.ui.NavigationFrame
import app.undertone.ui.TABLET
import app.undertone.ui.captureScreen
import app.undertone.ui.name
import app.undertone.ui.show
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.annotation.Config

/** The history's screens and dialogs as pictures in `src/test/screenshots`; record them with -Pundertone.recordScreenshots. */
@RunWith(RobolectricTestRunner::class)
class HistoryScreenshotTest {
    @get:Rule
    val compose = createComposeRule()

    @Test
    fun list() = captureList("list", HistoryStates.list)

    @Test
    fun empty() = captureList("empty", HistoryStates.empty)

    @Test
    fun `no match`() = captureList("no_match", HistoryStates.noMatch)

    @Test
    fun filtered() = captureList("filtered", HistoryStates.filtered)

    @Test
    fun `no match, large font`() = captureList("no_match_large_font", HistoryStates.noMatch, fontScale = 2f)

    @Test
    fun `swiped aside`() = captureList("swiped", HistoryStates.list) {
        compose.onNode(hasText("Interview at the office") and hasClickAction()).performTouchInput {
            down(centerRight)
            moveBy(Offset(-0.1f * width, 0f))
            moveBy(Offset(-0.25f * width, 0f))
        }
    }

    @Test
    fun deleted() = captureList("deleted", HistoryStates.deleted)

    @Test
    fun `export failed`() = captureList("export_failed", HistoryStates.exportFailed)

    @Test
    @Config(qualifiers = "w360dp-h1500dp-mdpi")
    fun `every sentence`() = captureList("stories", HistoryStates.stories)

    @Test
    @Config(qualifiers = "de-w360dp-h1500dp-mdpi")
    fun `every sentence, German`() = captureList("stories_german", HistoryStates.stories)

    @Test
    @Config(qualifiers = "ar-w360dp-h1500dp-mdpi")
    fun `every sentence, Arabic`() = captureList("stories_arabic", HistoryStates.stories)

    @Test
    fun `history file at work`() = captureList("moving", HistoryStates.moving)

    @Test
    fun imported() = captureList("imported", HistoryStates.saying(HistoryNotice.Imported(added = 12, known = 3)))

    @Test
    @Config(qualifiers = "+ar")
    fun `imported, Arabic`() = captureList("imported_arabic", HistoryStates.saying(HistoryNotice.Imported(added = 12, known = 3)))

    @Test
    fun `import, unreadable`() = captureProblem("unreadable", ArchiveProblem.Unreadable)

    @Test
    @Config(qualifiers = "+de")
    fun `import, not ours, German`() = captureProblem("not_ours_german", ArchiveProblem.NotOurs)

    @Test
    fun `import, not ours`() = captureProblem("not_ours", ArchiveProblem.NotOurs)

    @Test
    fun `import, newer`() = captureProblem("newer", ArchiveProblem.Newer)

    @Test
    @Config(qualifiers = "+ar")
    fun `import, incomplete, Arabic`() = captureProblem("incomplete_arabic", ArchiveProblem.Incomplete)

    @Test
    fun `import, incomplete, large font`() = captureProblem("incomplete_large_font", ArchiveProblem.Incomplete, fontScale = 2f)

    @Test
    fun `import, no room`() = captureProblem("no_room", ArchiveProblem.NoRoom)

    @Test
    fun `not read`() = captureList("not_read", HistoryStates.notRead)

    @Test
    fun `no picker`() = captureList("no_picker", HistoryStates.saying(HistoryNotice.NoPicker))

    @Test
    fun `audio missing`() = captureDetail("detail_audio_missing", HistoryStates.audioMissing)

    @Test
    fun `not while it records`() = captureDetail("detail_play_not_now", HistoryStates.sayingOnPage(HistoryNotice.RecordingGoesOn))

    @Test
    @Config(qualifiers = "+de")
    fun `change not stored, German`() = captureDetail("detail_not_stored_german", HistoryStates.sayingOnPage(HistoryNotice.NotStored))

    @Test
    fun `exported, dark`() = captureDetail("detail_exported_dark", HistoryStates.sayingOnPage(HistoryNotice.Exported), isDark = true)

    @Test
    fun `page's menu`() = captureDetail("detail_menu", HistoryStates.shareable) { compose.onNodeWithContentDescription("More").performClick() }

    @Test
    fun `one tone`() = captureDetail("detail_steady", HistoryStates.steady) { scrollTo(CHARTS) }

    @Test
    fun menu() = captureList("menu", HistoryStates.list) { compose.onNodeWithContentDescription("More").performClick() }

    @Test
    fun `delete everything`() = captureList("delete_everything", HistoryStates.asksToDeleteEverything)

    @Test
    fun `list, dark`() = captureList("list_dark", HistoryStates.list, isDark = true)

    @Test
    fun `list, large font`() = captureList("list_large_font", HistoryStates.list, fontScale = 2f)

    @Test
    fun `empty, large font`() = captureList("empty_large_font", HistoryStates.empty, fontScale = 2f)

    @Test
    @Config(qualifiers = LANDSCAPE)
    fun `list, landscape`() = captureList("list_landscape", HistoryStates.list)

    @Test
    @Config(qualifiers = "+ar")
    fun `list, Arabic`() = captureList("list_arabic", HistoryStates.list)

    @Test
    @Config(qualifiers = "+ar")
    fun `delete everything, Arabic`() = captureList("delete_everything_arabic", HistoryStates.asksToDeleteEverything)

    @Test
    @Config(qualifiers = "+de")
    fun `list, German`() = captureList("list_german", HistoryStates.list)

    @Test
    fun detail() = captureDetail("detail", HistoryStates.silent)

    @Test
    fun `detail, zoomed`() = captureDetail("detail_zoomed", HistoryStates.playing) {
        compose.onNodeWithContentDescription("Zoom in").performClick()
    }

    @Test
    fun `detail, charts`() = captureDetail("detail_charts", HistoryStates.paused) { scrollTo(CHARTS) }

    @Test
    fun `detail, segments`() = captureDetail("detail_segments", HistoryStates.playing) { scrollTo(SEGMENTS) }

    @Test
    fun `detail, without speech`() = captureDetail("detail_without_speech", HistoryStates.withoutSpeech)

    @Test
    fun `detail, playback failed`() = captureDetail("detail_playback_failed", HistoryStates.playbackFailed)

    @Test
    fun marked() = captureDetail("detail_marked", HistoryStates.marked)

    @Test
    fun `marked, segments`() = captureDetail("detail_marked_segments", HistoryStates.marked) { scrollTo(SEGMENTS, PINNED_MARKED) }

    @Test
    fun `marked, segments, dark`() =
        captureDetail("detail_marked_segments_dark", HistoryStates.marked, isDark = true) { scrollTo(SEGMENTS, PINNED_MARKED) }

    @Test
    @Config(qualifiers = "+ar")
    fun `marked, segments, Arabic`() = captureDetail("detail_marked_segments_arabic", HistoryStates.marked) { scrollTo(SEGMENTS, PINNED_MARKED) }

    @Test
    fun `marked, segments, large font`() =
        captureDetail("detail_marked_segments_large_font", HistoryStates.marked, fontScale = 2f) { scrollTo(SEGMENTS, pinned = 0.dp) }

    @Test
    @Config(qualifiers = "+de")
    fun `mark deleted, German`() = captureDetail("detail_mark_deleted_german", HistoryStates.markDeleted)

    @Test
    fun `marked, without speech`() = captureDetail("detail_marked_without_speech", HistoryStates.markedWithoutSpeech)

    @Test
    @Config(qualifiers = SIZE_FOR_TYPING)
    fun rename() = captureDetail("detail_rename", HistoryStates.renaming)

    @Test
    @Config(qualifiers = "land-$SIZE_FOR_TYPING")
    fun `rename, landscape`() = captureDetail("detail_rename_landscape", HistoryStates.renaming)

    @Test
    @Config(qualifiers = SIZE_FOR_TYPING)
    fun tags() = captureDetail("detail_tags", HistoryStates.tagging)

    @Test
    @Config(qualifiers = "land-$SIZE_FOR_TYPING")
    fun `tags, landscape`() = captureDetail("detail_tags_landscape", HistoryStates.tagging)

    @Test
    @Config(qualifiers = SIZE_FOR_TYPING)
    fun `tags, large font`() = captureDetail("detail_tags_large_font", HistoryStates.tagging, fontScale = 2f)

    @Test
    @Config(qualifiers = "de-$SIZE_FOR_TYPING")
    fun `tags, German`() = captureDetail("detail_tags_german", HistoryStates.tagging)

    @Test
    @Config(qualifiers = "ar-ldrtl-$SIZE_FOR_TYPING")
    fun `tags, Arabic`() = captureDetail("detail_tags_arabic", HistoryStates.tagging)

    @Test
    fun interrupted() = captureDetail("detail_interrupted", HistoryStates.interrupted)

    @Test
    fun `interrupted, dark`() = captureDetail("detail_interrupted_dark", HistoryStates.interrupted, isDark = true)

    @Test
    @Config(qualifiers = "+de")
    fun `cut short, German`() = captureDetail("detail_cut_short_german", HistoryStates.cutShort)

    @Test
    @Config(qualifiers = "+ar")
    fun `interrupted, Arabic`() = captureDetail("detail_interrupted_arabic", HistoryStates.interrupted)

    @Test
    @Config(qualifiers = "+de")
    fun `stopped after silence, German`() = captureDetail("detail_stopped_after_silence_german", HistoryStates.stoppedAfterSilence)

    @Test
    fun `an hour`() = captureDetail("detail_hour", HistoryStates.hour) { scrollTo(SEGMENTS, pinned = PINNED - 40.dp) }

    @Test
    @Config(qualifiers = "+ar")
    fun `correct, Arabic`() = captureDetail("detail_correct_arabic", HistoryStates.correcting)

    @Test
    @Config(qualifiers = LANDSCAPE)
    fun `without speech, landscape`() = captureDetail("detail_without_speech_landscape", HistoryStates.withoutSpeech)

    @Test
    fun correct() = captureDetail("detail_correct", HistoryStates.correcting)

    @Test
    fun `detail, dark`() = captureDetail("detail_dark", HistoryStates.playing, isDark = true)

    @Test
    fun `detail, segments, dark`() = captureDetail("detail_segments_dark", HistoryStates.playing, isDark = true) { scrollTo(SEGMENTS) }

    @Test
    fun `detail, large font`() = captureDetail("detail_large_font", HistoryStates.playing, fontScale = 2f)

    @Test
    fun `detail, segments, large font`() =
        captureDetail("detail_segments_large_font", HistoryStates.playing, fontScale = 2f) { scrollTo(SEGMENTS, pinned = 0.dp) }

    @Test
    fun `correct, large font`() = captureDetail("detail_correct_large_font", HistoryStates.correcting, fontScale = 2f)

    @Test
    @Config(qualifiers = LANDSCAPE)
    fun `detail, landscape`() = captureDetail("detail_landscape", HistoryStates.playing)

    @Test
    @Config(qualifiers = "+ar")
    fun `detail, Arabic`() = captureDetail("detail_arabic", HistoryStates.playing)

    @Test
    @Config(qualifiers = "+ar")
    fun `detail, segments, Arabic`() = captureDetail("detail_segments_arabic", HistoryStates.playing) { scrollTo(SEGMENTS) }

    @Test
    @Config(qualifiers = "+de")
    fun `detail, charts, German`() = captureDetail("detail_charts_german", HistoryStates.paused) { scrollTo(CHARTS) }

    @Test
    @Config(qualifiers = TABLET)
    fun tablet() = captureTablet("tablet")

    @Test
    @Config(qualifiers = TABLET)
    fun `tablet, dark`() = captureTablet("tablet_dark", isDark = true)

    @Test
    @Config(qualifiers = "ar-ldrtl-$TABLET")
    fun `tablet, Arabic`() = captureTablet("tablet_arabic")

    @Test
    @Config(qualifiers = TABLET)
    fun `tablet, empty`() = capture("history_tablet_empty", isDark = false, fontScale = 1f, act = {}) {
        NavigationFrame(Destination.History, onGo = {}) { HistoryScreen(HistoryStates.empty, HistoryCallbacks()) }
    }

    private fun captureTablet(name: String, isDark: Boolean = false) = capture("history_$name", isDark, fontScale = 1f, act = {}) {
        NavigationFrame(Destination.History, onGo = {}) {
            HistoryPanes(
                list = { HistoryScreen(HistoryStates.list, HistoryCallbacks(), shownId = 1) },
                page = { SessionDetailScreen(HistoryStates.first, SessionDetailCallbacks(), isPane = true) },
            )
        }
    }

    /** To just below what is [pinned]. */
    private fun scrollTo(item: Int, pinned: Dp = PINNED) {
        val list = compose.onNode(hasScrollToIndexAction())
        list.performScrollToIndex(item)
        val px = with(compose.density) { pinned.toPx() }
        list.performSemanticsAction(SemanticsActions.ScrollBy) { it(0f, -px) }
    }

    private fun captureList(name: String, state: HistoryUiState, isDark: Boolean = false, fontScale: Float = 1f, act: () -> Unit = {}) =
        capture("history_$name", isDark, fontScale, act) { HistoryScreen(state, HistoryCallbacks()) }

    private fun captureProblem(name: String, problem: ArchiveProblem, fontScale: Float = 1f) =
        captureList("import_$name", HistoryStates.saying(HistoryNotice.NotImported(problem)), fontScale = fontScale)

    private fun captureDetail(name: String, state: SessionDetailUiState, isDark: Boolean = false, fontScale: Float = 1f, act: () -> Unit = {}) =
        capture("history_$name", isDark, fontScale, act) { SessionDetailScreen(state, SessionDetailCallbacks()) }

    private fun capture(name: String, isDark: Boolean, fontScale: Float, act: () -> Unit, screen: @Composable () -> Unit) {
        // Dialogs take the font from the system, not from the screen below them.
        RuntimeEnvironment.setFontScale(fontScale)
        compose.show(isDark, fontScale, screen = screen)
        act()
        compose.waitForIdle()
        // The whole screen: dialogs and menus have windows of their own.
        captureScreen(name)
    }

    private companion object {
        const val CHARTS = 2
        const val SEGMENTS = 3

        /** The height of the timeline with a waveform. */
        val PINNED = 172.dp

        /** The same with flags. */
        val PINNED_MARKED = PINNED + 14.dp
    }
}
