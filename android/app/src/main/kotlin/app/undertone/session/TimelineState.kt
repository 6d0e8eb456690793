package app.undertone.session

import androidx.compose.runtime.Composable
import androidx.compose.runtime.MutableState
import androidx.compose.runtime.Stable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import app.undertone.model.Session
import app.undertone.model.SpokenSegment
import app.undertone.model.summary.RibbonWindow

/** Which part of a session's timeline is in sight: all of it, also while it grows, until somebody zooms. */
@Stable
internal class TimelineState(private val whole: RibbonWindow, chosen: MutableState<RibbonWindow?>) {
    private var chosen by chosen

    val lengthMs: Long get() = whole.toMs
    val window: RibbonWindow get() = chosen ?: whole
    val isZoomed: Boolean get() = window.durationMs < lengthMs
    val canZoomIn: Boolean get() = window.zoomedBy(ZOOM_STEP, lengthMs) != window

    fun zoomIn() = zoomBy(ZOOM_STEP)

    fun zoomOut() = zoomBy(1 / ZOOM_STEP)

    fun zoomBy(factor: Float) = choose(window.zoomedBy(factor, lengthMs))

    fun moveBy(deltaMs: Long) = choose(window.movedBy(deltaMs, lengthMs))

    fun follow(positionMs: Long) = choose(window.following(positionMs, lengthMs))

    private fun choose(next: RibbonWindow) {
        chosen = next.takeIf { it.durationMs < lengthMs }
    }

    private companion object {
        const val ZOOM_STEP = 2f
    }
}

@Composable
internal fun rememberTimelineState(session: Session, segments: List<SpokenSegment>): TimelineState {
    val chosen = remember(session.id) { mutableStateOf<RibbonWindow?>(null) }
    val whole = remember(session, segments) { RibbonWindow.of(session, segments) }
    return remember(chosen, whole) { TimelineState(whole, chosen) }
}
