package app.undertone.live

import app.undertone.asset.AssetProblem
import app.undertone.asset.EngineSource
import app.undertone.asset.EngineUnavailableException
import app.undertone.asset.LiveEngine
import app.undertone.engine.EngineEvent

/** An engine that remembers what it was given, and reports one frame a chunk. */
class FakeEngines(
    private val problem: AssetProblem? = null,
    private val beforeOpen: () -> Unit = {},
    private val onChunk: (heardSamples: Int) -> Unit = {},
) : EngineSource {
    val heard = mutableListOf<Short>()

    @Volatile
    var isFinished = false
        private set

    @Volatile
    var isClosed = false
        private set

    override fun prepare(): AssetProblem? = problem

    override fun open(inputRateHz: Int, listener: (EngineEvent) -> Unit): LiveEngine {
        beforeOpen()
        problem?.let { throw EngineUnavailableException(it) }
        return object : LiveEngine {
            override fun accept(pcm: ShortArray) {
                heard += pcm.asList()
                onChunk(heard.size)
                listener(EngineEvent.Frame(heard.size.toLong(), -20f, 0f, isOpen = false))
            }

            override fun finish() {
                isFinished = true
            }

            override fun close() {
                isClosed = true
            }
        }
    }
}
