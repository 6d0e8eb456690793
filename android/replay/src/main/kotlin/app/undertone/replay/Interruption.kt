package app.undertone.replay

import sun.misc.Signal

/** The run was ended by a signal; [exitCode] is what a shell gives for it. */
internal class InterruptedRunException(val exitCode: Int) : Exception()

/**
 * Ends the run on SIGINT and SIGTERM between two pieces of work.
 *
 * The JVM's own handler unloads ONNX Runtime while it computes, which aborts the process. Here the main thread ends its inference first
 * and closes its sessions.
 */
internal object Interruption {
    @Volatile
    private var exitCode: Int? = null

    /** Takes over both signals; to be called once, before ONNX Runtime is loaded. */
    fun handleSignals() {
        for (name in listOf("INT", "TERM")) {
            Signal.handle(Signal(name)) { signal -> exitCode = SIGNALLED + signal.number }
        }
    }

    /** @throws InterruptedRunException after a signal. */
    fun check() {
        exitCode?.let { throw InterruptedRunException(it) }
    }

    private const val SIGNALLED = 128
}
