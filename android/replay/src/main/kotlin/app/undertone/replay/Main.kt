package app.undertone.replay

import java.io.BufferedOutputStream
import java.io.FileDescriptor
import java.io.FileOutputStream
import java.io.OutputStream
import java.io.PrintStream
import kotlin.system.exitProcess

fun main(arguments: Array<String>) {
    // The default stream flushes at every line and follows the locale: JSON is always UTF-8.
    val out = PrintStream(BufferedOutputStream(FileOutputStream(FileDescriptor.out), 1 shl 16), false, Charsets.UTF_8)
    // The FLAC decoder prints remarks, on valid files too: they must not come between the lines of JSON.
    System.setOut(PrintStream(OutputStream.nullOutputStream()))
    exitProcess(replay(arguments.toList(), out, System.err))
}
