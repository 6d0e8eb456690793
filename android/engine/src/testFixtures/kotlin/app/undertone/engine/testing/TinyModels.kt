package app.undertone.engine.testing

/** Models whose outputs can be told in the head. */
object TinyModels {
    /**
     * An emotion model: logits are 100 times the mean, the maximum, the minimum and the mean square of the samples.
     *
     * @param classes more or fewer than the four that it computes make a file with a signature that does not fit.
     * @param hasArousalValence adds the output of models that were trained on such labels: the mean of the samples, and the square root
     *   of their maximum, which is no number where all are negative.
     */
    fun emotion(
        input: String = "pcm",
        inputShape: List<Long> = listOf(1, -1),
        logits: String = "logits",
        classes: Long = 4,
        hasArousalValence: Boolean = false,
    ): ByteArray {
        val alongSamples = mapOf("axes" to listOf(1L), "keepdims" to 1L)
        val graph = OnnxGraph()
            .input(input, inputShape)
            .output(logits, listOf(1, classes))
            .output("probabilities", listOf(1, classes))
            .node("ReduceMean", listOf(input), "mean", alongSamples)
            .node("ReduceMax", listOf(input), "highest", alongSamples)
            .node("ReduceMin", listOf(input), "lowest", alongSamples)
            .node("Mul", listOf(input, input), "squares")
            .node("ReduceMean", listOf("squares"), "power", alongSamples)
            .node("Concat", listOf("mean", "highest", "lowest", "power").take(classes.toInt()), "features", mapOf("axis" to 1L))
            .constant("scale", listOf(100f))
            .node("Mul", listOf("features", "scale"), logits)
            .node("Softmax", listOf(logits), "probabilities", mapOf("axis" to 1L))
        if (hasArousalValence) {
            graph
                .output("arousal_valence", listOf(1, 2))
                .node("Sqrt", listOf("highest"), "root")
                .node("Concat", listOf("mean", "root"), "arousal_valence", mapOf("axis" to 1L))
        }
        return graph.toBytes()
    }

    /** A speech model that takes loudness for speech: the probability is twice the mean of |sample|, at most 1. */
    fun loudnessGate(): ByteArray = gate { graph ->
        graph
            .node("Abs", listOf("input"), "magnitudes")
            .node("ReduceMean", listOf("magnitudes"), "loudness", mapOf("axes" to listOf(1L), "keepdims" to 1L))
            .constant("gain", listOf(2f))
            .node("Mul", listOf("loudness", "gain"), "louder")
            .constant("one", listOf(1f))
            .node("Min", listOf("louder", "one"), "output")
            .node("Identity", listOf("state"), "stateN")
    }

    /**
     * A speech model that shows what it was given: the output is 1,000 times the frames heard so far, plus the first of
     * the samples, which is the oldest of the context.
     */
    fun memoryGate(): ByteArray = gate { graph ->
        graph
            .constant("one", listOf(1f))
            .node("Add", listOf("state", "one"), "stateN")
            .constant("from", 0L)
            .constant("until", 1L)
            .constant("axis", 1L)
            .node("Slice", listOf("input", "from", "until", "axis"), "oldest")
            .node("ReduceMax", listOf("state"), "cube", mapOf("keepdims" to 1L))
            .constant("column", 1L, 1L)
            .node("Reshape", listOf("cube", "column"), "frames")
            .constant("thousand", listOf(1000f))
            .node("Mul", listOf("frames", "thousand"), "thousands")
            .node("Add", listOf("thousands", "oldest"), "output")
    }

    private fun gate(body: (OnnxGraph) -> Unit): ByteArray = OnnxGraph()
        .input("input", listOf(-1, -1))
        .input("state", listOf(2, -1, 128))
        .input("sr", emptyList(), OnnxGraph.INT64)
        .output("output", listOf(-1, 1))
        .output("stateN", listOf(-1, -1, -1))
        .also(body)
        .toBytes()
}
