package app.undertone.engine.asset

import app.undertone.engine.LiveParameters
import app.undertone.engine.SessionAdaptationParameters
import app.undertone.engine.gate.GateParameters
import kotlinx.serialization.SerializationException
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.booleanOrNull
import kotlinx.serialization.json.doubleOrNull
import kotlinx.serialization.json.longOrNull

private const val SCHEMA_VERSION = 2

/** Parses the text of `manifest.json`; unknown fields are left alone. Throws IllegalArgumentException with the reason. */
internal fun readManifest(text: String): AssetManifest {
    val root = try {
        Json.parseToJsonElement(text)
    } catch (e: SerializationException) {
        throw IllegalArgumentException("is not JSON (${e.message?.lineSequence()?.first()})", e)
    }
    require(root is JsonObject) { "is not a JSON object" }
    val manifest = Fields(root)
    val schemaVersion = manifest.int("schema_version")
    require(schemaVersion == SCHEMA_VERSION) {
        "schema_version is $schemaVersion, but this engine reads $SCHEMA_VERSION"
    }
    return AssetManifest(
        labels = manifest.array("labels").map { label ->
            requireNotNull(label.textOrNull()) { "labels must be strings, not $label" }
        },
        sampleRateHz = manifest.int("sample_rate_hz"),
        shortestWindowSamples = manifest.int("shortest_window_samples"),
        longestWindowSamples = manifest.int("longest_window_samples"),
        temperature = manifest.double("temperature"),
        uncertaintyThreshold = manifest.double("uncertainty_threshold"),
        gate = Fields(manifest.json("gate"), "gate.").run {
            GateParameters(
                frameSamples = int("frame_samples"),
                enterProbability = double("enter_probability").toFloat(),
                leaveProbability = double("leave_probability").toFloat(),
                shortestSpeechMs = int("shortest_speech_ms"),
                preRollMs = int("pre_roll_ms"),
                hangoverMs = int("hangover_ms"),
                longestSegmentMs = int("longest_segment_ms"),
                noiseMarginDb = double("noise_margin_db").toFloat(),
                noiseWindowMs = int("noise_window_ms"),
                networkHoldMs = int("network_hold_ms"),
                networkLeadInMs = int("network_lead_in_ms"),
            )
        },
        live = Fields(manifest.json("live"), "live.").run {
            val earlyResultMs = int("early_result_ms")
            LiveParameters(
                earlyResultMs = earlyResultMs,
                earlyWindowMs = int("early_window_ms"),
                earlyStepMs = intOrAbsent("early_step_ms") ?: earlyResultMs,
                smoothingMs = int("smoothing_ms"),
                switchMargin = double("switch_margin"),
            )
        },
        files = manifest.array("files").mapIndexed { index, file ->
            require(file is JsonObject) { "files[$index] must be an object, not $file" }
            Fields(file, "files[$index].").run { AssetFile(text("name"), long("size_bytes"), text("sha256")) }
        },
        training = manifest.json("training").toString(),
        results = manifest.json("results").toString(),
        gitCommit = manifest.textOrNull("git_commit"),
        hasArousalValence = manifest.isSet("has_arousal_valence"),
        sessionAdaptation = manifest.jsonOrAbsent("session_adaptation")?.let { Fields(it, "session_adaptation.") }?.run {
            SessionAdaptationParameters(priorResults = double("prior_results"), largestShift = double("largest_shift"))
        },
    )
}

/** Typed reading of [json], whose fields are called [prefix] + name in messages. */
private class Fields(private val json: JsonObject, private val prefix: String = "") {
    fun int(name: String): Int = long(name).let { value ->
        require(value in Int.MIN_VALUE..Int.MAX_VALUE) { "$prefix$name is out of range: $value" }
        value.toInt()
    }

    /** null where the field is left out. */
    fun intOrAbsent(name: String): Int? = if (name in json) int(name) else null

    fun long(name: String): Long = typed(name, "a whole number") { it.unquotedOrNull()?.longOrNull }

    fun double(name: String): Double = typed(name, "a number") { it.unquotedOrNull()?.doubleOrNull }

    /** false where the field is left out. */
    fun isSet(name: String): Boolean = name in json && typed(name, "true or false") { it.unquotedOrNull()?.booleanOrNull }

    fun text(name: String): String = typed(name, "a string") { it.textOrNull() }

    fun textOrNull(name: String): String? = if (field(name) is JsonNull) null else text(name)

    fun array(name: String): JsonArray = typed(name, "an array") { it as? JsonArray }

    fun json(name: String): JsonObject = typed(name, "an object") { it as? JsonObject }

    /** null where the field is left out. */
    fun jsonOrAbsent(name: String): JsonObject? = if (name in json) json(name) else null

    private fun field(name: String): JsonElement = requireNotNull(json[name]) { "$prefix$name is missing" }

    private fun <T : Any> typed(name: String, type: String, read: (JsonElement) -> T?): T {
        val value = field(name)
        return requireNotNull(read(value)) { "$prefix$name must be $type, not $value" }
    }
}

private fun JsonElement.textOrNull(): String? = (this as? JsonPrimitive)?.takeIf { it.isString }?.content

/** A number, true, false or null. */
private fun JsonElement.unquotedOrNull(): JsonPrimitive? = (this as? JsonPrimitive)?.takeUnless { it.isString }
