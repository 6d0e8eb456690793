package app.undertone.engine.asset

import app.undertone.engine.EmotionClassifier
import app.undertone.engine.EmotionEngine
import app.undertone.engine.LiveParameters
import app.undertone.engine.OnnxModel
import app.undertone.engine.SessionAdaptationParameters
import app.undertone.engine.gate.GateParameters
import app.undertone.engine.gate.SpeechDetector
import app.undertone.engine.testing.GeneratedAudio
import app.undertone.engine.testing.ReceivedStream
import app.undertone.engine.testing.TinyAsset
import app.undertone.engine.testing.TinyModels
import java.io.InputStream
import java.lang.ref.WeakReference
import java.nio.ByteBuffer
import java.nio.channels.FileChannel
import java.nio.channels.FileChannel.MapMode.READ_ONLY
import kotlin.test.Test
import kotlin.test.assertContains
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse

class EmotionAssetTest {
    @Test
    fun `an asset that fits gives what its manifest says`() {
        val manifest = EmotionAsset.open(TinyAsset().asStreams()).manifest

        assertEquals(listOf("angry", "happy", "neutral", "sad"), manifest.labels)
        assertEquals(16_000, manifest.sampleRateHz)
        assertEquals(4_000, manifest.shortestWindowSamples)
        assertEquals(240_000, manifest.longestWindowSamples)
        assertEquals(0.4, manifest.uncertaintyThreshold)
        assertEquals(GateParameters(512, 0.5f, 0.35f, 250, 300, 480, 15_000, 6f, 20_000, 320, 96), manifest.gate)
        assertEquals(LiveParameters(1_000, 5_000, 1_000, 8_000, 0.1), manifest.live)
        assertEquals(listOf("model.onnx", "speech_gate.onnx"), manifest.files.map { it.name })
        assertEquals("""{"corpora":["none"]}""", manifest.training)
        assertEquals(null, manifest.gitCommit)
        assertFalse(manifest.hasArousalValence)
        assertEquals(null, manifest.sessionAdaptation)
    }

    @Test
    fun `a folder and an APK give the same emotion`() {
        val tiny = TinyAsset()
        val speech = GeneratedAudio.noise(20_000, peak = 0.5f)

        val estimates = listOf(tiny.asStreams(), DirectoryAssetSource(tiny.inTemporaryFolder())).map { source ->
            EmotionClassifier(EmotionAsset.open(source)).use { it.classify(speech) }
        }

        assertEquals(estimates[0], estimates[1])
    }

    @Test
    fun `mapped models are verified and run as read ones are, and are not read`() {
        val folder = TinyAsset().inTemporaryFolder()
        val opened = mutableListOf<String>()
        val mapped = object : AssetSource {
            override fun open(name: String): InputStream = folder.resolve(name).toFile().inputStream().also { opened += name }

            override fun map(name: String): ByteBuffer = FileChannel.open(folder.resolve(name)).use { it.map(READ_ONLY, 0, it.size()) }
        }
        val speech = GeneratedAudio.noise(20_000, peak = 0.5f)

        val estimates = listOf(mapped, DirectoryAssetSource(folder)).map { source ->
            EmotionClassifier(EmotionAsset.open(source)).use { it.classify(speech) }
        }

        assertEquals(estimates[0], estimates[1])
        assertEquals(listOf("manifest.json"), opened)
        folder.resolve("speech_gate.onnx").toFile().run { writeBytes(readBytes().also { it[it.size / 2]++ }) }
        assertContains(assertFailsWith<AssetException> { EmotionAsset.open(mapped) }.message!!, "speech_gate.onnx: has SHA-256 ")
        folder.resolve("model.onnx").toFile().appendBytes(byteArrayOf(1))
        assertContains(assertFailsWith<AssetException> { EmotionAsset.open(mapped) }.message!!, "model.onnx: has ")
    }

    @Test
    fun `one asset serves several engines`() {
        val asset = EmotionAsset.open(TinyAsset().asStreams())
        val speech = GeneratedAudio.noise(20_000, peak = 0.5f)

        val estimates = List(2) { EmotionClassifier(asset).use { it.classify(speech) } }

        assertEquals(estimates[0], estimates[1])
    }

    @Test
    fun `fields that a later manifest adds are left alone`() {
        val asset = TinyAsset(manifest = { it.replace("{\n  \"schema_version\"", "{\"mood\": {}, \"schema_version\"") })

        assertEquals(4, EmotionAsset.open(asset.asStreams()).manifest.labels.size)
    }

    @Test
    fun `a missing manifest is refused with the command that makes one`() {
        refuses(TinyAsset(afterHashing = mapOf("manifest.json" to null)), "manifest.json: is missing; run: make asset")
    }

    @Test
    fun `a missing model is refused`() {
        refuses(TinyAsset(afterHashing = mapOf("model.onnx" to null)), "model.onnx: is missing; run: make asset")
    }

    @Test
    fun `what is wrong, where, and what to do are apart`() {
        val spoilt = TinyAsset(afterHashing = mapOf("model.onnx" to null))
        val refusal = assertFailsWith<AssetException> { EmotionAsset.open(DirectoryAssetSource(spoilt.inTemporaryFolder())) }
        assertEquals(listOf("model.onnx", "is missing", "run: make asset"), listOf(refusal.file, refusal.reason, refusal.advice))

        val packaged = assertFailsWith<AssetException> { EmotionAsset.open(ClasspathAssetSource("nowhere")) }
        assertEquals("manifest.json" to "is missing", packaged.file to packaged.reason)
        assertContains(packaged.advice!!, "app.undertone:emotion-model")
    }

    @Test
    fun `a model that was cut off is refused`() {
        val half = TinyModels.emotion().let { it.copyOf(it.size / 2) }
        refuses(TinyAsset(afterHashing = mapOf("model.onnx" to half)), "model.onnx: has ${half.size} bytes, the manifest says")
    }

    @Test
    fun `a model that grew is refused`() {
        val longer = TinyModels.emotion() + 0
        refuses(TinyAsset(afterHashing = mapOf("model.onnx" to longer)), "model.onnx: has more bytes, the manifest says")
    }

    @Test
    fun `a model with one changed byte is refused`() {
        val changed = TinyModels.loudnessGate().also { it[it.size / 2]++ }
        refuses(TinyAsset(afterHashing = mapOf("speech_gate.onnx" to changed)), "speech_gate.onnx: has SHA-256 ")
    }

    @Test
    fun `a manifest that is not JSON is refused`() {
        refusesManifest("manifest.json: is not JSON") { it.dropLast(20) }
        refusesManifest("manifest.json: is not JSON") { "" }
        refusesManifest("manifest.json: is not a JSON object") { "[]" }
    }

    @Test
    fun `another schema version is refused, whatever else changed with it`() {
        refusesManifest("manifest.json: schema_version is 1, but this engine reads 2") { """{"schema_version": 1}""" }
        refusesManifest("manifest.json: schema_version must be a whole number, not \"1\"") {
            it.replace("\"schema_version\": 2", "\"schema_version\": \"1\"")
        }
        refusesManifest("manifest.json: schema_version is missing") { "{}" }
    }

    @Test
    fun `labels that are missing, doubled or blank are refused`() {
        refusesManifest("manifest.json: labels is missing") { it.replace("\"labels\"", "\"names\"") }
        refusesManifest("labels must differ, but sad is there more than once") { it.replace("\"happy\"", "\"sad\"") }
        refusesManifest("labels must not be blank") { it.replace("\"happy\"", "\" \"") }
        refusesManifest("labels must name at least two emotions") { it.replace(", \"happy\", \"neutral\", \"sad\"", "") }
        refusesManifest("labels must be strings, not 7") { it.replace("\"happy\"", "7") }
        refusesManifest("labels must be an array") { it.replace("[\"angry\", \"happy\", \"neutral\", \"sad\"]", "4") }
    }

    @Test
    fun `a label too few or too many does not fit the model`() {
        val threeLabels = TinyAsset(manifest = { it.replace("\"angry\", ", "") })
        refusesToClassify(threeLabels, "model.onnx: has output logits FLOAT(1, 4), not FLOAT(1, 3)")
    }

    @Test
    fun `numbers that no engine could work with are refused`() {
        refusesManifest("sample_rate_hz must be 16000, not 8000") { it.replace("\"sample_rate_hz\": 16000", "\"sample_rate_hz\": 8000") }
        refusesManifest("shortest_window_samples must be above 0") { it.replace("4000,", "0,") }
        refusesManifest("longest_window_samples must be at least twice") { it.replace("240000", "5000") }
        refusesManifest("longest_window_samples is out of range") { it.replace("240000", "99999999999") }
        refusesManifest("temperature must be above 0") { it.replace("\"temperature\": 1.0", "\"temperature\": 0") }
        refusesManifest("temperature must be a number") { it.replace("\"temperature\": 1.0", "\"temperature\": \"warm\"") }
        refusesManifest("uncertainty_threshold must be in 0..1") { it.replace("0.4,", "40,") }
        refusesManifest("gate is missing") { it.replace("\"gate\"", "\"door\"") }
        refusesManifest("gate.frame_samples must be 512") { it.replace("512", "256") }
        refusesManifest("gate.leave_probability must be above 0 and below") { it.replace("0.35", "0.5") }
        refusesManifest("gate.enter_probability must be above 0 and at most 1") { it.replace("0.5,", "50,") }
        refusesManifest("gate.hangover_ms must not be negative") { it.replace("480", "-1") }
        refusesManifest("gate.noise_margin_db must be in 0..60") { it.replace("\"noise_margin_db\": 6.0", "\"noise_margin_db\": -1") }
        refusesManifest("gate.network_lead_in_ms must be in 0..pre_roll_ms (300)") { it.replace("96}", "400}") }
        refusesManifest("live.early_result_ms must cover shortest_window_samples") {
            it.replace("\"early_result_ms\": 1000", "\"early_result_ms\": 100")
        }
        refusesManifest("live.early_step_ms must be at least early_result_ms") {
            it.replace("\"early_window_ms\": 5000", "\"early_window_ms\": 5000, \"early_step_ms\": 500")
        }
        refusesManifest("live.early_window_ms must be at least early_result_ms") {
            it.replace("\"early_window_ms\": 5000", "\"early_window_ms\": 500")
        }
        refusesManifest("live.switch_margin must be in 0..1") { it.replace("\"switch_margin\": 0.1", "\"switch_margin\": 2") }
        refusesManifest("has_arousal_valence must be true or false, not \"yes\"") {
            it.replace("\"results\"", "\"has_arousal_valence\": \"yes\", \"results\"")
        }
        refusesManifest("has_arousal_valence must be true or false, not null") {
            it.replace("\"results\"", "\"has_arousal_valence\": null, \"results\"")
        }
        refusesManifest("gate.longest_segment_ms must cover six frames") {
            it.replace("\"longest_segment_ms\": 15000", "\"longest_segment_ms\": 100")
        }
    }

    @Test
    fun `session adaptation is read where the manifest has it, and refused where no stream could be adapted so`() {
        val adapted = EmotionAsset.open(TinyAsset.withSessionAdaptation(10.0, 1.5).asStreams()).manifest.sessionAdaptation
        assertEquals(SessionAdaptationParameters(priorResults = 10.0, largestShift = 1.5), adapted)

        val refusals = mapOf(
            "null" to "session_adaptation must be an object, not null",
            "{}" to "session_adaptation.prior_results is missing",
            """{"prior_results": 10}""" to "session_adaptation.largest_shift is missing",
            """{"prior_results": "ten", "largest_shift": 1.5}""" to "session_adaptation.prior_results must be a number, not \"ten\"",
            """{"prior_results": 0, "largest_shift": 1.5}""" to "session_adaptation.prior_results must be above 0, not 0.0",
            """{"prior_results": 10, "largest_shift": -1.5}""" to "session_adaptation.largest_shift must be above 0, not -1.5",
            """{"prior_results": 10, "largest_shift": 1e999}""" to "session_adaptation.largest_shift must be above 0, not Infinity",
        )
        for ((value, refusal) in refusals) {
            refusesManifest(refusal) { it.replace("\"results\"", "\"session_adaptation\": $value, \"results\"") }
        }
    }

    @Test
    fun `file names that lead out of the asset are refused`() {
        for (name in listOf("../model.onnx", "/etc/model.onnx", "golden/../../model.onnx", "C:\\model.onnx", "a//b", "", ".hidden")) {
            val json = name.replace("\\", "\\\\")
            refusesManifest("manifest.json: files: \"$name\" is not a plain path inside the asset") {
                it.replace("\"name\": \"model.onnx\"", "\"name\": \"$json\"")
            }
        }
    }

    @Test
    fun `a list of files that is incomplete, doubled or without hashes is refused`() {
        refusesManifest("files: model.onnx is not listed") { it.replace("model.onnx", "other.onnx") }
        refusesManifest("files: model.onnx is listed more than once") { it.replace("speech_gate.onnx", "model.onnx") }
        refusesManifest("files: model.onnx has no SHA-256") { it.replaceFirst(Regex("[0-9a-f]{64}"), "abc") }
        refusesManifest("files[0] must be an object") { it.replaceFirst(Regex("\\{\"name\".*\\},"), "3,") }
    }

    @Test
    fun `an engine holds none of the models' bytes`() {
        var asset: EmotionAsset? = EmotionAsset.open(TinyAsset().asStreams())
        val bytes = listOf(asset!!.emotionModel, asset.speechModel).map { WeakReference((it as OnnxModel.InMemory).bytes) }

        EmotionEngine(asset).use { engine ->
            asset = null
            val giveUpNanos = System.nanoTime() + 20_000_000_000
            while (bytes.any { it.get() != null } && System.nanoTime() < giveUpNanos) {
                System.gc()
                Thread.sleep(20)
            }
            assertEquals(listOf(null, null), bytes.map { it.get() })

            val received = ReceivedStream()
            engine.start(16_000, 0, received)
            engine.accept(GeneratedAudio.noise(20_000, peak = 0.9f))
            engine.finish()
            assertEquals(1, received.segments.size)
        }
    }

    @Test
    fun `a model that is no ONNX file is refused`() {
        refusesToClassify(TinyAsset(emotionModel = ByteArray(1000) { 7 }), "model.onnx: cannot be loaded by ONNX Runtime")
    }

    @Test
    fun `a model that takes something else than PCM is refused`() {
        refusesToClassify(TinyAsset(TinyModels.emotion(input = "mel")), "model.onnx: has no input pcm FLOAT(1, any), only [mel]")
        refusesToClassify(
            TinyAsset(TinyModels.emotion(inputShape = listOf(1, 48_000))),
            "model.onnx: has input pcm FLOAT(1, 48000), not FLOAT(1, any)",
        )
    }

    @Test
    fun `a model that gives something else than four logits is refused`() {
        refusesToClassify(TinyAsset(TinyModels.emotion(logits = "scores")), "model.onnx: has no output logits FLOAT(1, 4)")
        refusesToClassify(TinyAsset(TinyModels.emotion(classes = 3)), "model.onnx: has output logits FLOAT(1, 3), not FLOAT(1, 4)")
    }

    @Test
    fun `a model without the arousal and valence that its manifest promises is refused`() {
        refusesToClassify(
            TinyAsset.withArousalValence(TinyModels.emotion()),
            "model.onnx: has no output arousal_valence FLOAT(1, 2), only [logits, probabilities]",
        )
    }

    @Test
    fun `a speech gate that is another model is refused`() {
        val asset = EmotionAsset.open(TinyAsset(speechModel = TinyModels.emotion()).asStreams())

        val refusal = assertFailsWith<AssetException> { SpeechDetector(asset) }

        assertContains(refusal.message!!, "speech_gate.onnx: has no input input FLOAT(1, 576), only [pcm]")
    }

    private fun refuses(asset: TinyAsset, message: String) {
        for (source in listOf(asset.asStreams(), DirectoryAssetSource(asset.inTemporaryFolder()))) {
            val refusal = assertFailsWith<AssetException> { EmotionAsset.open(source) }
            assertContains(refusal.message!!, message)
        }
    }

    private fun refusesManifest(message: String, change: (String) -> String) = refuses(TinyAsset(manifest = change), message)

    private fun refusesToClassify(asset: TinyAsset, message: String) {
        val refusal = assertFailsWith<AssetException> { EmotionClassifier(EmotionAsset.open(asset.asStreams())) }
        assertContains(refusal.message!!, message)
    }
}
