package app.undertone.engine.testing

import app.undertone.engine.asset.AssetSource
import java.io.ByteArrayInputStream
import java.io.FileNotFoundException
import java.io.InputStream
import java.nio.file.Files
import java.nio.file.Path
import java.security.MessageDigest
import kotlin.io.path.createDirectories
import kotlin.io.path.writeBytes

/**
 * A complete asset of two tiny models, which a test can spoil in one place.
 *
 * @param manifest changes the text of the manifest that fits the files.
 * @param afterHashing changes the files once the manifest states their sizes and hashes; null removes one.
 */
class TinyAsset(
    emotionModel: ByteArray = TinyModels.emotion(),
    speechModel: ByteArray = TinyModels.loudnessGate(),
    manifest: (String) -> String = { it },
    afterHashing: Map<String, ByteArray?> = emptyMap(),
) {
    private val files: Map<String, ByteArray>

    init {
        val models = mapOf("model.onnx" to emotionModel, "speech_gate.onnx" to speechModel)
        val all = models + ("manifest.json" to manifest(manifestOf(models)).encodeToByteArray()) + afterHashing
        files = all.mapNotNull { (name, bytes) -> bytes?.let { name to it } }.toMap()
    }

    /** The asset as an APK gives it: streams without paths. */
    fun asStreams(): AssetSource = object : AssetSource {
        override val advice = "run: make asset"

        override fun open(name: String): InputStream =
            ByteArrayInputStream(files[name] ?: throw FileNotFoundException(name))
    }

    fun writeTo(directory: Path): Path {
        for ((name, bytes) in files) directory.resolve(name).also { it.parent.createDirectories() }.writeBytes(bytes)
        return directory
    }

    fun inTemporaryFolder(): Path = writeTo(Files.createTempDirectory("tiny-asset").also { it.toFile().deleteOnExit() })

    private fun manifestOf(models: Map<String, ByteArray>): String {
        val list = models.entries.joinToString(",\n") { (name, bytes) ->
            val sha256 = MessageDigest.getInstance("SHA-256").digest(bytes).toHexString()
            """    {"name": "$name", "size_bytes": ${bytes.size}, "sha256": "$sha256"}"""
        }
        return """
            |{
            |  "schema_version": 2,
            |  "labels": ["angry", "happy", "neutral", "sad"],
            |  "sample_rate_hz": 16000,
            |  "shortest_window_samples": 4000,
            |  "longest_window_samples": 240000,
            |  "temperature": 1.0,
            |  "uncertainty_threshold": 0.4,
            |  "gate": {"frame_samples": 512, "enter_probability": 0.5, "leave_probability": 0.35,
            |    "shortest_speech_ms": 250, "pre_roll_ms": 300, "hangover_ms": 480, "longest_segment_ms": 15000,
            |    "noise_margin_db": 6.0, "noise_window_ms": 20000, "network_hold_ms": 320, "network_lead_in_ms": 96},
            |  "live": {"early_result_ms": 1000, "early_window_ms": 5000, "smoothing_ms": 8000, "switch_margin": 0.1},
            |  "files": [
            |$list
            |  ],
            |  "training": {"corpora": ["none"]},
            |  "results": {},
            |  "git_commit": null
            |}
        """.trimMargin()
    }

    companion object {
        /** One whose manifest says that the model has arousal and valence. */
        fun withArousalValence(emotionModel: ByteArray = TinyModels.emotion(hasArousalValence = true)) =
            TinyAsset(emotionModel, manifest = { it.replace("\"results\"", "\"has_arousal_valence\": true,\n  \"results\"") })

        /** One whose manifest asks for session adaptation; the tiny model's logits are about 100, so that small shifts change no label. */
        fun withSessionAdaptation(priorResults: Double, largestShift: Double): TinyAsset {
            val parameters = """{"prior_results": $priorResults, "largest_shift": $largestShift}"""
            return TinyAsset(manifest = { it.replace("\"results\"", "\"session_adaptation\": $parameters,\n  \"results\"") })
        }
    }
}
