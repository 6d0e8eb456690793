package app.undertone.replay

import app.undertone.engine.EmotionEngine
import app.undertone.engine.StreamOptions
import app.undertone.engine.asset.AssetException
import app.undertone.engine.asset.DirectoryAssetSource
import app.undertone.engine.asset.EmotionAsset
import app.undertone.replay.audio.readAudio
import com.github.ajalt.clikt.core.CliktError
import com.github.ajalt.clikt.core.Context
import com.github.ajalt.clikt.core.CoreCliktCommand
import com.github.ajalt.clikt.core.MultiUsageError
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
import java.io.BufferedOutputStream
import java.io.IOException
import java.io.OutputStream
import java.io.PrintStream
import java.nio.file.Files
import java.nio.file.Path
import kotlin.io.path.Path
import kotlin.io.path.isDirectory
import kotlin.io.path.isWritable

private const val SUCCESS = 0
private const val FAILURE = 2
private const val PIPE_CLOSED = 141 // 128 and SIGPIPE
private const val OTHER_FOLDER = "JAVA_OPTS=-Djava.io.tmpdir=DIR names another"

/**
 * Runs the command with [arguments]; returns the exit code: 0, 2 when at least one line on [err] says why, 141 when nobody reads [out] any
 * longer, as a shell has it, and 128 and the signal's number after one.
 */
fun replay(arguments: List<String>, out: OutputStream, err: PrintStream): Int {
    val command = ReplayCommand()
    val checked = CheckedOutput(out)
    // Not by lines, and not by the locale: JSON is always UTF-8.
    val lines = PrintStream(BufferedOutputStream(checked, 1 shl 16), false, Charsets.UTF_8)
    val exitCode = try {
        command.parse(arguments)
        run(command, lines, err)
    } catch (e: CliktError) {
        if (e.statusCode == 0) {
            lines.println(command.getFormattedHelp(e))
            SUCCESS
        } else {
            err.println("replay: ${e.oneLine(arguments)}; `replay --help` shows what there is")
            FAILURE
        }
    } catch (_: OutputClosedException) {
        FAILURE // which kind of it, is said below
    } catch (e: InterruptedRunException) {
        e.exitCode
    }
    lines.flush()
    val failure = checked.failure ?: return exitCode
    if (checked.isPipeClosed) return PIPE_CLOSED
    err.println("replay: the output cannot be written: ${reasonOf(failure)}")
    return FAILURE
}

/** Nothing more can be written. */
private class OutputClosedException : Exception()

private fun run(command: ReplayCommand, out: PrintStream, err: PrintStream): Int {
    val temporaryFolder = Path(System.getProperty("java.io.tmpdir"))
    if (!temporaryFolder.isDirectory() || !temporaryFolder.isWritable()) {
        err.println("replay: the temporary folder $temporaryFolder is missing or cannot be written; $OTHER_FOLDER")
        return FAILURE
    }
    val assetFolder = command.asset ?: builtAssetFolder()
    val stopwatch = Stopwatch()
    return try {
        val asset = EmotionAsset.open(DirectoryAssetSource(assetFolder))
        val options = StreamOptions(adaptsToSession = !command.leavesSession)
        command.soakHours?.let { return soak(command.paths, Soak(it, out) { EmotionEngine(asset).also { engine -> engine.options = options } }, err) }
        val lines = if (command.isCsv) CsvLines(out, asset.manifest) else JsonLines(out, asset.manifest)
        val player = when (command.mode) {
            Mode.Whole -> WholePlayer(asset, command.showsFrames, lines)
            Mode.Realtime -> RealtimePlayer(asset, options, command.showsFrames, lines, stopwatch)
            Mode.Fast -> GatedPlayer(asset, options, command.showsFrames, lines, stopwatch)
        }
        stopwatch.onLoaded()
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
    } catch (e: LinkageError) {
        val reason = generateSequence<Throwable>(e) { it.cause }.last().message.orEmpty().lines().first()
        err.println("replay: ONNX Runtime cannot be loaded from the temporary folder $temporaryFolder ($reason); $OTHER_FOLDER")
        FAILURE
    } catch (e: IOException) {
        err.println("replay: the report cannot be written: ${reasonOf(e)}: ${command.report}")
        FAILURE
    }
}

/** Plays every file under [paths], in order; what cannot be played costs one line on [err] each. */
private fun play(paths: List<Path>, player: Player, out: PrintStream, err: PrintStream): Int {
    val problems = Problems(err)
    for (path in paths) {
        for (file in audioFilesUnder(path, problems)) {
            Interruption.check()
            problems.orNull(file) { player.play(file.reversibleName(), readAudio(file)) }
            if (out.checkError()) throw OutputClosedException()
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
    val files = paths.flatMap { path -> audioFilesUnder(path, problems) }
    val recordings = files.mapNotNull { file -> problems.orNull(file) { readAudio(file) } }
    return FloatArray(recordings.sumOf { it.size }).also { loop ->
        recordings.fold(0) { at, pcm -> pcm.copyInto(loop, at).let { at + pcm.size } }
    }
}

private fun CliktError.oneLine(arguments: List<String>): String {
    arguments.firstOrNull { it.startsWith("-") && it.length > 1 && Files.exists(Path(it)) }
        ?.let { return "$it is taken for an option; the file of that name is ./$it" }
    // Of `-abc` each letter that is no option is an error of its own.
    val first = if (this is MultiUsageError) errors.first() else this
    val context = (this as? UsageError)?.context ?: (first as? UsageError)?.context
    val text = if (first is UsageError && context != null) first.formatMessage(context.localization, ParameterFormatter.Plain) else first.message
    return text.orEmpty().ifEmpty { "no such option ${(first as? UsageError)?.paramName}" }.lines().joinToString("; ")
}

private enum class Mode { Fast, Realtime, Whole }

private class ReplayCommand : CoreCliktCommand(name = "replay") {
    // One or the other: a whole file has no time in it.
    val mode: Mode by option(help = "hear the file at the speed of a microphone, or as one segment without the speech gate; else as fast as possible")
        .switch("--realtime" to Mode.Realtime, "--whole" to Mode.Whole).default(Mode.Fast)
    val showsFrames: Boolean by option("--frames", help = "print the speech probability of each frame of 32 ms as well").flag()
    val leavesSession: Boolean by option(
        "--no-session-adaptation",
        help = "leave what all results of a file have in common where it is; --whole always does, and so do assets that ask for nothing else",
    ).flag()
    val isCsv: Boolean by option("--csv", help = "print CSV instead of JSON lines").flag()
    val report: Path? by option("--report", metavar = "FILE", help = "write load time, latencies, speed, cost of the gate, memory to FILE, as JSON")
        .convert { Path(it) }
    val soakHours: Double? by option("--soak-hours", metavar = "HOURS", help = "play the files in a loop and watch memory and the order of samples")
        .double().check("must be above 0") { it > 0 }
    val asset: Path? by option("--asset", metavar = "DIR", help = "the emotion asset (default: the one that `make asset` builds)")
        .convert { Path(it) }
    val paths: List<Path> by argument("FILE", help = "a WAV, FLAC, MP3, Ogg, AIFF, AU, CAF or SPH file, a folder of them, or a pipe like /dev/stdin")
        .convert { if (it.isEmpty()) fail("an empty name is no file or folder") else Path(it) }
        .multiple(required = true)

    override fun help(context: Context): String =
        "Runs recordings through the engine of the app and prints what it hears, one JSON object a line."

    // Parsing is all that this class is for: the outcome is an exit code, which a command cannot return.
    override fun run() = Unit
}
