package app.undertone.replay

import java.nio.file.Path
import kotlin.io.path.exists
import kotlin.io.path.useLines

/** What the process holds: [heapBytes] of Java objects, and [residentBytes] in all, ONNX Runtime's included; null but on Linux. */
internal data class Memory(val heapBytes: Long, val residentBytes: Long?) {
    /** The most that is known. */
    val heldBytes: Long get() = residentBytes ?: heapBytes

    companion object {
        private val status = Path.of("/proc/self/status")

        fun now() = Memory(
            heapBytes = Runtime.getRuntime().run { totalMemory() - freeMemory() },
            residentBytes = if (status.exists()) status.useLines { lines -> residentBytes(lines) } else null,
        )

        private fun residentBytes(lines: Sequence<String>): Long? =
            lines.firstOrNull { it.startsWith("VmRSS:") }?.filter { it.isDigit() }?.toLong()?.times(1024)
    }
}
