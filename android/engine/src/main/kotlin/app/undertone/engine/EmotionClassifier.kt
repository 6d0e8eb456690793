package app.undertone.engine

import ai.onnxruntime.OnnxJavaType
import ai.onnxruntime.OnnxTensor
import ai.onnxruntime.OrtSession
import app.undertone.engine.asset.AssetException
import app.undertone.engine.asset.EmotionAsset
import kotlin.math.exp

/**
 * Names the emotion of a piece of speech. Not thread-safe; [threads] of ONNX Runtime work on one call.
 *
 * @throws AssetException when `model.onnx` does not take and give what the manifest says.
 */
public class EmotionClassifier(asset: EmotionAsset, threads: Int = 1) : AutoCloseable {
    private val manifest = asset.manifest
    private val model = asset.emotionModel.load(threads)
    private val runOptions = OrtSession.RunOptions()

    /** The outputs that are asked for, with their sizes. Probabilities follow from the logits in double precision. */
    private val outputs = buildMap {
        put("logits", manifest.labels.size)
        if (manifest.hasArousalValence) put("arousal_valence", 2)
    }

    init {
        try {
            // Each new length of audio makes the arena grow, and nothing else makes it shrink.
            if (System.getProperty("os.arch") in ARENA_ARCHITECTURES) {
                runOptions.addRunConfigEntry("memory.enable_memory_arena_shrinkage", "cpu:0")
            }
            model.check("input", model.session.inputInfo, "pcm", OnnxJavaType.FLOAT, 1, -1)
            for ((output, size) in outputs + ("probabilities" to manifest.labels.size)) {
                model.check("output", model.session.outputInfo, output, OnnxJavaType.FLOAT, 1, size.toLong())
            }
        } catch (e: Throwable) {
            close()
            throw e
        }
    }

    /**
     * The emotion of [length] samples of [pcm] from [offset] on: mono, at the manifest's sample rate, in [-1, 1).
     *
     * Audio longer than the longest window is cut into equal windows, whose outputs are averaged by their length.
     *
     * @throws AssetException when the model cannot be run or gives no numbers.
     * @throws AudioException when the audio is shorter than the shortest window, silent, or holds NaN or infinity.
     */
    public fun classify(pcm: FloatArray, offset: Int = 0, length: Int = pcm.size - offset): EmotionEstimate {
        requireAudible(pcm, offset, length)
        if (length < manifest.shortestWindowSamples) {
            throw AudioException(
                AudioProblem.TooShort,
                "too short: $length samples, the model needs ${manifest.shortestWindowSamples} at ${manifest.sampleRateHz} Hz",
            )
        }
        val windows = (length - 1) / manifest.longestWindowSamples + 1
        val outcome = DoubleArray(outputs.values.sum())
        for (window in 0 until windows) {
            val start = boundary(window, windows, length)
            val end = boundary(window + 1, windows, length)
            val weight = (end - start).toDouble() / length
            run(pcm, offset + start, end - start).forEachIndexed { place, value -> outcome[place] += weight * value }
        }
        return estimate(outcome.map { it.toFloat() })
    }

    /** Frees the memory of the network; it answers nothing from then on. */
    override fun close() {
        runOptions.close()
        model.close()
    }

    private fun boundary(window: Int, windows: Int, length: Int) = (window.toLong() * length / windows).toInt()

    /** The [outputs] for one window, one after the other. */
    private fun run(pcm: FloatArray, offset: Int, length: Int): List<Float> {
        val samples = directFloats(length)
        samples.duplicate().put(pcm, offset, length)
        val shape = longArrayOf(1, length.toLong())
        return model.running {
            OnnxTensor.createTensor(OnnxLibrary.environment, samples, shape).use { input ->
                model.session.run(mapOf("pcm" to input), outputs.keys, runOptions).use { result ->
                    outputs.entries.flatMapIndexed { index, (output, size) ->
                        val values = (result.get(index) as OnnxTensor).floatBuffer
                        if (values.remaining() != size) {
                            throw AssetException(model.name, "gives ${values.remaining()} values of $output, not $size")
                        }
                        List(size) { values.get(it) }
                    }
                }
            }
        }
    }

    private fun estimate(outcome: List<Float>): EmotionEstimate {
        if (outcome.any { !it.isFinite() }) {
            throw AssetException(model.name, "gives ${outputs.keys.joinToString(" and ")} that are not numbers: $outcome")
        }
        val logits = outcome.take(manifest.labels.size)
        val arousalValence = if (manifest.hasArousalValence) ArousalValence(outcome[logits.size], outcome[logits.size + 1]) else null
        return manifest.estimateOf(logits, arousalValence)
    }

    private companion object {
        // Elsewhere ONNX Runtime has no arena, and refuses to run when told to shrink it.
        val ARENA_ARCHITECTURES = setOf("amd64", "x86_64", "aarch64")
    }
}

/** softmax(logits / temperature); the largest is subtracted first, so that nothing overflows. */
internal fun softmax(logits: List<Float>, temperature: Double): List<Double> {
    val largest = logits.max()
    val exponentials = logits.map { exp((it.toDouble() - largest) / temperature) }
    val sum = exponentials.sum()
    return exponentials.map { it / sum }
}
