package app.undertone.engine

/** ONNX Runtime is missing, or has no native code for this device. */
public class OnnxRuntimeException(cause: LinkageError) : Exception("ONNX Runtime cannot be loaded (${cause.message}); $ADVICE", cause) {
    /** What to do, for whoever builds the program. */
    public val advice: String get() = ADVICE

    private companion object {
        const val ADVICE = "a JVM program needs com.microsoft.onnxruntime:onnxruntime beside the engine, an app gets it from engine-android"
    }
}
