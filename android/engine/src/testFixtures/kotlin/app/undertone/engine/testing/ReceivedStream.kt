package app.undertone.engine.testing

import app.undertone.engine.EmotionEvent
import app.undertone.engine.EngineListener
import app.undertone.engine.LiveListener

/** What [EngineListener.onFrame] was told. */
data class ReceivedFrame(
    val startSample: Long,
    val levelDbfs: Float,
    val speechProbability: Float,
    val reachedNetwork: Boolean,
    val isOpen: Boolean,
)

/** Remembers all that it hears, of one stream. */
class ReceivedStream : LiveListener {
    val frames = mutableListOf<ReceivedFrame>()
    val events = mutableListOf<EmotionEvent>()
    val failures = mutableListOf<Exception>()

    val segments get() = events.filterIsInstance<EmotionEvent.Segment>()
    val early get() = events.filterIsInstance<EmotionEvent.Early>()
    val gaps get() = events.filterIsInstance<EmotionEvent.Gap>()

    override fun onFrame(startSample: Long, levelDbfs: Float, speechProbability: Float, reachedNetwork: Boolean, isOpen: Boolean) {
        frames += ReceivedFrame(startSample, levelDbfs, speechProbability, reachedNetwork, isOpen)
    }

    override fun onEvent(event: EmotionEvent) {
        events += event
    }

    override fun onFailure(failure: Exception) {
        failures += failure
    }

    override fun equals(other: Any?) =
        other is ReceivedStream && frames == other.frames && events == other.events && failures == other.failures

    override fun hashCode() = events.hashCode()

    override fun toString() = "$events, $frames, $failures"
}
