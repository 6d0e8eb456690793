package app.undertone.engine

import ai.onnxruntime.NodeInfo
import ai.onnxruntime.OnnxJavaType
import ai.onnxruntime.OrtEnvironment
import ai.onnxruntime.OrtException
import ai.onnxruntime.OrtLoggingLevel
import ai.onnxruntime.OrtSession
import ai.onnxruntime.TensorInfo
import app.undertone.engine.asset.AssetException
import java.io.File
import java.io.IOException
import java.nio.ByteBuffer
import java.nio.ByteOrder
import java.nio.FloatBuffer
import java.nio.file.Path
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CompletionException

/**
 * ONNX Runtime's library, loaded once in a process. It takes as long as hashing the models does (some 0.1 s; more where it has to be unpacked
 * first), and needs nothing of them.
 */
internal object OnnxLibrary {
    private val loading by lazy { CompletableFuture.supplyAsync { OrtEnvironment.getEnvironment() } }

    /** Begins to load it, and returns at once. */
    fun beginToLoad() {
        loading
    }

    /**
     * Waits until it is loaded.
     *
     * @throws LinkageError when there is none for this platform; each call throws the same one.
     */
    val environment: OrtEnvironment
        get() = try {
            loading.join()
        } catch (e: CompletionException) {
            throw e.cause ?: e
        }
}

/** A verified ONNX file that ONNX Runtime has not loaded yet. */
internal sealed class OnnxModel(val name: String) {
    class AtPath(name: String, val path: Path) : OnnxModel(name)

    class InMemory(name: String, val bytes: ByteBuffer) : OnnxModel(name)

    /** Loads the model; [threads] work on one operator together, operators run one after the other. */
    fun load(threads: Int): LoadedModel {
        val environment = OnnxLibrary.environment
        return try {
            OrtSession.SessionOptions().use { options ->
                options.setExecutionMode(OrtSession.SessionOptions.ExecutionMode.SEQUENTIAL)
                options.setIntraOpNumThreads(threads)
                options.setInterOpNumThreads(1)
                options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR)
                if (integerProductsSaturate) options.addConfigEntry("session.x64quantprecision", "1")
                val session = when (this) {
                    is AtPath -> environment.createSession(path.toString(), options)
                    is InMemory -> environment.createSession(bytes.duplicate(), options)
                }
                LoadedModel(name, session)
            }
        } catch (e: OrtException) {
            throw AssetException(name, "cannot be loaded by ONNX Runtime (${e.message?.lineSequence()?.first()})", cause = e)
        }
    }
}

/**
 * Whether ONNX Runtime has to be asked for exact products of uint8 and int8: on x86 without VNNI, where sums of two products saturate at 16
 * bits (VPMADDUBSW, Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2). The exact kernels take a fifth more time.
 */
private val integerProductsSaturate by lazy {
    System.getProperty("os.arch").orEmpty() in setOf("amd64", "x86_64") && try {
        File("/proc/cpuinfo").useLines { lines -> lines.none { it.startsWith("flags") && "vnni" in it } }
    } catch (e: IOException) {
        true // not Linux
    }
}

/** What ONNX Runtime made of the file [name]. Holds none of the file's bytes: the session has its own. */
internal class LoadedModel(val name: String, val session: OrtSession) : AutoCloseable {
    override fun close() = session.close()

    /**
     * Requires that [nodes], the [kind]s of the loaded model, hold [tensor] with [type] and [shape], where -1 is any size.
     * A size that the model leaves open fits every wanted one; a fixed size does not fit -1.
     */
    fun check(kind: String, nodes: Map<String, NodeInfo>, tensor: String, type: OnnxJavaType, vararg shape: Long) {
        val wanted = "$type${shape.describe()}"
        val node = nodes[tensor] ?: throw AssetException(name, "has no $kind $tensor $wanted, only ${nodes.keys}")
        val info = node.info as? TensorInfo
        val fits = info != null && info.type == type && info.shape.size == shape.size &&
            info.shape.zip(shape).all { (found, expected) -> found == expected || found == -1L }
        if (!fits) {
            val found = if (info == null) "no tensor" else "${info.type}${info.shape.describe()}"
            throw AssetException(name, "has $kind $tensor $found, not $wanted")
        }
    }

    /** What [run] on the session gives; a failure of ONNX Runtime is one of the file: the inputs are always of its kind. */
    inline fun <T> running(run: () -> T): T = try {
        run()
    } catch (e: OrtException) {
        throw AssetException(name, "cannot be run by ONNX Runtime (${e.message?.lineSequence()?.first()})", cause = e)
    }

    private fun LongArray.describe() = joinToString(", ", "(", ")") { if (it < 0) "any" else "$it" }
}

/** A buffer outside the heap, in native order, that ONNX Runtime reads and writes without a copy. */
internal fun directFloats(count: Int): FloatBuffer =
    ByteBuffer.allocateDirect(count * Float.SIZE_BYTES).order(ByteOrder.nativeOrder()).asFloatBuffer()
