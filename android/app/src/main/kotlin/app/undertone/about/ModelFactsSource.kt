package app.undertone.about

import app.undertone.engine.asset.AssetException
import app.undertone.engine.asset.AssetSource
import app.undertone.engine.asset.EmotionAsset
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import java.io.IOException

/** Reads what is known about the model. */
fun interface ModelFactsSource {
    /** null where the asset cannot be trusted. */
    suspend fun read(): ModelFacts?
}

/** Out of the manifest of the verified asset in [source]. */
class AssetModelFacts(private val source: AssetSource, private val disk: CoroutineDispatcher = Dispatchers.IO) : ModelFactsSource {
    override suspend fun read(): ModelFacts? = withContext(disk) {
        try {
            EmotionAsset.open(source).manifest.facts()
        } catch (e: AssetException) {
            null
        } catch (e: IOException) {
            null
        }
    }
}
