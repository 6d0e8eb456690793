package app.undertone.replay

import app.undertone.engine.testing.GeneratedAudio
import app.undertone.engine.testing.TinyAsset
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.double
import kotlinx.serialization.json.float
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import org.junit.Rule
import org.junit.rules.TemporaryFolder
import java.io.ByteArrayOutputStream
import java.io.PrintStream
import java.nio.file.Path
import kotlin.io.path.div
import kotlin.io.path.writeBytes
import kotlin.math.abs
import kotlin.test.assertTrue

/**
 * Runs the command on files that a test writes.
 *
 * The tiny asset takes loudness for speech; its logits are 100 times the mean, maximum, minimum and mean square.
 */
abstract class ReplayHarness {
    @get:Rule
    val temporary = TemporaryFolder()

    protected val folder: Path by lazy { temporary.root.toPath() }
    protected val asset: Path by lazy { TinyAsset().writeTo(folder / "asset") }

    /** Quarters of a second of quiet and seconds of speech, by turns, in whole frames; exact in 16 bits. */
    protected val twoBursts = GeneratedAudio.bursts(16 * 512, 32 * 512, 48 * 512, 40 * 512, 32 * 512).in16Bits()
    protected val speech = GeneratedAudio.noise(20_000, peak = 0.5f).in16Bits()

    protected data class Outcome(val exitCode: Int, val lines: List<JsonObject>, val errors: List<String>)

    protected fun run(vararg arguments: String): Outcome =
        if ("--asset" in arguments) call(*arguments) else call("--asset", "$asset", *arguments)

    /** The exit code and what was printed, for output that is no JSON. */
    protected fun text(vararg arguments: String): Pair<Int, String> {
        val out = ByteArrayOutputStream()
        val exitCode = PrintStream(out, false, Charsets.UTF_8).use { replay(listOf("--asset", "$asset", *arguments), it, System.err) }
        return exitCode to out.toString(Charsets.UTF_8)
    }

    protected fun call(vararg arguments: String): Outcome {
        val (out, err) = List(2) { ByteArrayOutputStream() }
        val exitCode = replay(arguments.toList(), PrintStream(out, false, Charsets.UTF_8), PrintStream(err, true, Charsets.UTF_8))
        fun ByteArrayOutputStream.lines() = toString(Charsets.UTF_8).lines().filter { it.isNotEmpty() }
        return Outcome(exitCode, out.lines().map { Json.parseToJsonElement(it).jsonObject }, err.lines())
    }

    protected fun write(name: String, bytes: ByteArray): String = "${(folder / name).also { it.writeBytes(bytes) }}"

    protected fun wav(name: String, pcm: FloatArray): String = write(name, wavBytes(pcm))

    protected fun wholeLogits(file: String): List<Float> = run("--whole", file).lines.single().logits()

    protected fun assertClose(expected: List<Float>, found: List<Float>, tolerance: Float, what: String) {
        val worst = expected.zip(found).maxOf { (a, b) -> abs(a - b) }
        assertTrue(worst <= tolerance, "$what: differs by $worst, more than $tolerance")
    }

    protected fun FloatArray.in16Bits() = FloatArray(size) { (this[it] * 32768).toInt() / 32768f }

    protected fun JsonObject.text(name: String) = getValue(name).jsonPrimitive.content

    protected fun JsonObject.number(name: String) = getValue(name).jsonPrimitive.double

    protected fun JsonObject.logits() = getValue("logits").jsonArray.map { it.jsonPrimitive.float }
}
