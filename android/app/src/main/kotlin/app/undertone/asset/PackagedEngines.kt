package app.undertone.asset

import app.undertone.engine.AssetException
import app.undertone.engine.EmotionAsset
import app.undertone.engine.EmotionEngine
import app.undertone.engine.EngineEvent
import app.undertone.engine.SpeechDetector
import java.io.IOException
import java.util.concurrent.Semaphore

/**
 * The engine over the APK's own asset. Verifies the asset once; keeps the loaded engine from one recording to the next.
 *
 * @param labels what the screen can show, in order; an asset with others is refused.
 */
class PackagedEngines(private val source: PackagedAssetSource, private val labels: List<String>) : EngineSource {
    private val turn = Semaphore(1)
    private var asset: EmotionAsset? = null
    private var loaded: LoadedEngine? = null

    override fun prepare(): AssetProblem? = try {
        open(SpeechDetector.SAMPLE_RATE_HZ) {}.close()
        null
    } catch (e: EngineUnavailableException) {
        // A copy that was damaged on the way or since is replaced by the next attempt.
        source.discardCopies()
        e.problem
    }

    /** Waits until the previous recording's engine is closed. */
    override fun open(inputRateHz: Int, listener: (EngineEvent) -> Unit): LiveEngine {
        turn.acquire()
        try {
            return Turn(load(inputRateHz).also { it.listener = listener })
        } catch (e: Throwable) {
            // What was verified may be gone by now: the next attempt looks again.
            asset = null
            turn.release()
            throw EngineUnavailableException(problemOf(e) ?: throw e)
        }
    }

    private fun load(inputRateHz: Int): LoadedEngine {
        loaded?.let { if (it.inputRateHz == inputRateHz) return it else it.close() }
        loaded = null
        val verified = asset ?: EmotionAsset.open(source).also(::requireLabels).also { asset = it }
        return LoadedEngine(verified, inputRateHz).also { loaded = it }
    }

    private fun requireLabels(asset: EmotionAsset) {
        if (asset.manifest.labels != labels) {
            throw AssetException("manifest.json", "its labels are ${asset.manifest.labels}, this app shows $labels")
        }
    }

    private fun problemOf(error: Throwable): AssetProblem? = when (error) {
        // What follows the reason is advice to whoever builds the asset.
        is AssetException -> AssetProblem.Damaged(error.file, error.reason.substringBefore("; run: "))
        is IOException -> AssetProblem.NotUnpacked(error.message ?: error.javaClass.simpleName)
        is LinkageError -> AssetProblem.NoRuntime
        is Exception -> AssetProblem.Stopped(error.message ?: error.javaClass.simpleName)
        else -> null
    }

    private inner class Turn(private val engine: LoadedEngine) : LiveEngine {
        override fun accept(pcm: ShortArray) = engine.engine.accept(pcm, pcm.size)

        override fun finish() = engine.engine.finish()

        override fun close() {
            engine.listener = {}
            engine.engine.reset()
            turn.release()
        }
    }

    private class LoadedEngine(asset: EmotionAsset, val inputRateHz: Int) : AutoCloseable {
        var listener: (EngineEvent) -> Unit = {}
        val engine = EmotionEngine(asset, inputRateHz) { listener(it) }

        override fun close() = engine.close()
    }
}
