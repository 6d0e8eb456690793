package app.undertone.engine.gate

import ai.onnxruntime.OnnxJavaType
import ai.onnxruntime.OnnxTensor
import ai.onnxruntime.OnnxTensorLike
import app.undertone.engine.EmotionEngine
import app.undertone.engine.InternalUndertoneApi
import app.undertone.engine.OnnxLibrary
import app.undertone.engine.asset.AssetException
import app.undertone.engine.asset.EmotionAsset
import app.undertone.engine.directFloats
import java.nio.Buffer
import java.nio.FloatBuffer

/**
 * How likely it is that someone speaks, frame by frame: Silero VAD, which remembers what it heard.
 *
 * Not thread-safe. Tensors are made once and reused, so that a frame costs no more than the model itself.
 *
 * @throws AssetException when `speech_gate.onnx` is not the model that the engine was written for.
 */
@InternalUndertoneApi
public class SpeechDetector(asset: EmotionAsset) : AutoCloseable {
    private val model = asset.speechModel.load(threads = 1)
    private val input = directFloats(CONTEXT_SAMPLES + FRAME_SAMPLES)
    private val states = List(2) { directFloats(STATE_SIZE) }
    private val output = directFloats(1)
    private val tensors: List<OnnxTensor>
    private val runs: List<Run>
    private var frames = 0

    init {
        try {
            checkSignature()
            val environment = OnnxLibrary.environment
            val inputTensor = OnnxTensor.createTensor(environment, input, longArrayOf(1, input.capacity().toLong()))
            val stateTensors = states.map { OnnxTensor.createTensor(environment, it, STATE_SHAPE) }
            val outputTensor = OnnxTensor.createTensor(environment, output, longArrayOf(1, 1))
            val rateTensor = OnnxTensor.createTensor(environment, SAMPLE_RATE_HZ.toLong()) // a scalar
            tensors = stateTensors + inputTensor + outputTensor + rateTensor
            // The state swaps between two buffers: even frames read the first and write the second, odd ones the reverse.
            runs = listOf(0, 1).map { from ->
                Run(
                    inputs = mapOf("input" to inputTensor, "state" to stateTensors[from], "sr" to rateTensor),
                    outputs = mapOf("output" to outputTensor, "stateN" to stateTensors[1 - from]),
                )
            }
        } catch (e: Throwable) {
            model.close()
            throw e
        }
    }

    /**
     * The probability of speech in [frame], [FRAME_SAMPLES] samples that follow those of the last call.
     *
     * @throws AssetException when the model cannot be run or gives no number.
     */
    public fun probability(frame: FloatArray): Float {
        require(frame.size == FRAME_SAMPLES) { "a frame has $FRAME_SAMPLES samples, not ${frame.size}" }
        // The model wants the last samples of the frame before in front of each frame.
        for (i in 0 until CONTEXT_SAMPLES) input.put(i, input.get(FRAME_SAMPLES + i))
        input.putAt(CONTEXT_SAMPLES, frame, 0)
        val run = runs[frames++ and 1]
        model.running { model.session.run(run.inputs, run.outputs).close() }
        val probability = output.get(0)
        if (!probability.isFinite()) throw AssetException(model.name, "gives a speech probability that is no number: $probability")
        return probability
    }

    /** Leaves out [frame]: the network does not hear it, but for the last samples of it, which belong to the next frame. */
    public fun skip(frame: FloatArray) {
        require(frame.size == FRAME_SAMPLES) { "a frame has $FRAME_SAMPLES samples, not ${frame.size}" }
        input.putAt(FRAME_SAMPLES, frame, FRAME_SAMPLES - CONTEXT_SAMPLES)
    }

    /** Forgets what was heard: the next frame starts a new recording. */
    public fun reset() {
        input.clearToZero()
        states.forEach { it.clearToZero() }
        frames = 0
    }

    /** Frees the memory of the network; it answers nothing from then on. */
    override fun close() {
        tensors.forEach { it.close() }
        model.close()
    }

    private fun checkSignature() {
        model.check("input", model.session.inputInfo, "input", OnnxJavaType.FLOAT, 1, (CONTEXT_SAMPLES + FRAME_SAMPLES).toLong())
        model.check("input", model.session.inputInfo, "state", OnnxJavaType.FLOAT, *STATE_SHAPE)
        model.check("input", model.session.inputInfo, "sr", OnnxJavaType.INT64)
        model.check("output", model.session.outputInfo, "output", OnnxJavaType.FLOAT, 1, 1)
        model.check("output", model.session.outputInfo, "stateN", OnnxJavaType.FLOAT, *STATE_SHAPE)
    }

    private class Run(val inputs: Map<String, OnnxTensorLike>, val outputs: Map<String, OnnxTensor>)

    /** The units of what it takes. */
    @InternalUndertoneApi
    public companion object {
        /** The one rate that the model of the asset knows. */
        public const val SAMPLE_RATE_HZ: Int = EmotionEngine.SAMPLE_RATE_HZ

        /** Samples in a frame: 32 ms. */
        public const val FRAME_SAMPLES: Int = EmotionEngine.FRAME_SAMPLES

        private const val CONTEXT_SAMPLES = 64
        private val STATE_SHAPE = longArrayOf(2, 1, 128)
        private const val STATE_SIZE = 2 * 1 * 128
    }
}

/** Copies [source] from [from] on, to the place [at]. */
private fun FloatBuffer.putAt(at: Int, source: FloatArray, from: Int) {
    // On Android up to 9 only Buffer has this method: a call on FloatBuffer compiles, and is not found there.
    (this as Buffer).position(at)
    put(source, from, source.size - from)
}

private fun FloatBuffer.clearToZero() {
    for (i in 0 until capacity()) put(i, 0f)
}
