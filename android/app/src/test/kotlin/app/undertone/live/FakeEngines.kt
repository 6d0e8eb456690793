package app.undertone.live

import app.undertone.asset.AssetProblem
import app.undertone.asset.EngineSource
import app.undertone.asset.EngineUnavailableException
import app.undertone.engine.EmotionEvent
import app.undertone.engine.EngineListener
import app.undertone.engine.StreamEngine

/** An engine that remembers what it was given, and reports one frame a chunk and, at the end of each stream, [lastSegment]. */
class FakeEngines(
    private val problem: AssetProblem? = null,
    private val beforeOpen: () -> Unit = {},
    private val onChunk: (receivedSamples: Int) -> Unit = {},
    private val lastSegment: EmotionEvent.Segment? = null,
) : EngineSource {
    val recognised = mutableListOf<Short>()
    val ratesHz = mutableListOf<Int>()

    @Volatile
    var lostSamples = 0L
        private set

    @Volatile
    var isFinished = false
        private set

    @Volatile
    var isClosed = false
        private set

    /** Of the last stream, with its latest samples. */
    @Volatile
    var dropsEarlyResults = false
        private set

    private var onPreempted: (() -> Unit)? = null

    /** As a recording that wants the engine. */
    fun preempt() = checkNotNull(onPreempted)()

    override fun prepare(): AssetProblem? = problem

    override fun open(onPreempted: (() -> Unit)?): StreamEngine {
        this.onPreempted = onPreempted
        beforeOpen()
        problem?.let { throw EngineUnavailableException(it) }
        return object : StreamEngine {
            private lateinit var listener: EngineListener
            private lateinit var isLate: () -> Boolean

            override fun start(inputRateHz: Int, startedAtMs: Long, listener: EngineListener, isLate: () -> Boolean) {
                this.listener = listener
                ratesHz += inputRateHz
                this.isLate = isLate
            }

            override fun accept(pcm: ShortArray, length: Int) {
                recognised += pcm.take(length)
                dropsEarlyResults = isLate()
                onChunk(recognised.size)
                listener.onFrame(recognised.size.toLong(), -20f, 0f, reachedNetwork = true, isOpen = false)
            }

            override fun skip(lostSamples: Long) {
                this@FakeEngines.lostSamples += lostSamples
            }

            override fun finish() {
                isFinished = true
                lastSegment?.let(listener::onEvent)
            }

            override fun reset() = Unit

            override fun close() {
                isClosed = true
            }
        }
    }
}
