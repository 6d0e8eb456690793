package app.undertone.replay

import java.io.FilterOutputStream
import java.io.IOException
import java.io.OutputStream

/** Remembers why [out] could not be written: a [java.io.PrintStream] over it tells only that. */
internal class CheckedOutput(out: OutputStream) : FilterOutputStream(out) {
    var failure: IOException? = null
        private set

    /** Whether nobody reads any longer, as after `replay ... | head`. */
    val isPipeClosed: Boolean
        get() = failure?.message.orEmpty().contains("Broken pipe", ignoreCase = true)

    override fun write(byte: Int) = watching { out.write(byte) }

    override fun write(bytes: ByteArray, offset: Int, length: Int) = watching { out.write(bytes, offset, length) }

    override fun flush() = watching { out.flush() }

    private inline fun watching(write: () -> Unit) = try {
        write()
    } catch (e: IOException) {
        failure = failure ?: e
        throw e
    }
}
