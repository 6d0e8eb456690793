package app.undertone.engine

import ai.onnxruntime.OnnxJavaType
import ai.onnxruntime.OnnxTensor
import ai.onnxruntime.OrtEnvironment
import ai.onnxruntime.OrtSession
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

    init {
        try {
            // Each new length of audio makes the arena grow, and nothing else makes it shrink.
            if (System.getProperty("os.arch") in ARENA_ARCHITECTURES) {
                runOptions.addRunConfigEntry("memory.enable_memory_arena_shrinkage", "cpu:0")
            }
            val classes = manifest.labels.size.toLong()
            model.check("input", model.session.inputInfo, "pcm", OnnxJavaType.FLOAT, 1, -1)
            model.check("output", model.session.outputInfo, "logits", OnnxJavaType.FLOAT, 1, classes)
            model.check("output", model.session.outputInfo, "probabilities", OnnxJavaType.FLOAT, 1, classes)
        } catch (e: Throwable) {
            close()
            throw e
        }
    }

    /**
     * The emotion of [length] samples of [pcm] from [offset] on: mono, at the manifest's sample rate, in [-1, 1).
     *
     * Audio longer than the longest window is cut into equal windows, whose logits are averaged by their length.
     *
     * @throws AssetException when the model cannot be run or gives no numbers.
     * @throws AudioException when the audio is shorter than the shortest window, silent, or holds NaN or infinity.
     */
    public fun classify(pcm: FloatArray, offset: Int = 0, length: Int = pcm.size - offset): EmotionEstimate {
        requireAudible(pcm, offset, length)
        if (length < manifest.shortestWindowSamples) {
            throw AudioException(
                "too short: $length samples, the model needs ${manifest.shortestWindowSamples} at ${manifest.sampleRateHz} Hz",
            )
        }
        val windows = (length - 1) / manifest.longestWindowSamples + 1
        val logits = DoubleArray(manifest.labels.size)
        for (window in 0 until windows) {
            val start = boundary(window, windows, length)
            val end = boundary(window + 1, windows, length)
            val weight = (end - start).toDouble() / length
            run(pcm, offset + start, end - start).forEachIndexed { label, logit -> logits[label] += weight * logit }
        }
        return estimate(logits.map { it.toFloat() })
    }

    override fun close() {
        runOptions.close()
        model.close()
    }

    private fun boundary(window: Int, windows: Int, length: Int) = (window.toLong() * length / windows).toInt()

    private fun run(pcm: FloatArray, offset: Int, length: Int): FloatArray {
        val samples = directFloats(length)
        samples.duplicate().put(pcm, offset, length)
        val shape = longArrayOf(1, length.toLong())
        return model.running {
            OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), samples, shape).use { input ->
                model.session.run(mapOf("pcm" to input), LOGITS_ONLY, runOptions).use { result ->
                    val logits = (result.get(0) as OnnxTensor).floatBuffer
                    if (logits.remaining() != manifest.labels.size) {
                        throw AssetException(model.name, "gives ${logits.remaining()} logits for ${manifest.labels.size} labels")
                    }
                    FloatArray(logits.remaining(), logits::get)
                }
            }
        }
    }

    private fun estimate(logits: List<Float>): EmotionEstimate {
        if (logits.any { !it.isFinite() }) throw AssetException(model.name, "gives logits that are not numbers: $logits")
        val probabilities = softmax(logits, manifest.temperature)
        val top = logits.indices.maxBy { logits[it] } // the first of equals
        return EmotionEstimate(
            label = manifest.labels[top],
            labelIndex = top,
            logits = logits,
            probabilities = probabilities,
            isUncertain = probabilities[top] < manifest.uncertaintyThreshold,
        )
    }

    private companion object {
        // The probabilities follow from the logits in double precision; the model's own are for other readers of the file.
        val LOGITS_ONLY = setOf("logits")

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
