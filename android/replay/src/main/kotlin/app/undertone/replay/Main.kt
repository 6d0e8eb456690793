package app.undertone.replay

import java.io.FileDescriptor
import java.io.FileOutputStream
import java.io.OutputStream
import java.io.PrintStream
import java.nio.file.Path
import kotlin.io.path.isDirectory
import kotlin.system.exitProcess

fun main(arguments: Array<String>) {
    // The FLAC decoder prints remarks, on valid files too: they must not come between the lines of JSON.
    System.setOut(PrintStream(OutputStream.nullOutputStream()))
    Interruption.handleSignals()
    useInstalledLibraries()
    val err = PrintStream(FileOutputStream(FileDescriptor.err), true, Charsets.UTF_8)
    val exitCode = replay(arguments.toList(), FileOutputStream(FileDescriptor.out), err)
    deleteUnpackedLibraries()
    exitProcess(exitCode)
}

/**
 * Has ONNX Runtime loaded from the folder of the installation, where there is one for this platform: from its JAR it would first unpack 23 MB
 * into the temporary folder, in each run.
 */
private fun useInstalledLibraries() {
    val jar = Path.of(Interruption::class.java.protectionDomain.codeSource.location.toURI())
    val folder = jar.resolveSibling("native").resolve(System.getProperty("os.name") + "-" + System.getProperty("os.arch"))
    if (folder.isDirectory()) System.setProperty("onnxruntime.native.path", folder.toString())
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
