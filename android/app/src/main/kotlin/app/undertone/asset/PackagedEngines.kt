package app.undertone.asset

import app.undertone.engine.EmotionEngine
import app.undertone.engine.EngineLeases
import app.undertone.engine.StreamEngine
import app.undertone.engine.StreamOptions
import app.undertone.engine.asset.AssetException
import app.undertone.engine.asset.AssetSource
import app.undertone.engine.asset.EmotionAsset

/**
 * The engine over the APK's own asset. Verifies the asset whenever it loads it; keeps the loaded engine from one recording to the next.
 *
 * @param labels what the screen can show, in order; an asset with others is refused.
 * @param options of the next recording; asked at each [open], on its thread.
 */
class PackagedEngines(
    private val source: AssetSource,
    private val labels: List<String>,
    private val options: () -> StreamOptions = { StreamOptions() },
) : EngineSource {
    private val leases = EngineLeases { EmotionEngine(EmotionAsset.open(source).also(::requireLabels)) }

    /** A loaded engine was verified, whoever uses it now. */
    override fun prepare(): AssetProblem? = try {
        if (!leases.isLoaded) open(onPreempted = {}).close()
        null
    } catch (e: EngineUnavailableException) {
        e.problem
    }

    override fun open(onPreempted: (() -> Unit)?): StreamEngine = try {
        leases.lease(onPreempted, options)
    } catch (e: InterruptedException) {
        throw e
    } catch (e: Throwable) {
        throw EngineUnavailableException(assetProblemOf(e) ?: throw e)
    }

    /** Frees the models, some 60 MB; those of a recording or a file that goes on when it ends. They are loaded again by the next [open]. */
    fun free() = leases.free()

    private fun requireLabels(asset: EmotionAsset) {
        if (asset.manifest.labels != labels) {
            throw AssetException("manifest.json", "its labels are ${asset.manifest.labels}, this app shows $labels")
        }
    }
}
