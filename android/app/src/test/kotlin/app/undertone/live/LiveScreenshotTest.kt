package app.undertone.live

import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.widthIn
import androidx.compose.material3.BottomSheetDefaults
import androidx.compose.material3.ExperimentalMaterial3Api
import androidx.compose.material3.Surface
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.SemanticsActions
import androidx.compose.ui.test.hasScrollAction
import androidx.compose.ui.test.junit4.v2.createComposeRule
import androidx.compose.ui.test.onLast
import androidx.compose.ui.test.performSemanticsAction
import androidx.compose.ui.unit.LayoutDirection
import androidx.compose.ui.unit.dp
import app.undertone.asset.AssetProblem
import app.undertone.ui.ARABIC
import app.undertone.ui.Destination
import app.undertone.ui.GERMAN
import app.undertone.ui.LANDSCAPE
import app.undertone.ui.NavigationFrame
import app.undertone.ui.SegmentDetails
import app.undertone.ui.TABLET
import app.undertone.ui.capture
import app.undertone.ui.show
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config

/** Every state of the Live screen as a picture in `src/test/screenshots`; record them with -Pundertone.recordScreenshots. */
@OptIn(ExperimentalMaterial3Api::class)
@RunWith(RobolectricTestRunner::class)
class LiveScreenshotTest {
    @get:Rule
    val compose = createComposeRule()

    @Test
    fun loading() = capture("loading", LiveStates.loading)

    @Test
    fun ready() = capture("ready", LiveStates.ready)

    @Test
    fun listening() = capture("listening", LiveStates.listening)

    @Test
    fun hearing() = capture("hearing", LiveStates.hearing)

    @Test
    fun `so far`() = capture("so_far", LiveStates.soFar)

    @Test
    fun angry() = capture("angry", LiveStates.angry)

    @Test
    fun happy() = capture("happy", LiveStates.happy)

    @Test
    fun neutral() = capture("neutral", LiveStates.neutral)

    @Test
    fun sad() = capture("sad", LiveStates.sad)

    @Test
    fun uncertain() = capture("uncertain", LiveStates.uncertain)

    @Test
    fun clipping() = capture("clipping", LiveStates.clipping)

    @Test
    fun `too quiet`() = capture("too_quiet", LiveStates.tooQuiet)

    @Test
    fun `too quiet, later`() = capture("too_quiet_later", LiveStates.tooQuietLater)

    @Test
    fun `too quiet, large font`() = capture("too_quiet_large_font", LiveStates.tooQuietLater, fontScale = 2f)

    @Test
    fun rationale() = capture("permission_rationale", LiveStates.rationale)

    @Test
    fun denied() = capture("permission_denied", LiveStates.denied)

    @Test
    fun `asset failed`() = capture("asset_failed", LiveStates.assetFailed)

    @Test
    fun `denied once`() = captureNotice("permission_denied_once", LiveNotice.PermissionDenied(canAskAgain = true))

    @Test
    fun `microphone off`() = captureNotice("microphone_off", LiveNotice.MicrophoneOff)

    @Test
    fun `microphone not allowed`() = captureNotice("microphone_not_allowed", LiveNotice.MicrophoneNotAllowed)

    @Test
    fun `microphone stopped`() = captureNotice("microphone_stopped", LiveNotice.MicrophoneStopped)

    @Test
    fun `not stored`() = captureNotice("not_stored", LiveNotice.NotStored)

    @Test
    fun `start refused`() = captureNotice("start_refused", LiveNotice.StartRefused)

    @Test
    fun `engine stopped`() = captureNotice("engine_stopped", LiveNotice.AssetFailed(AssetProblem.Stopped("out of memory")))

    @Test
    fun `no runtime`() = captureNotice("no_runtime", LiveNotice.AssetFailed(AssetProblem.NoRuntime))

    @Test
    @Config(qualifiers = GERMAN)
    fun `not stored, German`() = captureNotice("not_stored_german", LiveNotice.NotStored)

    @Test
    @Config(qualifiers = GERMAN)
    fun `microphone stopped, German`() = captureNotice("microphone_stopped_german", LiveNotice.MicrophoneStopped)

    @Test
    @Config(qualifiers = ARABIC)
    fun `microphone off, Arabic`() = captureNotice("microphone_off_arabic", LiveNotice.MicrophoneOff, LayoutDirection.Rtl)

    @Test
    fun `microphone busy`() = capture("microphone_busy", LiveStates.busy)

    @Test
    fun `no speech`() = capture("no_speech", LiveStates.noSpeech)

    @Test
    fun paused() = capture("paused", LiveStates.paused)

    @Test
    fun `paused at once`() = capture("paused_at_once", LiveStates.pausedAtOnce)

    @Test
    fun marked() = capture("marked", LiveStates.marked)

    @Test
    fun `marked, dark`() = capture("marked_dark", LiveStates.marked, isDark = true)

    @Test
    fun `marked, large font`() = capture("marked_large_font", LiveStates.marked, fontScale = 2f)

    @Test
    @Config(qualifiers = "ar-ldrtl-w360dp-h720dp-hdpi")
    fun `marked, arabic`() = capture("marked_arabic", LiveStates.marked, direction = LayoutDirection.Rtl)

    @Test
    @Config(qualifiers = "de-w720dp-h360dp-land-hdpi")
    fun `marked, german and landscape`() = capture("marked_german_landscape", LiveStates.marked)

    @Test
    fun `keeps audio`() = capture("keeps_audio", LiveStates.keepsAudio)

    @Test
    fun dark() = capture("dark", LiveStates.hearing, isDark = true)

    @Test
    fun `dark, angry`() = capture("dark_angry", LiveStates.angry, isDark = true)

    @Test
    fun `dark, uncertain`() = capture("dark_uncertain", LiveStates.uncertain, isDark = true)

    @Test
    fun `dark, asset failed`() = capture("dark_asset_failed", LiveStates.assetFailed, isDark = true)

    @Test
    fun `dynamic colour`() = capture("dynamic_colour", LiveStates.hearing, usesDynamicColor = true)

    @Test
    fun `large font`() = capture("large_font", LiveStates.angry, fontScale = 2f)

    @Test
    fun `large font, denied`() = capture("large_font_denied", LiveStates.denied, fontScale = 2f)

    @Test
    fun `right to left`() = capture("right_to_left", LiveStates.hearing, direction = LayoutDirection.Rtl)

    @Test
    @Config(qualifiers = "w720dp-h360dp-land-hdpi")
    fun landscape() = capture("landscape", LiveStates.angry)

    @Test
    @Config(qualifiers = "w720dp-h360dp-land-hdpi")
    fun `landscape, ready`() = capture("landscape_ready", LiveStates.ready)

    @Test
    @Config(qualifiers = "w720dp-h360dp-land-hdpi")
    fun `landscape, denied`() = capture("landscape_denied", LiveStates.denied)

    @Test
    @Config(qualifiers = "w720dp-h360dp-land-hdpi")
    fun `landscape, large font`() = capture("landscape_large_font", LiveStates.angry, fontScale = 2f)

    @Test
    @Config(qualifiers = "w800dp-h1280dp-hdpi")
    fun tablet() = captureTablet("tablet", LiveStates.angry)

    @Test
    @Config(qualifiers = "w1280dp-h800dp-land-mdpi")
    fun `tablet, landscape`() = captureTablet("tablet_landscape", LiveStates.hearing, isDark = true)

    @Test
    @Config(qualifiers = "w1280dp-h800dp-land-mdpi")
    fun `tablet, ready`() = captureTablet("tablet_ready", LiveStates.ready)

    @Test
    @Config(qualifiers = "ar-ldrtl-w800dp-h1280dp-mdpi")
    fun `tablet, arabic`() = captureTablet("tablet_arabic", LiveStates.neutral)

    @Test
    @Config(qualifiers = "de-w360dp-h720dp-hdpi")
    fun german() = capture("german", LiveStates.soFar)

    @Test
    @Config(qualifiers = "de-w720dp-h360dp-land-hdpi")
    fun `german, landscape`() = capture("german_landscape", LiveStates.uncertain)

    @Test
    @Config(qualifiers = "ar-ldrtl-w360dp-h720dp-hdpi")
    fun arabic() = capture("arabic", LiveStates.angry, direction = LayoutDirection.Rtl)

    @Test
    @Config(qualifiers = "ar-ldrtl-w360dp-h720dp-hdpi")
    fun `arabic, denied`() = capture("arabic_denied", LiveStates.denied, direction = LayoutDirection.Rtl)

    @Test
    fun saved() = captureSaved("saved")

    @Test
    fun `saved, dark`() = captureSaved("saved_dark", isDark = true)

    @Test
    fun `saved, without speech`() = captureSaved("saved_without_speech", LiveStates.savedWithoutSpeech)

    @Test
    fun `saved, large font`() = captureSaved("saved_large_font", fontScale = 2f)

    @Test
    @Config(qualifiers = "de-w360dp-h720dp-hdpi")
    fun `saved, german`() = captureSaved("saved_german")

    @Test
    @Config(qualifiers = "ar-ldrtl-w360dp-h720dp-hdpi")
    fun `saved, arabic`() = captureSaved("saved_arabic", direction = LayoutDirection.Rtl)

    @Test
    @Config(qualifiers = LANDSCAPE)
    fun `saved, landscape`() = captureSaved("saved_landscape")

    @Test
    @Config(qualifiers = TABLET)
    fun `saved, tablet`() = captureSaved("saved_tablet")

    @Test
    fun `saved, after silence`() = captureSaved("saved_after_silence", LiveStates.savedAfterSilence)

    @Test
    fun `saved, after silence, large font`() = captureSaved("saved_after_silence_large_font", LiveStates.savedAfterSilence, fontScale = 2f)

    @Test
    @Config(qualifiers = ARABIC)
    fun `saved, after silence, arabic`() =
        captureSaved("saved_after_silence_arabic", LiveStates.savedAfterSilence, direction = LayoutDirection.Rtl)

    @Test
    fun `saved, discarded`() = captureSaved("saved_discarded", LiveStates.saved.copy(isDiscarded = true))

    @Test
    fun details() = captureDetails("details")

    @Test
    fun `details, dark and corrected`() = captureDetails("details_dark", place = 4, isDark = true)

    @Test
    fun `details, large font`() = captureDetails("details_large_font", place = 3, fontScale = 2f)

    @Test
    @Config(qualifiers = "ar-ldrtl-w360dp-h720dp-hdpi")
    fun `details, arabic`() = captureDetails("details_arabic", direction = LayoutDirection.Rtl)

    @Test
    @Config(qualifiers = "de-w720dp-h360dp-land-hdpi")
    fun `details, german and landscape`() = captureDetails("details_german_landscape")

    @Test
    fun `details, arousal and valence`() = captureDetails("details_arousal_valence", LiveStates.livelyAndNegative, place = 5)

    @Test
    @Config(qualifiers = LANDSCAPE)
    fun `details, arousal and valence, landscape`() =
        captureDetails("details_arousal_valence_landscape", LiveStates.livelyAndNegative, place = 5)

    @Test
    fun `arousal and valence`() = captureEnd("arousal_valence")

    @Test
    fun `arousal and valence, dark`() = captureEnd("arousal_valence_dark", isDark = true)

    @Test
    fun `arousal and valence, large font`() = captureEnd("arousal_valence_large_font", fontScale = 2f)

    @Test
    @Config(qualifiers = "w720dp-h360dp-land-hdpi")
    fun `arousal and valence, landscape`() = captureEnd("arousal_valence_landscape")

    @Test
    @Config(qualifiers = "de-w360dp-h720dp-hdpi")
    fun `arousal and valence, german and large font`() = captureEnd("arousal_valence_german", fontScale = 2f)

    @Test
    @Config(qualifiers = "ar-ldrtl-w360dp-h720dp-hdpi")
    fun `arousal and valence, arabic`() = captureEnd("arousal_valence_arabic", direction = LayoutDirection.Rtl)

    /** The page scrolled to its end: what is experimental is below the fold of a phone. */
    private fun captureEnd(name: String, isDark: Boolean = false, fontScale: Float = 1f, direction: LayoutDirection = LayoutDirection.Ltr) {
        compose.show(isDark, fontScale, direction) { LiveScreen(LiveStates.livelyAndNegative, LiveStates.NoActions) }
        compose.onAllNodes(hasScrollAction()).onLast().performSemanticsAction(SemanticsActions.ScrollBy) { it(0f, 10_000f) }
        compose.capture("live_$name")
    }

    private fun captureNotice(name: String, notice: LiveNotice, direction: LayoutDirection = LayoutDirection.Ltr) =
        capture(name, LiveUiState(LiveStatus.Ready, notice = notice), direction = direction)

    private fun captureTablet(name: String, state: LiveUiState, isDark: Boolean = false) {
        compose.show(isDark) { NavigationFrame(Destination.Live, onGo = {}) { LiveScreen(state, LiveStates.NoActions) } }
        compose.capture("live_$name")
    }

    private fun capture(
        name: String,
        state: LiveUiState,
        isDark: Boolean = false,
        usesDynamicColor: Boolean = false,
        fontScale: Float = 1f,
        direction: LayoutDirection = LayoutDirection.Ltr,
    ) {
        capture(name, isDark, usesDynamicColor, fontScale, direction) { LiveScreen(state, LiveStates.NoActions) }
    }

    /** The sheet is a window of its own, which a picture of the screen does not show. */
    private fun captureDetails(
        name: String,
        state: LiveUiState = LiveStates.angry,
        place: Int = 0,
        isDark: Boolean = false,
        fontScale: Float = 1f,
        direction: LayoutDirection = LayoutDirection.Ltr,
    ) = capture(name, isDark, usesDynamicColor = false, fontScale, direction) {
        SheetOver({ LiveScreen(state, LiveStates.NoActions) }) {
            SegmentDetails(state.ribbon[place], place, state.ribbon.size, onOpen = {}, onCorrect = {})
        }
    }

    /** As [captureDetails]. */
    private fun captureSaved(
        name: String,
        saved: SavedRecording = LiveStates.saved,
        isDark: Boolean = false,
        fontScale: Float = 1f,
        direction: LayoutDirection = LayoutDirection.Ltr,
    ) = capture(name, isDark, usesDynamicColor = false, fontScale, direction) {
        val live = @Composable { NavigationFrame(Destination.Live, onGo = {}) { LiveScreen(LiveStates.ready, LiveStates.NoActions) } }
        SheetOver(live) { SavedSummary(saved, SavedActions()) }
    }

    private fun capture(
        name: String,
        isDark: Boolean,
        usesDynamicColor: Boolean,
        fontScale: Float,
        direction: LayoutDirection,
        content: @Composable () -> Unit,
    ) {
        compose.show(isDark, fontScale, direction, usesDynamicColor, content)
        compose.capture("live_$name")
    }
}

/** A modal sheet as it stands when it has risen. */
@OptIn(ExperimentalMaterial3Api::class)
@Composable
private fun SheetOver(screen: @Composable () -> Unit, sheet: @Composable () -> Unit) {
    Box(contentAlignment = Alignment.BottomCenter) {
        screen()
        Box(Modifier.fillMaxSize().background(BottomSheetDefaults.ScrimColor))
        Surface(
            Modifier.padding(top = 40.dp).widthIn(max = BottomSheetDefaults.SheetMaxWidth).fillMaxWidth(),
            BottomSheetDefaults.ExpandedShape,
            BottomSheetDefaults.ContainerColor,
        ) {
            Column(horizontalAlignment = Alignment.CenterHorizontally) {
                BottomSheetDefaults.DragHandle()
                sheet()
            }
        }
    }
}
