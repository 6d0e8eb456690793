package app.undertone.asset

import app.undertone.engine.AssetException
import app.undertone.engine.EmotionAsset
import app.undertone.engine.EmotionEngine
import app.undertone.engine.HearingChoice
import app.undertone.engine.StreamEngine
import app.undertone.engine.android.PackagedAssetSource

/**
 * The engine over the APK's own asset. Verifies the asset once; keeps the loaded engine from one recording to the next.
 *
 * @param labels what the screen can show, in order; an asset with others is refused.
 * @param choice how the next recording is to be heard; asked at each [open], on its thread.
 */
class PackagedEngines(
    private val source: PackagedAssetSource,
    private val labels: List<String>,
    private val choice: () -> HearingChoice = { HearingChoice() },
) : EngineSource {
    private val turn = EngineTurn()

    @Volatile
    private var loaded: EmotionEngine? = null

    /** A loaded engine was verified, whoever uses it now. */
    override fun prepare(): AssetProblem? = try {
        if (loaded == null) open(onPreempted = {}).close()
        null
    } catch (e: EngineUnavailableException) {
        // A copy that was damaged on the way or since is replaced by the next attempt.
        source.discardCopies()
        e.problem
    }

    override fun open(onPreempted: (() -> Unit)?): StreamEngine {
        turn.acquire(onPreempted)
        try {
            val engine = loaded ?: EmotionEngine(EmotionAsset.open(source).also(::requireLabels)).also { loaded = it }
            engine.choice = choice()
            return Turn(engine)
        } catch (e: Throwable) {
            turn.release()
            throw EngineUnavailableException(assetProblemOf(e) ?: throw e)
        }
    }

    private fun requireLabels(asset: EmotionAsset) {
        if (asset.manifest.labels != labels) {
            throw AssetException("manifest.json", "its labels are ${asset.manifest.labels}, this app shows $labels")
        }
    }

    private inner class Turn(private val engine: EmotionEngine) : StreamEngine by engine {
        override fun close() {
            engine.reset()
            turn.release()
        }
    }
}
