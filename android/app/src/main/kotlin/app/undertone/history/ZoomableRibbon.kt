package app.undertone.history

import androidx.compose.foundation.gestures.Orientation
import androidx.compose.foundation.gestures.detectTapGestures
import androidx.compose.foundation.gestures.draggable
import androidx.compose.foundation.gestures.rememberDraggableState
import androidx.compose.foundation.gestures.rememberTransformableState
import androidx.compose.foundation.gestures.transformable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.Icon
import androidx.compose.material3.IconButton
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableIntStateOf
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.rememberUpdatedState
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.input.pointer.pointerInput
import androidx.compose.ui.layout.onSizeChanged
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
import kotlin.math.roundToLong

/**
 * The timeline of a session, a lane for each tone: pinched or by its buttons it shows less, larger; dragged, an earlier or later part;
 * while the session plays, the part that is heard.
 *
 * @param positionMs of the player; null where nothing can be played.
 * @param onSeek takes the place that was tapped.
 */
@Composable
internal fun ZoomableRibbon(
    session: Session,
    segments: List<SpokenSegment>,
    positionMs: Long?,
    isPlaying: Boolean,
    onSeek: ((Long) -> Unit)?,
    modifier: Modifier = Modifier,
) {
    val whole = RibbonWindow.of(session, segments)
    val lengthMs = whole.toMs
    // A session that still grows is seen whole until somebody zooms.
    var chosen by remember(session.id) { mutableStateOf<RibbonWindow?>(null) }
    val window = chosen ?: whole
    val isZoomed = window.durationMs < lengthMs
    var widthPx by remember { mutableIntStateOf(1) }

    fun choose(next: RibbonWindow) {
        chosen = next.takeIf { it.durationMs < lengthMs }
    }
    if (isPlaying && positionMs != null && isZoomed) {
        LaunchedEffect(positionMs) { choose(window.following(positionMs, lengthMs)) }
    }
    val pinch = rememberTransformableState { _, zoom, _, _ -> choose((chosen ?: whole).zoomedBy(zoom, lengthMs)) }
    val drag = rememberDraggableState { dx -> choose((chosen ?: whole).run { movedBy((-dx / widthPx * durationMs).roundToLong(), lengthMs) }) }
    val tapped by rememberUpdatedState<(Float) -> Unit> { x -> onSeek?.invoke(window.positionAt((x / widthPx).coerceIn(0f, 1f))) }
    val lanes = remember(segments, window) { lanesOf(segments, window, COLUMNS) }
    val description = stringResource(R.string.session_ribbon, position(window.fromMs), position(window.toMs), position(lengthMs))

    // Time runs from left to right in every language, as it does in players.
    CompositionLocalProvider(LocalLayoutDirection provides LayoutDirection.Ltr) {
        Column(modifier, verticalArrangement = Arrangement.spacedBy(4.dp)) {
            Row {
                LaneMarks(lanes, segments)
                LaneCanvas(
                    lanes,
                    positionMs?.let(window::fractionOf),
                    Modifier
                        .weight(1f)
                        .onSizeChanged { widthPx = it.width.coerceAtLeast(1) }
                        .semantics {
                            contentDescription = description
                            if (isZoomed) {
                                horizontalScrollAxisRange = ScrollAxisRange({ window.fromMs.toFloat() }, { (lengthMs - window.durationMs).toFloat() })
                                scrollBy { x, _ ->
                                    choose(window.movedBy((x / widthPx * window.durationMs).roundToLong(), lengthMs))
                                    true
                                }
                            }
                        }
                        .transformable(pinch, canPan = { false })
                        .draggable(drag, Orientation.Horizontal, enabled = isZoomed)
                        .then(if (onSeek == null) Modifier else Modifier.pointerInput(Unit) { detectTapGestures { tapped(it.x) } }),
                )
            }
            Row(Modifier.padding(start = MARKS), verticalAlignment = Alignment.CenterVertically) {
                Text(
                    stringResource(R.string.session_ribbon_range, position(window.fromMs), position(window.toMs)),
                    Modifier.weight(1f),
                    style = MaterialTheme.typography.bodyMedium,
                    color = MaterialTheme.colorScheme.onSurfaceVariant,
                )
                IconButton({ choose(window.zoomedBy(1 / ZOOM_STEP, lengthMs)) }, enabled = isZoomed) {
                    Icon(painterResource(R.drawable.ic_zoom_out), stringResource(R.string.session_zoom_out))
                }
                IconButton({ choose(window.zoomedBy(ZOOM_STEP, lengthMs)) }, enabled = window.zoomedBy(ZOOM_STEP, lengthMs) != window) {
                    Icon(painterResource(R.drawable.ic_zoom_in), stringResource(R.string.session_zoom_in))
                }
            }
        }
    }
}

private const val ZOOM_STEP = 2f

/** About one a dp on a phone, two or three pixels each. */
private const val COLUMNS = 400
