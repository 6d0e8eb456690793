package app.undertone.session

import androidx.compose.foundation.gestures.Orientation
import androidx.compose.foundation.gestures.detectTapGestures
import androidx.compose.foundation.gestures.draggable
import androidx.compose.foundation.gestures.rememberDraggableState
import androidx.compose.foundation.gestures.rememberTransformableState
import androidx.compose.foundation.gestures.transformable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.width
import androidx.compose.foundation.layout.wrapContentWidth
import androidx.compose.material3.Icon
import androidx.compose.material3.IconButton
import androidx.compose.material3.MaterialTheme
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableIntStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.rememberUpdatedState
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.input.pointer.pointerInput
import androidx.compose.ui.layout.onSizeChanged
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.platform.LocalLayoutDirection
import androidx.compose.ui.res.painterResource
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.ScrollAxisRange
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.horizontalScrollAxisRange
import androidx.compose.ui.semantics.scrollBy
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.LayoutDirection
import androidx.compose.ui.unit.dp
import app.undertone.R
import app.undertone.model.AudioEnvelope
import app.undertone.model.Mark
import app.undertone.model.SpokenSegment
import app.undertone.ui.position
import kotlin.math.roundToLong

/**
 * The timeline of a session: the level of kept audio, a lane for each tone, the flags of [marks], and the time. Pinched it shows less, larger; dragged, an
 * earlier or later part; while the session plays, the part that is heard. [ZoomButtons] do the same without a gesture.
 *
 * @param positionMs of the player; null where nothing can be played.
 * @param onSeek takes the place that was tapped.
 */
@Composable
internal fun SessionTimeline(
    timeline: TimelineState,
    segments: List<SpokenSegment>,
    marks: List<Mark>,
    envelope: AudioEnvelope?,
    positionMs: Long?,
    isPlaying: Boolean,
    onSeek: ((Long) -> Unit)?,
    modifier: Modifier = Modifier,
) {
    val window = timeline.window
    var widthPx by remember { mutableIntStateOf(1) }
    if (isPlaying && positionMs != null && timeline.isZoomed) {
        LaunchedEffect(positionMs) { timeline.follow(positionMs) }
    }
    val lanes = remember(segments, window) { lanesOf(segments, window, COLUMNS) }
    val levels = remember(envelope, segments, window) { envelope?.columns(segments, window, LEVEL_COLUMNS) }
    val letterPx = with(LocalDensity.current) { MaterialTheme.typography.bodySmall.fontSize.toPx() } * LETTER_EMS
    val ticksMs = remember(window, widthPx, letterPx) { window.ticksMs(widthPx.toFloat(), letterPx) }

    // Time runs from left to right in every language, as it does in players.
    CompositionLocalProvider(LocalLayoutDirection provides LayoutDirection.Ltr) {
        Row(modifier) {
            Column(Modifier.weight(1f), verticalArrangement = Arrangement.spacedBy(4.dp)) {
                Row {
                    LaneMarks(lanes, segments, marks.size, hasLevels = levels != null)
                    LaneCanvas(
                        lanes,
                        levels,
                        ticksMs.map(window::fractionOf),
                        positionMs?.let(window::fractionOf),
                        // Also out of sight: the flags keep their row while one zooms.
                        marks.map { window.fractionOf(it.positionMs) },
                        Modifier.weight(1f).onSizeChanged { widthPx = it.width.coerceAtLeast(1) }.moving(timeline, widthPx, onSeek),
                    )
                }
                TickLabels(ticksMs, window, Modifier.padding(start = MARKS).fillMaxWidth())
            }
            ZoomButtons(timeline)
        }
    }
}

/** What fingers and TalkBack do to the lanes. */
@Composable
private fun Modifier.moving(timeline: TimelineState, widthPx: Int, onSeek: ((Long) -> Unit)?): Modifier {
    val window = timeline.window
    val description = stringResource(R.string.session_ribbon, position(window.fromMs), position(window.toMs), position(timeline.lengthMs))
    val pinch = rememberTransformableState { _, zoom, _, _ -> timeline.zoomBy(zoom) }
    val moved = { byPx: Float -> timeline.moveBy((byPx / widthPx * timeline.window.durationMs).roundToLong()) }
    val drag = rememberDraggableState { moved(-it) }
    val tapped by rememberUpdatedState<(Float) -> Unit> { x -> onSeek?.invoke(window.positionAt((x / widthPx).coerceIn(0f, 1f))) }
    return semantics {
        contentDescription = description
        if (timeline.isZoomed) {
            horizontalScrollAxisRange = ScrollAxisRange({ window.fromMs.toFloat() }, { (timeline.lengthMs - window.durationMs).toFloat() })
            scrollBy { x, _ ->
                moved(x)
                true
            }
        }
    }
        .transformable(pinch, canPan = { false })
        .draggable(drag, Orientation.Horizontal, enabled = timeline.isZoomed)
        .then(if (onSeek == null) Modifier else Modifier.pointerInput(Unit) { detectTapGestures { tapped(it.x) } })
}

/** One above the other, as on maps. Their signs end where the page's column does; what can be tapped reaches into its margin. */
@Composable
private fun ZoomButtons(timeline: TimelineState) = Column(Modifier.width(36.dp).wrapContentWidth(Alignment.Start, unbounded = true)) {
    IconButton(timeline::zoomIn, enabled = timeline.canZoomIn) {
        Icon(painterResource(R.drawable.ic_zoom_in), stringResource(R.string.session_zoom_in))
    }
    IconButton(timeline::zoomOut, enabled = timeline.isZoomed) {
        Icon(painterResource(R.drawable.ic_zoom_out), stringResource(R.string.session_zoom_out))
    }
}

/** About one a dp on a phone, two or three pixels each. */
private const val COLUMNS = 400

/** Bars and gaps that the eye can tell apart on a phone. */
private const val LEVEL_COLUMNS = 100

/** Of a digit or a colon, on average. */
private const val LETTER_EMS = 0.52f
