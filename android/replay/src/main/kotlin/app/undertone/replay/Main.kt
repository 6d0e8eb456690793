package app.undertone.replay

import java.io.FileDescriptor
import java.io.FileOutputStream
import java.io.OutputStream
import java.io.PrintStream
import java.nio.file.Path
import kotlin.system.exitProcess

fun main(arguments: Array<String>) {
    // The FLAC decoder prints remarks, on valid files too: they must not come between the lines of JSON.
    System.setOut(PrintStream(OutputStream.nullOutputStream()))
    Interruption.handleSignals()
    val err = PrintStream(FileOutputStream(FileDescriptor.err), true, Charsets.UTF_8)
    val exitCode = replay(arguments.toList(), FileOutputStream(FileDescriptor.out), err)
    deleteUnpackedLibraries()
    exitProcess(exitCode)
}

/**
 * Deletes the folder into which ONNX Runtime unpacked itself: it deletes the files at exit, but tries the folder before them, and leaves it.
 * Nothing public names that folder. Where the system does not delete what is in use, it stays.
 */
private fun deleteUnpackedLibraries() {
    try {
        val field = Class.forName("ai.onnxruntime.OnnxRuntime").getDeclaredField("tempDirectory").apply { isAccessible = true }
        (field.get(null) as Path?)?.toFile()?.deleteRecursively()
    } catch (_: ReflectiveOperationException) {
        // Another release of ONNX Runtime, which may do better.
    } catch (_: LinkageError) {
        // It could not be loaded: there is nothing of it.
    }
}
