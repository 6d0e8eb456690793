package app.undertone.replay

import app.undertone.engine.AssetException
import app.undertone.engine.DirectoryAssetSource
import app.undertone.engine.EmotionAsset
import app.undertone.engine.EmotionEngine
import com.github.ajalt.clikt.core.CliktError
import com.github.ajalt.clikt.core.Context
import com.github.ajalt.clikt.core.CoreCliktCommand
import com.github.ajalt.clikt.core.UsageError
import com.github.ajalt.clikt.core.parse
import com.github.ajalt.clikt.output.ParameterFormatter
import com.github.ajalt.clikt.parameters.arguments.argument
import com.github.ajalt.clikt.parameters.arguments.convert
import com.github.ajalt.clikt.parameters.arguments.multiple
import com.github.ajalt.clikt.parameters.options.check
import com.github.ajalt.clikt.parameters.options.convert
import com.github.ajalt.clikt.parameters.options.default
import com.github.ajalt.clikt.parameters.options.flag
import com.github.ajalt.clikt.parameters.options.option
import com.github.ajalt.clikt.parameters.options.switch
import com.github.ajalt.clikt.parameters.types.double
import java.io.IOException
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
        command.soakHours?.let { return soak(command.paths, Soak(it, out) { EmotionEngine(asset) }, err) }
        val lines = if (command.isCsv) CsvLines(out, asset.manifest) else JsonLines(out, asset.manifest)
        val stopwatch = Stopwatch()
        val player = when (command.mode) {
            Mode.Whole -> WholePlayer(asset, command.showsFrames, lines)
            Mode.Realtime -> RealtimePlayer(asset, command.showsFrames, lines, stopwatch)
            Mode.Fast -> GatedPlayer(asset, command.showsFrames, lines, stopwatch)
        }
        val exitCode = player.use { play(command.paths, it, out, err) }
        command.report?.let { stopwatch.writeTo(it, asset.manifest.sampleRateHz) }
        exitCode
    } catch (e: AssetException) {
        out.flush()
        err.println("replay: the asset in $assetFolder cannot be used: ${e.message}")
        FAILURE
    } catch (e: SoakException) {
        err.println("replay: ${e.message}")
        FAILURE
    } catch (e: IOException) {
        err.println("replay: the report cannot be written: $e")
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

/** Plays all recordings under [paths] in a loop. */
private fun soak(paths: List<Path>, soak: Soak, err: PrintStream): Int {
    val problems = Problems(err)
    val loop = join(paths, problems)
    if (problems.areThere) return FAILURE
    soak.run(loop)
    return SUCCESS
}

/** All recordings under [paths], one after the other, and nothing else that a soak would hold. */
private fun join(paths: List<Path>, problems: Problems): FloatArray {
    val files = paths.flatMap { path -> problems.orNull(path) { audioFilesUnder(path) }.orEmpty() }
    val recordings = files.mapNotNull { file -> problems.orNull(file) { readAudio(file) } }
    return FloatArray(recordings.sumOf { it.size }).also { loop ->
        recordings.fold(0) { at, pcm -> pcm.copyInto(loop, at).let { at + pcm.size } }
    }
}

private fun CliktError.oneLine(): String {
    val text = (this as? UsageError)?.context?.let { formatMessage(it.localization, ParameterFormatter.Plain) } ?: message
    return text.orEmpty().lines().joinToString("; ")
}

private enum class Mode { Fast, Realtime, Whole }

private class ReplayCommand : CoreCliktCommand(name = "replay") {
    // One or the other: a whole file has no time in it.
    val mode: Mode by option(help = "hear the file at the speed of a microphone, or as one segment without the speech gate; else as fast as possible")
        .switch("--realtime" to Mode.Realtime, "--whole" to Mode.Whole).default(Mode.Fast)
    val showsFrames: Boolean by option("--frames", help = "print the speech probability of each frame of 32 ms as well").flag()
    val isCsv: Boolean by option("--csv", help = "print CSV instead of JSON lines").flag()
    val report: Path? by option("--report", metavar = "FILE", help = "write latencies, speed, gated frames and memory to FILE, as JSON")
        .convert { Path(it) }
    val soakHours: Double? by option("--soak-hours", metavar = "HOURS", help = "play the files in a loop and watch memory and the order of samples")
        .double().check("must be above 0") { it > 0 }
    val asset: Path? by option("--asset", metavar = "DIR", help = "the emotion asset (default: the one that `make asset` builds)")
        .convert { Path(it) }
    val paths: List<Path> by argument("FILE", help = "a WAV or FLAC file, or a folder of them").convert { Path(it) }
        .multiple(required = true)

    override fun help(context: Context): String =
        "Runs recordings through the engine of the app and prints what it hears, one JSON object a line."

    // Parsing is all that this class is for: the outcome is an exit code, which a command cannot return.
    override fun run() = Unit
}
