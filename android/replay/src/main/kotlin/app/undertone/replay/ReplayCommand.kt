package app.undertone.replay

import ai.onnxruntime.OrtException
import app.undertone.engine.AssetException
import app.undertone.engine.DirectoryAssetSource
import app.undertone.engine.EmotionAsset
import com.github.ajalt.clikt.core.CliktError
import com.github.ajalt.clikt.core.Context
import com.github.ajalt.clikt.core.CoreCliktCommand
import com.github.ajalt.clikt.core.UsageError
import com.github.ajalt.clikt.core.parse
import com.github.ajalt.clikt.output.ParameterFormatter
import com.github.ajalt.clikt.parameters.arguments.argument
import com.github.ajalt.clikt.parameters.arguments.convert
import com.github.ajalt.clikt.parameters.arguments.multiple
import com.github.ajalt.clikt.parameters.options.convert
import com.github.ajalt.clikt.parameters.options.flag
import com.github.ajalt.clikt.parameters.options.option
import java.io.PrintStream
import java.nio.file.Path
import kotlin.io.path.Path

private const val SUCCESS = 0
private const val FAILURE = 2

/** Runs the command with [arguments]; returns the exit code: 0, or 2 when at least one line on [err] says why. */
fun replay(arguments: List<String>, out: PrintStream, err: PrintStream): Int {
    val command = ReplayCommand()
    try {
        command.parse(arguments)
    } catch (e: CliktError) {
        if (e.statusCode == 0) {
            out.println(command.getFormattedHelp(e))
            out.flush()
            return SUCCESS
        }
        err.println("replay: ${e.oneLine()}; `replay --help` shows what there is")
        return FAILURE
    }
    val assetFolder = command.asset ?: builtAssetFolder()
    return try {
        val asset = EmotionAsset.open(DirectoryAssetSource(assetFolder))
        val lines = JsonLines(out, asset.manifest)
        val player = command.run { if (isWhole) WholePlayer(asset, showsFrames, lines) else GatedPlayer(asset, showsFrames, lines) }
        player.use { play(command.paths, it, out, err) }
    } catch (e: AssetException) {
        out.flush()
        err.println("replay: the asset in $assetFolder cannot be used: ${e.message}")
        FAILURE
    } catch (e: OrtException) {
        out.flush()
        err.println("replay: ONNX Runtime failed: ${e.message?.lineSequence()?.first()}")
        FAILURE
    }
}

/** Plays every file under [paths], in order; what cannot be played costs one line on [err] each. */
private fun play(paths: List<Path>, player: Player, out: PrintStream, err: PrintStream): Int {
    val problems = Problems(err)
    for (path in paths) {
        for (file in problems.orNull(path) { audioFilesUnder(path) }.orEmpty()) {
            problems.orNull(file) { player.play(file.toString(), readAudio(file)) }
            if (out.checkError()) {
                err.println("replay: the output cannot be written; is the disk full?")
                return FAILURE
            }
        }
    }
    return if (problems.areThere) FAILURE else SUCCESS
}

private fun CliktError.oneLine(): String {
    val text = (this as? UsageError)?.context?.let { formatMessage(it.localization, ParameterFormatter.Plain) } ?: message
    return text.orEmpty().lines().joinToString("; ")
}

private class ReplayCommand : CoreCliktCommand(name = "replay") {
    val isWhole: Boolean by option("--whole", help = "classify each file as one segment, without the speech gate").flag()
    val showsFrames: Boolean by option("--frames", help = "print the speech probability of each frame of 32 ms as well").flag()
    val asset: Path? by option("--asset", metavar = "DIR", help = "the emotion asset (default: the one that `make asset` builds)")
        .convert { Path(it) }
    val paths: List<Path> by argument("FILE", help = "a WAV or FLAC file, or a folder of them").convert { Path(it) }
        .multiple(required = true)

    override fun help(context: Context): String =
        "Runs recordings through the engine of the app and prints what it hears, one JSON object a line."

    // Parsing is all that this class is for: the outcome is an exit code, which a command cannot return.
    override fun run() = Unit
}
