package app.undertone.about

import androidx.compose.runtime.Immutable
import app.undertone.engine.asset.AssetManifest
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.contentOrNull
import kotlinx.serialization.json.doubleOrNull
import kotlinx.serialization.json.intOrNull

/**
 * What the manifest says about the model. Its training and its results are open-ended: what is not there is null or empty.
 *
 * @param corpora names of the collections of recordings whose labels it learned.
 * @param sources names of everything that it learned from: those, collections of speech without labels, and the network that taught it.
 */
@Immutable
data class ModelFacts(
    val corpora: List<String>,
    val sources: List<String>,
    val speakers: Int?,
    val clips: Int?,
    val evaluation: Evaluation?,
    val sizeBytes: Long,
    val sha256: String,
    val gitCommit: String?,
)

/**
 * What was measured on speakers new to the network that was evaluated: the model itself, or one for each fold of its recipe.
 *
 * @param unweightedAccuracy mean recall of the emotions, in 0..1.
 * @param recalls in 0..1, in the order of the labels.
 * @param calibrationError expected calibration error, in 0..1.
 * @param answered the share of recordings, in 0..1, for which it is sure enough to name an emotion; [wrong] of those were wrong.
 * @param confusion clips by true emotion, then by the one named, both in the order of the labels.
 */
@Immutable
data class Evaluation(
    val clips: Int,
    val speakers: Int,
    val unweightedAccuracy: Double,
    val recalls: List<Double>,
    val calibrationError: Double?,
    val answered: Double?,
    val wrong: Double?,
    val confusion: List<List<Int>>?,
)

private const val MODEL = "model.onnx"
private const val SHOWN_DIGITS = 12

/** The facts of this manifest; the field names are those that `model_builder` writes. */
internal fun AssetManifest.facts(): ModelFacts {
    val training = Json.parseToJsonElement(this.training) as JsonObject
    val model = files.first { it.name == MODEL }
    val corpora = training.names("corpora")
    val unlabelled = (training["unlabelled_speech"] as? JsonObject)?.names("corpora").orEmpty()
    return ModelFacts(
        corpora = corpora,
        sources = (corpora + unlabelled + listOfNotNull(training.primitive("teacher")?.contentOrNull)).distinct(),
        speakers = training.array("speakers")?.size,
        clips = training.primitive("clips")?.intOrNull,
        evaluation = (Json.parseToJsonElement(results) as JsonObject).evaluation(labels),
        sizeBytes = model.sizeBytes,
        sha256 = model.sha256.take(SHOWN_DIGITS),
        gitCommit = gitCommit?.take(SHOWN_DIGITS),
    )
}

private fun JsonObject.evaluation(labels: List<String>): Evaluation? {
    val recalls = this["recalls"] as? JsonObject
    val uncertainty = this["uncertainty"] as? JsonObject
    return Evaluation(
        clips = primitive("clips")?.intOrNull ?: return null,
        speakers = array("speakers")?.size ?: return null,
        unweightedAccuracy = primitive("unweighted_accuracy")?.doubleOrNull ?: return null,
        recalls = labels.map { recalls?.primitive(it)?.doubleOrNull ?: return null },
        calibrationError = primitive("expected_calibration_error")?.doubleOrNull,
        answered = uncertainty?.primitive("coverage")?.doubleOrNull,
        wrong = uncertainty?.primitive("risk")?.doubleOrNull,
        confusion = array("confusion")?.map { row -> (row as? JsonArray).orEmpty().mapNotNull { (it as? JsonPrimitive)?.intOrNull } }
            ?.takeIf { rows -> rows.size == labels.size && rows.all { it.size == labels.size } },
    )
}

private fun JsonObject.names(field: String): List<String> =
    array(field).orEmpty().mapNotNull { (it as? JsonPrimitive)?.contentOrNull }

private fun JsonObject.array(name: String): JsonArray? = this[name] as? JsonArray

private fun JsonObject.primitive(name: String): JsonPrimitive? = this[name] as? JsonPrimitive
