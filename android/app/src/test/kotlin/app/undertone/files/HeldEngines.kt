package app.undertone.files

import app.undertone.asset.EngineSource
import app.undertone.engine.EmotionEvent
import app.undertone.engine.EngineListener
import app.undertone.engine.StreamEngine
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit

/** Engines that stand still once they have found something, until [go]. */
class HeldEngines(private val engines: EngineSource) : EngineSource by engines {
    private val held = CountDownLatch(1)

    @Volatile
    var isHeld = false
        private set

    fun go() = held.countDown()

    override fun open(onPreempted: (() -> Unit)?): StreamEngine {
        val engine = engines.open(onPreempted)
        return object : StreamEngine by engine {
            private var hasSegment = false
            private var chunks = 0

            override fun start(inputRateHz: Int, startedAtMs: Long, listener: EngineListener, isLate: () -> Boolean) {
                val watching = object : EngineListener by listener {
                    override fun onEvent(event: EmotionEvent) {
                        if (event is EmotionEvent.Segment) hasSegment = true
                        listener.onEvent(event)
                    }
                }
                engine.start(inputRateHz, startedAtMs, watching, isLate)
            }

            override fun accept(pcm: ShortArray, length: Int) {
                // The block after the one that ended a segment: by then it is stored.
                if (hasSegment && chunks++ == 0) {
                    isHeld = true
                    held.await(HELD_AT_MOST_S, TimeUnit.SECONDS)
                }
                engine.accept(pcm, length)
            }
        }
    }

    private companion object {
        const val HELD_AT_MOST_S = 60L
    }
}
